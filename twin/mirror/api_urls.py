"""The API of cities."""

from django.urls import path

from metacity.commons.uploads import accepts_large_files
from twin.mirror.access import HANDLERS
from twin.mirror.api import CitiesView, CityView, ObjectView, PlacesView, SearchView
from twin.mirror.deliveries import api as office

_hand_in = accepts_large_files(*HANDLERS)(office.DeliveriesView.as_view())
_delivery, _city = "office/deliveries/<uuid:pk>/", "office/cities/<slug:slug>/"
_import, _publication = f"{_city}imports/<uuid:import_id>/", f"{_city}publications/<uuid:publication_id>/"
urlpatterns = [
    path("cities/", CitiesView.as_view(), name="cities"),
    path("cities/<slug:slug>/", CityView.as_view(), name="city"),
    path("cities/<slug:slug>/objects/<uuid:object_id>/", ObjectView.as_view(), name="city_object"),
    path("cities/<slug:slug>/search/", SearchView.as_view(), name="city_search"),
    path("cities/<slug:slug>/places/", PlacesView.as_view(), name="city_places"),
    path("office/deliveries/", _hand_in, name="office_deliveries"),
    path(_delivery, office.DeliveryView.as_view(), name="office_delivery"),
    path(f"{_delivery}start/", office.DeliveryStartView.as_view(), name="office_delivery_start"),
    path(f"{_delivery}cancel/", office.DeliveryCancelView.as_view(), name="office_delivery_cancel"),
    path(f"{_city}imports/", office.ImportsView.as_view(), name="office_imports"),
    path(_import, office.ImportView.as_view(), name="office_import"),
    path(f"{_import}publish/", office.ImportPublishView.as_view(), name="office_import_publish"),
    path(f"{_import}discard/", office.ImportDiscardView.as_view(), name="office_import_discard"),
    path(f"{_city}publications/", office.PublicationsView.as_view(), name="office_publications"),
    path(f"{_publication}roll-back/", office.RollBackView.as_view(), name="office_roll_back"),
]
