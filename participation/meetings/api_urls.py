"""Addresses of the API of meetings."""

from django.urls import path

from participation.meetings import api

urlpatterns = [
    path("meetings/", api.MeetingsView.as_view(), name="api-meetings"),
    path("meetings/<uuid:pk>/", api.MeetingView.as_view(), name="api-meeting"),
    path("meetings/<uuid:pk>/here/", api.AttendanceView.as_view(), name="api-meeting-here"),
    path("meetings/<uuid:pk>/messages/", api.MessagesView.as_view(), name="api-meeting-messages"),
    path("meetings/<uuid:pk>/speeches/", api.SpeechesView.as_view(), name="api-meeting-speeches"),
    path("meetings/<uuid:pk>/speeches/<uuid:speech>/", api.SpeechView.as_view(), name="api-meeting-speech"),
    path("meetings/<uuid:pk>/votes/", api.VotesView.as_view(), name="api-meeting-votes"),
    path("meetings/<uuid:pk>/acts/", api.ActsView.as_view(), name="api-meeting-acts"),
    path("meetings/<uuid:pk>/minutes/", api.MinutesView.as_view(), name="api-meeting-minutes"),
]
