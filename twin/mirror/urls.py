"""Addresses of the mirror: the files of publications, and the office's pages about cities."""

from django.urls import path

from twin.mirror import office
from twin.mirror.deliveries import pages
from twin.mirror.serving import map_tile, publication_file

app_name = "mirror"
_import = "office/cities/<slug:slug>/imports/<uuid:import_id>/"
urlpatterns = [
    path("tiles/<uuid:publication>/map/<int:z>/<int:x>/<int:y>.mvt", map_tile, name="map_tile"),
    path("tiles/<uuid:publication>/<path:path>", publication_file, name="publication_file"),
    path("office/cities/", office.cities, name="cities"),
    path("office/deliveries/new/", pages.hand_in, name="hand_in"),
    path("office/deliveries/<uuid:pk>/", pages.delivery, name="delivery"),
    path("office/deliveries/<uuid:pk>/start/", pages.start, name="delivery_start"),
    path("office/deliveries/<uuid:pk>/cancel/", pages.cancel, name="delivery_cancel"),
    path("office/cities/<slug:slug>/imports/", office.imports, name="imports"),
    path(_import, office.report, name="report"),
    path(f"{_import}report.json", office.report_file, {"ending": "json"}, name="report_json"),
    path(f"{_import}report.csv", office.report_file, {"ending": "csv"}, name="report_csv"),
    path(f"{_import}publish/", office.publish, name="publish"),
    path(f"{_import}discard/", office.discard, name="discard"),
    path("office/cities/<slug:slug>/publications/<uuid:publication_id>/roll-back/", office.roll_back, name="roll_back"),
]
