"""Cities, people and processes for tests of participation."""

import datetime as dt
import itertools
from typing import Any

import numpy as np
import shapely
from django.utils import timezone

from metacity.accounts.models import User
from participation.processes.kinds import Act, Level, PhaseKind
from participation.processes.models import Phase, Process
from participation.processes.services import open_process
from tests.factories.accounts import person
from twin.mirror.cells import cell_numbers
from twin.mirror.features import Kind
from twin.mirror.models import City, CityImport, CityObject, CityObjectVersion, Publication, searchable

DAY = dt.timedelta(days=1)
_numbers = itertools.count(1)


def a_person(*, identified: bool = True, **fields: Any) -> User:
    """Somebody who agreed to everything required, and whose identity is known unless told otherwise."""
    return person(identified=identified, **fields)


def a_city(
    slug: str = "",
    *,
    is_default: bool = True,
    reach_m: float = 500.0,
    origin: tuple[float, float] = (127.0, 37.5),
) -> City:
    """A published city that reaches `reach_m` to each side of its origin (lon, lat), with nothing in it yet."""
    slug = slug or f"city-{next(_numbers)}"
    is_default = is_default and not City.objects.filter(is_default=True).exists()
    city = City.objects.create(
        slug=slug,
        name="가온구",
        name_en="Gaon-gu",
        epsg=5186,
        origin_lon=origin[0],
        origin_lat=origin[1],
        is_default=is_default,
    )
    manifest = {"bounds": {"min": [-reach_m, -reach_m, 0.0], "max": [reach_m, reach_m, 60.0]}}
    city.publication = Publication.objects.create(
        city=city, number=1, state=Publication.State.CURRENT, manifest=manifest, published_at=timezone.now()
    )
    city.save()
    return city


def a_building(
    city: City,
    name: str,
    *,
    e: float = 0.0,
    n: float = 0.0,
    size_m: float = 20.0,
    use: str = "",
    kind: Kind = Kind.BUILDING,
) -> CityObject:
    """A square building around a point, ten metres high, or a square of another kind; search finds it by its name."""
    number = next(_numbers)
    imported = CityImport.objects.create(
        city=city, source="test", file_name="test.json", file_sha256="0" * 64, format="test", epsg=5186, state="done"
    )
    thing = CityObject.objects.create(city=city, source="test", source_id=str(number), kind=kind, name=name)
    half = size_m / 2
    outline = [(e - half, n - half), (e + half, n - half), (e + half, n + half), (e - half, n + half)]
    roof = shapely.Polygon([(x, y, 10.0) for x, y in outline])
    CityObjectVersion.objects.create(
        object=thing,
        city=city,
        city_import=imported,
        kind=kind,
        lod="1",
        geometry=shapely.to_wkb(shapely.MultiPolygon([roof])),
        min_e=e - half,
        min_n=n - half,
        min_z=0.0,
        max_e=e + half,
        max_n=n + half,
        max_z=10.0,
        cell=int(cell_numbers(np.array([[e - half, n - half, e + half, n + half]]))[0]),
        attributes={"use": use} if use else {},
        search_text=searchable(name),
        digest="0" * 32,
        published_from=1,
    )
    return thing


def a_phase(kind: PhaseKind = PhaseKind.COLLECTION, *, start: int = -10, end: int = 20, **fields: Any) -> Phase:
    """An unsaved phase from `start` to `end` days after the present moment, in which one may propose and support."""
    now = timezone.now().replace(second=0, microsecond=0)  # so that phases made one after another can touch
    told = {"allows": [Act.PROPOSE, Act.SUPPORT], "min_level": Level.IDENTIFIED, **fields}
    return Phase(kind=kind, opens_at=now + start * DAY, closes_at=now + end * DAY, **told)


def a_process(city: City | None = None, phases: list[Phase] | None = None, **fields: Any) -> Process:
    number = next(_numbers)
    told = {"slug": f"process-{number}", "title": f"참여 사업 {number}", "summary": "동네를 함께 고칩니다.", **fields}
    return open_process(city=city or a_city(), by=None, phases=phases if phases is not None else [a_phase()], **told)
