"""Addresses of the API of moderation."""

from django.urls import path

from participation.moderation import api

urlpatterns = [
    path("rules/", api.RulesView.as_view(), name="api-rules"),
    path("reports/", api.ReportsView.as_view(), name="api-reports"),
    path("decisions/", api.OwnDecisionsView.as_view(), name="api-decisions"),
    path("decisions/<uuid:pk>/appeal/", api.OwnAppealView.as_view(), name="api-decision-appeal"),
    path("moderation/cases/", api.CasesView.as_view(), name="api-cases"),
    path("moderation/cases/<uuid:pk>/", api.CaseView.as_view(), name="api-case"),
    path("moderation/cases/<uuid:pk>/claim/", api.ClaimView.as_view(), name="api-case-claim"),
    path("moderation/appeals/", api.AppealsView.as_view(), name="api-appeals"),
    path("moderation/appeals/<uuid:pk>/", api.AppealView.as_view(), name="api-appeal"),
]
