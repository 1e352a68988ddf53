"""Addresses of the API of votes."""

from django.urls import path

from participation.voting import api

urlpatterns = [
    path("votes/", api.PollsView.as_view(), name="api-votes"),
    path("votes/<uuid:pk>/", api.PollView.as_view(), name="api-vote"),
    path("votes/<uuid:pk>/standing/", api.StandingView.as_view(), name="api-vote-standing"),
    path("votes/<uuid:pk>/ballot/", api.BallotView.as_view(), name="api-vote-ballot"),
    path("votes/<uuid:pk>/receipt/", api.ReceiptView.as_view(), name="api-vote-receipt"),
    path("votes/<uuid:pk>/board/", api.BoardView.as_view(), name="api-vote-board"),
    path("office/votes/", api.OfficePollsView.as_view(), name="api-office-votes"),
    path("office/votes/<uuid:pk>/", api.OfficePollView.as_view(), name="api-office-vote"),
    path("office/votes/<uuid:pk>/check/", api.OfficeCheckView.as_view(), name="api-office-vote-check"),
    path("office/votes/<uuid:pk>/<slug:act>/", api.OfficeActView.as_view(), name="api-office-vote-act"),
]
