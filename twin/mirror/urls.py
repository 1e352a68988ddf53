"""Addresses of the mirror: the files of publications."""

from django.urls import path

from twin.mirror.serving import map_tile, publication_file

app_name = "mirror"
urlpatterns = [
    path("tiles/<uuid:publication>/map/<int:z>/<int:x>/<int:y>.mvt", map_tile, name="map_tile"),
    path("tiles/<uuid:publication>/<path:path>", publication_file, name="publication_file"),
]
