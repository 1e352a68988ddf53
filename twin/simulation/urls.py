from django.urls import path

from twin.simulation import views

app_name = "simulation"

urlpatterns = [
    path("runs/<uuid:pk>/<slug:name>.png", views.picture, name="picture"),
    path("runs/<uuid:pk>/cancel/", views.cancel, name="cancel"),
]
