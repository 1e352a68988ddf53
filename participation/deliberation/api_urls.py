"""Addresses of the API of comments."""

from django.urls import path

from participation.deliberation import api

urlpatterns = [
    path("proposals/<uuid:pk>/comments/", api.CommentsView.as_view(), name="api-comments"),
    path("proposals/<uuid:pk>/comments/<uuid:comment>/", api.CommentView.as_view(), name="api-comment"),
]
