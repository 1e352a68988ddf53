"""Addresses of the mirror: the files of publications, and the office's pages about cities."""

from django.urls import path

from twin.mirror import office
from twin.mirror.serving import map_tile, publication_file

app_name = "mirror"
urlpatterns = [
    path("tiles/<uuid:publication>/map/<int:z>/<int:x>/<int:y>.mvt", map_tile, name="map_tile"),
    path("tiles/<uuid:publication>/<path:path>", publication_file, name="publication_file"),
    path("office/cities/", office.cities, name="cities"),
    path("office/cities/<slug:slug>/imports/", office.imports, name="imports"),
    path("office/cities/<slug:slug>/imports/<uuid:import_id>/", office.report, name="report"),
]
