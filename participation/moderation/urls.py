"""Pages of moderation: for everybody, for the persons concerned under `/me/`, for moderators under `/office/`."""

from django.urls import path

from participation.moderation.views import office, own, reporting, rules

app_name = "moderation"

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("report/<slug:kind>/<uuid:pk>/", reporting.report, name="report"),
    path("me/moderation/", own.mine, name="mine"),
    path("me/moderation/<uuid:pk>/", own.decision, name="decision"),
    path("office/moderation/", office.queue, name="queue"),
    path("office/moderation/hidden/", office.hidden, name="hidden"),
    path("office/moderation/appeals/", office.appeals, name="appeals"),
    path("office/moderation/appeals/<uuid:pk>/", office.appeal, name="appeal"),
    path("office/moderation/<uuid:pk>/", office.case, name="case"),
    path("office/moderation/<uuid:pk>/claim/", office.claim, name="claim"),
    path("office/moderation/<uuid:pk>/release/", office.release, name="release"),
]
