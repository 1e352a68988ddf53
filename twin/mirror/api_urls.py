"""The API of cities."""

from django.urls import path

from twin.mirror.api import CitiesView, CityView, ObjectView, PlacesView, SearchView

urlpatterns = [
    path("cities/", CitiesView.as_view(), name="cities"),
    path("cities/<slug:slug>/", CityView.as_view(), name="city"),
    path("cities/<slug:slug>/objects/<uuid:object_id>/", ObjectView.as_view(), name="city_object"),
    path("cities/<slug:slug>/search/", SearchView.as_view(), name="city_search"),
    path("cities/<slug:slug>/places/", PlacesView.as_view(), name="city_places"),
]
