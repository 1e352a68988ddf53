"""Pages of moderation."""

from django.urls import path

from participation.moderation.views import reporting

app_name = "moderation"

urlpatterns = [
    path("report/<slug:kind>/<uuid:pk>/", reporting.report, name="report"),
]
