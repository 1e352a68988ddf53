"""Addresses of the API of proposals."""

from django.urls import path

from participation.proposals import api
from participation.proposals.office import api as office

urlpatterns = [
    path("proposals/", api.ProposalsView.as_view(), name="api-proposals"),
    path("proposals/<uuid:pk>/", api.ProposalView.as_view(), name="api-proposal"),
    path("proposals/<uuid:pk>/support/", api.SupportView.as_view(), name="api-proposal-support"),
    path("photos/", api.PhotosView.as_view(), name="api-photos"),
    path("office/proposals/", office.OfficeProposalsView.as_view(), name="api-office-proposals"),
    path("office/proposals/<uuid:pk>/", office.OfficeProposalView.as_view(), name="api-office-proposal"),
    *(
        path(f"office/proposals/<uuid:pk>/{name}/", office.act_view(name), name=f"api-office-{name}")
        for name in office.SHAPES
    ),
    path("cities/<slug:slug>/pins/", api.PinsView.as_view(), name="api-pins"),
]
