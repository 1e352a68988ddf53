"""Addresses of the API of proposals."""

from django.urls import path

from participation.proposals import api

urlpatterns = [
    path("proposals/", api.ProposalsView.as_view(), name="api-proposals"),
    path("proposals/<uuid:pk>/", api.ProposalView.as_view(), name="api-proposal"),
    path("proposals/<uuid:pk>/support/", api.SupportView.as_view(), name="api-proposal-support"),
    path("photos/", api.PhotosView.as_view(), name="api-photos"),
    path("cities/<slug:slug>/pins/", api.PinsView.as_view(), name="api-pins"),
]
