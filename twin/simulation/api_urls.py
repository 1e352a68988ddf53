from django.urls import path

from twin.simulation import api

urlpatterns = [
    path("runs/<uuid:pk>/", api.run_detail, name="run"),
    path("runs/<uuid:pk>/cancel/", api.run_cancel, name="run-cancel"),
]
