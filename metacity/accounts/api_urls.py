"""API of people."""

from django.urls import path

from metacity.accounts import api

urlpatterns = [path("me/", api.me, name="api-me")]
