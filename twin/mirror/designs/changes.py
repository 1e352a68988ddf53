"""What a design changes: parsed, bounded and in one canonical form, so that equal designs have equal hashes.

Coordinates are metres in the city's local frame (east, north), kept to the centimetre; heights are metres.
"""

import json
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeGuard

from django.utils.translation import gettext as _
from shapely import Polygon

from metacity.commons.errors import Invalid

Point = tuple[float, float]

MOST_CHANGES = 40
MOST_CORNERS = 200
MOST_TREES = 500
LEAST_FOOTPRINT_M2, MOST_FOOTPRINT_M2 = 4.0, 40_000.0
MOST_AREA_M2 = 200_000.0
MOST_STOREYS = 120
STOREY_HEIGHT_M = 3.3
LEAST_STOREY_M, MOST_STOREY_M = 2.2, 8.0
LEAST_WIDTH_M, MOST_WIDTH_M = 1.0, 60.0
MOST_LINE_M = 3_000.0
# A city's frame holds some tens of kilometres; beyond, a number is a mistake.
FARTHEST_M = 200_000.0


class DesignRefused(Invalid):
    """A change set that cannot be one. `fields` names the change and the field: ``changes.0.footprint``."""

    code = "design_invalid"


class Roof(StrEnum):
    FLAT = "flat"
    GABLE = "gable"
    HIP = "hip"


class Furniture(StrEnum):
    BUS_STOP = "bus_stop"
    BENCH = "bench"
    SHELTER = "shelter"


@dataclass(frozen=True, slots=True)
class Building:
    """A new building, or with `object` the one that takes the place of what stands."""

    footprint: tuple[Point, ...]
    storeys: int
    storey_height_m: float = STOREY_HEIGHT_M
    roof: Roof = Roof.FLAT
    use: str = ""
    object: str | None = None

    @property
    def kind(self) -> str:
        return "replace" if self.object else "building"

    @property
    def height_m(self) -> float:
        """Of the walls; a gable or a hip rises above it."""
        return self.storeys * self.storey_height_m

    @property
    def area_m2(self) -> float:
        return float(Polygon(self.footprint).area)


@dataclass(frozen=True, slots=True)
class Removal:
    """A building that goes."""

    object: str
    kind = "remove"


@dataclass(frozen=True, slots=True)
class Park:
    """Ground that turns green, with trees spread over it."""

    area: tuple[Point, ...]
    trees: int = 0
    kind = "park"


@dataclass(frozen=True, slots=True)
class Trees:
    """Single trees."""

    points: tuple[Point, ...]
    kind = "trees"


@dataclass(frozen=True, slots=True)
class Street:
    """A street for walking, or a crossing."""

    kind: str  # "pedestrian_street" or "crosswalk"
    line: tuple[Point, ...]
    width_m: float

    @property
    def length_m(self) -> float:
        return math.fsum(math.dist(a, b) for a, b in zip(self.line, self.line[1:], strict=False))


@dataclass(frozen=True, slots=True)
class Furnishing:
    """A stop, a bench, a shelter."""

    kind: str
    point: Point
    rotation_deg: float = 0.0


Change = Building | Removal | Park | Trees | Street | Furnishing


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All that a version of a design changes."""

    changes: tuple[Change, ...]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(change.kind for change in self.changes)

    @property
    def objects(self) -> frozenset[str]:
        """Ids of the city objects that go: removed or replaced."""
        return frozenset(c.object for c in self.changes if isinstance(c, Building | Removal) and c.object)

    @property
    def points(self) -> list[Point]:
        """Every point that the design names, for bounds and centres."""
        return [point for change in self.changes for point in points_of(change)]

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """The canonical form, as it is stored, served and hashed."""
        return {"changes": [_as_json(change) for change in self.changes]}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form."""
        return sha256(json.dumps(self.as_json(), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def points_of(change: Change) -> tuple[Point, ...]:
    match change:
        case Building():
            return change.footprint
        case Park():
            return change.area
        case Trees():
            return change.points
        case Street():
            return change.line
        case Furnishing():
            return (change.point,)
        case Removal():
            return ()


def parse(raw: object) -> ChangeSet:
    """Read ``{"changes": [...]}`` as it comes from a form, the API or the drawing tool.

    Raises
    ------
    DesignRefused
        With the place of what is wrong: unknown kinds, too many or too few corners, numbers that are none, footprints
        that cross themselves, sizes beyond what a design may have.
    """
    changes = raw.get("changes") if isinstance(raw, Mapping) else None
    if not isinstance(changes, list) or not changes:
        raise DesignRefused(fields={"changes": [_("A design changes at least one thing.")]})
    if len(changes) > MOST_CHANGES:
        raise DesignRefused(fields={"changes": [_("A design has at most %(n)s changes.") % {"n": MOST_CHANGES}]})
    found = ChangeSet(tuple(_change(_Reader(change, f"changes.{i}")) for i, change in enumerate(changes)))
    gone = [c.object for c in found.changes if isinstance(c, Building | Removal) and c.object]
    if len(gone) != len(set(gone)):
        raise DesignRefused(fields={"changes": [_("The same building is removed twice.")]})
    return found


def _change(reader: "_Reader") -> Change:
    match (reader.text("op"), reader.text("kind", default="")):
        case ("add", "building"):
            return reader.building(None)
        case ("replace", _kind):
            return reader.building(reader.identifier("object"))
        case ("remove", _kind):
            return Removal(reader.identifier("object"))
        case ("add", "park"):
            return Park(reader.ring("area", MOST_AREA_M2), reader.whole("trees", 0, MOST_TREES, default=0))
        case ("add", "trees"):
            return Trees(reader.points("points", 1, MOST_TREES))
        case ("add", "pedestrian_street"):
            return Street("pedestrian_street", reader.line(MOST_CORNERS), reader.width(6.0))
        case ("add", "crosswalk"):
            return Street("crosswalk", reader.line(2), reader.width(4.0))
        case ("add", kind) if kind in set(Furniture):
            return Furnishing(kind, reader.point("point"), reader.number("rotation_deg", -360, 360, default=0.0) % 360)
        case (_op, _kind):
            raise reader.refusal("kind", _("A design cannot have this kind of change."))


class _Reader:
    """Reads one change's fields; whatever is not as it must be is refused with its place."""

    def __init__(self, raw: object, place: str) -> None:
        self._place = place
        if not isinstance(raw, Mapping):
            raise DesignRefused(fields={place: [_("This is not a change.")]})
        self._raw: Mapping[str, object] = raw

    def refusal(self, field: str, message: str) -> DesignRefused:
        return DesignRefused(fields={f"{self._place}.{field}": [message]})

    def text(self, field: str, *, default: str | None = None) -> str:
        value = self._raw.get(field, default)
        if not isinstance(value, str) or len(value) > 40:
            raise self.refusal(field, _("A short word is needed here."))
        return value

    def identifier(self, field: str) -> str:
        try:
            return str(uuid.UUID(self.text(field)))
        except ValueError:
            raise self.refusal(field, _("Choose a building of this city.")) from None

    def number(self, field: str, least: float, most: float, *, default: float | None = None) -> float:
        value = self._raw.get(field, default)
        if not _is_number(value):
            raise self.refusal(field, _("A number is needed here."))
        if not least <= value <= most:
            raise self.refusal(field, _("From %(least)g to %(most)g.") % {"least": least, "most": most})
        return round(float(value), 2)

    def whole(self, field: str, least: int, most: int, *, default: int | None = None) -> int:
        value = self.number(field, least, most, default=default)
        if value != int(value):
            raise self.refusal(field, _("A whole number is needed here."))
        return int(value)

    def width(self, default: float) -> float:
        return self.number("width_m", LEAST_WIDTH_M, MOST_WIDTH_M, default=default)

    def point(self, field: str) -> Point:
        return self._point(self._raw.get(field), field)

    def points(self, field: str, least: int, most: int) -> tuple[Point, ...]:
        value = self._raw.get(field)
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self.refusal(field, _("Points are needed here."))
        if not least <= len(value) <= most:
            raise self.refusal(field, _("From %(least)g to %(most)g points.") % {"least": least, "most": most})
        return tuple(self._point(item, field) for item in value)

    def line(self, most: int) -> tuple[Point, ...]:
        line = self.points("line", 2, most)
        if not 1.0 <= Street("", line, 1.0).length_m <= MOST_LINE_M:
            raise self.refusal("line", _("From 1 m to 3 km long."))
        return line

    def ring(self, field: str, most_m2: float) -> tuple[Point, ...]:
        """Corners of a simple polygon, counter-clockwise, without the first one repeated."""
        corners = self.points(field, 3, MOST_CORNERS)
        if corners[0] == corners[-1]:
            corners = corners[:-1]
        if len(corners) < 3:
            raise self.refusal(field, _("An area has at least three corners."))
        polygon = Polygon(corners)
        if not polygon.is_valid:
            raise self.refusal(field, _("The outline crosses itself."))
        if not LEAST_FOOTPRINT_M2 <= polygon.area <= most_m2:
            raise self.refusal(
                field, _("From %(least)g to %(most)g m².") % {"least": LEAST_FOOTPRINT_M2, "most": most_m2}
            )
        return corners if polygon.exterior.is_ccw else corners[::-1]

    def building(self, replaced: str | None) -> Building:
        footprint = self.ring("footprint", MOST_FOOTPRINT_M2)
        try:
            roof = Roof(self.text("roof", default=Roof.FLAT.value))
        except ValueError:
            raise self.refusal("roof", _("This roof is not known.")) from None
        if roof is not Roof.FLAT and len(footprint) != 4:
            raise self.refusal("roof", _("A gable or hip roof needs an outline of four corners."))
        return Building(
            footprint=footprint,
            storeys=self.whole("storeys", 1, MOST_STOREYS),
            storey_height_m=self.number("storey_height_m", LEAST_STOREY_M, MOST_STOREY_M, default=STOREY_HEIGHT_M),
            roof=roof,
            use=self.text("use", default=""),
            object=replaced,
        )

    def _point(self, value: object, field: str) -> Point:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
            raise self.refusal(field, _("A point has an east and a north coordinate."))
        e, n = (_coordinate(part) for part in value)
        if e is None or n is None:
            raise self.refusal(field, _("A point has an east and a north coordinate."))
        return e, n


def _is_number(value: object) -> TypeGuard[int | float]:
    """JSON also has NaN, infinity, and whole numbers beyond any float; a comparison takes the last."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf


def _coordinate(value: object) -> float | None:
    if not _is_number(value):
        return None
    return round(float(value), 2) if abs(value) <= FARTHEST_M else None


def _as_json(change: Change) -> dict[str, Any]:
    op = {"replace": "replace", "remove": "remove"}.get(change.kind, "add")
    fields = {key: value for key, value in asdict(change).items() if value is not None}
    named = {} if op != "add" else {"kind": change.kind}
    return {"op": op, **named, **{key: _plain(value) for key, value in fields.items() if key != "kind"}}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


def rectangle(*, centre: Point, width_m: float, depth_m: float, rotation_deg: float) -> list[list[float]]:
    """The corners of a turned rectangle, counter-clockwise: what a form's size and rotation stand for.

    `rotation_deg` turns clockwise from north, as a compass does.
    """
    turn = math.radians(-rotation_deg)
    half = [
        (-width_m / 2, -depth_m / 2),
        (width_m / 2, -depth_m / 2),
        (width_m / 2, depth_m / 2),
        (-width_m / 2, depth_m / 2),
    ]
    return [
        [
            round(centre[0] + x * math.cos(turn) - y * math.sin(turn), 2),
            round(centre[1] + x * math.sin(turn) + y * math.cos(turn), 2),
        ]
        for x, y in half
    ]
