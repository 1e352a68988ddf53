"""Pages of discussions."""

from django.urls import path

from participation.deliberation import views

app_name = "deliberation"

urlpatterns = [
    path("proposals/<uuid:pk>/comments/", views.comments, name="comments"),
    path("proposals/<uuid:pk>/comments/<uuid:comment>/", views.thread, name="thread"),
    path("proposals/<uuid:pk>/comments/<uuid:comment>/edit/", views.edit, name="edit"),
    path("proposals/<uuid:pk>/comments/<uuid:comment>/withdraw/", views.withdraw, name="withdraw"),
    path("comments/mine/", views.mine, name="mine"),
]
