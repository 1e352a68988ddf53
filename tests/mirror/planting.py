"""Nothing of the twin is planted here: who sees a closed city is tested in this room. See `tests/visibility.py`."""

from collections.abc import Iterator

from tests.factories.town import house
from tests.visibility import Planted, Stage, plant
from twin.mirror.models import CityImport


@plant
def the_town(stage: Stage) -> Iterator[Planted]:
    slug, publication = stage.city.slug, stage.city.publication_id
    building = house(stage.city, 1).pk
    stage.visit("mirror:map_tile", publication=publication, z=14, x=13970, y=6345)
    stage.visit("mirror:publication_file", publication=publication, path="tileset.json")
    stage.visit("mirror:imports", slug=slug)
    stage.visit("mirror:report", slug=slug, import_id=CityImport.objects.latest("started_at").pk)
    for route in ("city", "city_search", "city_places"):
        stage.visit(route, slug=slug)
    stage.visit("city_object", slug=slug, object_id=building)
    stage.visit("worlds:place", pk=building)
    stage.visit("events", room=stage.city.room)
    yield from ()
