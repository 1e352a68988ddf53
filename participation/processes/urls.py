"""Pages of processes."""

from django.urls import path

from participation.processes import views

app_name = "processes"

urlpatterns = [
    path("processes/", views.process_list, name="list"),
    path("processes/<slug:slug>/", views.process_detail, name="detail"),
]
