"""What the office alone sees of the twin: deliveries, and what is not published yet. See `tests/visibility.py`.

Who sees a closed city is tested in this room.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import timezone

from tests.factories.mirror import a_small_city
from tests.factories.town import house
from tests.visibility import COMMON, Planted, Stage, plant, secret
from twin.mirror.deliveries.models import Delivery
from twin.mirror.models import CityImport, CityObject, Security
from twin.mirror.services import Order, prepare_import


@plant
def the_town(stage: Stage) -> Iterator[Planted]:
    slug, publication = stage.city.slug, stage.city.publication_id
    building = house(stage.city, 1).pk
    stage.visit("mirror:map_tile", publication=publication, z=14, x=13970, y=6345)
    stage.visit("mirror:publication_file", publication=publication, path="tileset.json")
    imported = CityImport.objects.latest("started_at").pk
    stage.visit("mirror:imports", slug=slug)
    for route in ("mirror:report", "mirror:report_json", "mirror:report_csv", "mirror:publish", "mirror:discard"):
        stage.visit(route, slug=slug, import_id=imported)
    stage.visit("mirror:roll_back", slug=slug, publication_id=publication)
    stage.visit("office_imports", slug=slug)
    for route in ("office_import", "office_import_publish", "office_import_discard"):
        stage.visit(route, slug=slug, import_id=imported)
    stage.visit("office_publications", slug=slug)
    stage.visit("office_roll_back", slug=slug, publication_id=publication)
    for route in ("city", "city_search", "city_places"):
        stage.visit(route, slug=slug)
    stage.visit("city_object", slug=slug, object_id=building)
    stage.visit("worlds:place", pk=building)
    stage.visit("events", room=stage.city.room)
    yield from ()


@plant
def a_delivery_that_failed(stage: Stage) -> Iterator[Planted]:
    """Whose data the office is trying to take in is nobody else's business."""
    delivery = Delivery.objects.create(
        slug=stage.city.slug, source=secret("deliverysource"), security=Security.RESTRICTED, size_bytes=1,
        file_name=f"{COMMON} {secret('delivery')}.json", state=Delivery.State.FAILED, finished_at=timezone.now(),
    )  # fmt: skip
    for route in ("mirror:delivery_start", "mirror:delivery_cancel", "office_delivery_start", "office_delivery_cancel"):
        stage.visit(route, pk=delivery.pk)
    stage.visit("events", room=delivery.room)
    at = [("mirror:delivery", {"pk": delivery.pk}), ("office_delivery", {"pk": delivery.pk})]
    yield Planted("delivery", {"official", "approver", "operator"}, at=at)


@plant
def an_import_that_is_ready(stage: Stage) -> Iterator[Planted]:
    """A city that nothing was published in yet, with a report that names its objects."""
    with TemporaryDirectory() as folder:
        file = a_small_city(hall={"name": f"{COMMON} {secret('readyhall')}"}).write(Path(folder) / "ready.city.json")
        ready = prepare_import(order=Order(path=file, slug="ready", name=f"{COMMON} {secret('readycity')}"))
    hall = CityObject.objects.get(city=ready.city, source_id="hall").pk
    stage.visit("city_object", slug="ready", object_id=hall)
    stage.visit("mirror:publication_file", publication=ready.publication_id, path="labels.json")
    for route in ("city", "city_search", "city_places", "mirror:imports"):
        stage.visit(route, slug="ready")
    for route in ("mirror:publish", "mirror:discard", "office_import_publish", "office_import_discard"):
        stage.visit(route, slug="ready", import_id=ready.pk)
    at = [("mirror:report", {"slug": "ready", "import_id": ready.pk})]
    yield Planted("readycity", {"official", "approver", "operator"}, at=at)
    yield Planted("readyhall", {"official", "approver", "operator"})
