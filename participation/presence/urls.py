"""Pages of presence."""

from django.urls import path

from participation.presence import views

app_name = "presence"

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/look/", views.look, name="look"),
]
