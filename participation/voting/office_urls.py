"""The office's pages of votes, for all its cities."""

from django.urls import path

from participation.voting.views import office

app_name = "voting_office"

urlpatterns = [
    path("", office.poll_list, name="list"),
    path("new/", office.new, name="new"),
    path("<uuid:pk>/", office.manage, name="manage"),
    path("<uuid:pk>/edit/", office.edit, name="edit"),
    path("<uuid:pk>/<slug:name>/", office.act, name="act"),
]
