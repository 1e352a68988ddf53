"""Pages of presence."""

from django.urls import path

from participation.presence import office, views

app_name = "presence"

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/look/", views.look, name="look"),
    path("office/people/", office.removals, name="removals"),
    path("office/people/<uuid:pk>/lift/", office.lift, name="lift"),
]
