"""Pages of worlds: the first page and the ways into the city."""

from django.urls import path

from participation.worlds import views

app_name = "worlds"

urlpatterns = [
    path("", views.home, name="home"),
    path("city/", views.city_page, name="city"),
    path("map/", views.map_page, name="map"),
    path("places/", views.place_list, name="places"),
    path("places/<uuid:pk>/", views.place_detail, name="place"),
]
