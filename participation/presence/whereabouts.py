"""Who is in the city now and where in words, read from what the processes that hold people wrote a moment ago."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import orjson
from django.conf import settings
from django.db.models import Q
from redis import Redis
from redis.exceptions import RedisError

from metacity.accounts.roles import Role
from metacity.commons.i18n import is_english
from participation.presence.exchange import Row, people_key, processes_key
from twin.mirror.features import Kind
from twin.mirror.models import City, CityObjectVersion, Publication

# Near what is well known, as people say where they are.
KNOWN_USES = ("public", "station", "school", "park", "library", "market", "hospital", "culture", "university", "police")
MOST_LANDMARKS = 500
NEAR_M = 300.0
MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Landmark:
    id: uuid.UUID
    name: str
    name_en: str
    e: float
    n: float

    @property
    def shown_name(self) -> str:
        return self.name_en if is_english() else self.name


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who chose to show a name."""

    name: str
    badge: str

    @property
    def badge_label(self) -> str:
        return str(Role(self.badge).label) if self.badge else ""


@dataclass(slots=True)
class Spot:
    """People near one landmark; `landmark` is `None` for those near nothing well known. Metres, in their middle."""

    landmark: Landmark | None
    e: float
    n: float
    count: int
    named: list[Named]

    @property
    def unnamed(self) -> int:
        return self.count - len(self.named)

    @property
    def shown(self) -> list[Named]:
        return self.named[:MOST_NAMES]

    @property
    def place(self) -> str:
        return self.landmark.shown_name if self.landmark else ""

    @property
    def view(self) -> str:
        """The query string that leads there in the 3D city and on the map."""
        return f"e={self.e:.1f}&n={self.n:.1f}&d=180"


@dataclass(slots=True)
class Company:
    """Everybody who can be seen. `is_known` is False while nobody can tell."""

    total: int = 0
    spots: list[Spot] = field(default_factory=list)
    # Who looks at a list or a map and stands nowhere.
    elsewhere: int = 0
    named_elsewhere: list[Named] = field(default_factory=list)
    is_known: bool = True

    @property
    def shown_elsewhere(self) -> list[Named]:
        return self.named_elsewhere[:MOST_NAMES]

    @property
    def unnamed_elsewhere(self) -> int:
        return self.elsewhere - len(self.named_elsewhere)


def company_in(city: City) -> Company:
    """At most one query: for the landmarks, once for each publication and process."""
    try:
        rows = _rows(city.slug)
    except RedisError:
        return Company(is_known=False)
    placed = [row for row in rows if row[3] is not None]
    apart = [row for row in rows if row[3] is None]
    return Company(len(rows), _spots(city, placed), len(apart), _named(apart))


def _rows(world: str) -> list[Row]:
    """Everybody once, however many processes they are in."""
    with Redis.from_url(settings.PRESENCE_REDIS_URL, decode_responses=True, socket_timeout=2) as redis:
        processes = [str(process) for process in redis.smembers(processes_key(world))]
        told = redis.mget([people_key(world, process) for process in processes]) if processes else []
    once: dict[int, Row] = {}
    for row in (row for people in told if people for row in orjson.loads(people)):
        if row[0] not in once or once[row[0]][3] is None:
            once[row[0]] = row
    return list(once.values())


def _spots(city: City, rows: list[Row]) -> list[Spot]:
    """Those with most people first."""
    if not rows:
        return []
    landmarks = landmarks_of(city.publication)
    groups: dict[int, list[Row]] = {}
    for row, nearest in zip(rows, _nearest(landmarks, rows), strict=True):
        groups.setdefault(nearest, []).append(row)
    spots = [
        Spot(landmarks[nearest] if nearest >= 0 else None, *_middle(there), len(there), _named(there))
        for nearest, there in groups.items()
    ]
    return sorted(spots, key=lambda spot: (spot.landmark is None, -spot.count, spot.place))


def _nearest(landmarks: tuple[Landmark, ...], rows: list[Row]) -> list[int]:
    """For each row the index of the nearest landmark; -1 where none is near."""
    if not landmarks:
        return [-1] * len(rows)
    here = np.array([[row[3] / 100, row[4] / 100] for row in rows])
    known = np.array([[landmark.e, landmark.n] for landmark in landmarks])
    away = np.hypot(*(here[:, None, :] - known[None, :, :]).transpose(2, 0, 1))
    return [int(best) if away[index, best] <= NEAR_M else -1 for index, best in enumerate(away.argmin(axis=1))]


def _middle(rows: list[Row]) -> tuple[float, float]:
    return sum(row[3] for row in rows) / len(rows) / 100, sum(row[4] for row in rows) / len(rows) / 100


def _named(rows: Iterable[Row]) -> list[Named]:
    """Those with a badge first, then by name."""
    named = [Named(row[1], row[2]) for row in rows if row[1]]
    return sorted(named, key=lambda one: (not one.badge, one.name))


@lru_cache(maxsize=16)
def landmarks_of(publication: Publication | None) -> tuple[Landmark, ...]:
    """What is well known and has a name, each name once. A publication never changes, so it is asked once."""
    if publication is None:
        return ()
    shown = CityObjectVersion.objects.shown_in(publication).named().exclude(object__name="")
    known = shown.filter(Q(attributes__use__in=KNOWN_USES) | Q(kind__in=(Kind.SQUARE, Kind.PLANT_COVER)))
    found = known.exclude(kind=Kind.BUILDING_PART).select_related("object").defer("geometry", "semantics")
    # A school's ground has the school's name: the building stands for both.
    buildings_last = sorted(found[:MOST_LANDMARKS], key=lambda version: version.kind == Kind.BUILDING)
    return tuple({version.object.name: _landmark(version) for version in buildings_last}.values())


def _landmark(version: CityObjectVersion) -> Landmark:
    e, n, _z = version.centre
    name = version.object.name
    return Landmark(version.object_id, name, str(version.attributes.get("name_en") or name), e, n)
