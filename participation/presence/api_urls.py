"""Addresses of the API of presence."""

from django.urls import path

from participation.presence import api

urlpatterns = [
    path("cities/<slug:slug>/people/", api.PeopleView.as_view(), name="api-people"),
    path("presence/look/", api.LookView.as_view(), name="api-look"),
]
