"""The API of the ground: events to catch up with."""

from django.urls import path

from metacity.commons.api_views import ReplayView

urlpatterns = [
    path("events/<str:room>/", ReplayView.as_view(), name="events"),
]
