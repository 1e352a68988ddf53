"""Addresses of the API of processes."""

from django.urls import path

from participation.processes import api

urlpatterns = [
    path("processes/", api.ProcessesView.as_view(), name="api-processes"),
    path("processes/<slug:slug>/", api.ProcessView.as_view(), name="api-process"),
]
