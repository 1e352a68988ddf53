"""Things drawn in plan: gathered one by one from any file and handed over part by part.

What GeoJSON, OpenStreetMap and tables have in common. Footprints are raised to blocks by their height or storeys; what
lies, runs or stands on the ground keeps its shape.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.features import Feature, Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.prisms import prisms
from twin.mirror.readers.assembly import Draft, Far, Surfaces, assemble
from twin.mirror.readers.attributes import normalise
from twin.mirror.readers.classify import Guess, classify
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.heights import raise_footprints
from twin.mirror.readers.ids import Ids
from twin.mirror.readers.limits import MAX_OBJECTS, MAX_VERTICES
from twin.mirror.readers.reading import Credit, Encoding, Fault, Reading
from twin.mirror.readers.roofs import roofed
from twin.mirror.rings import Rings

# A part of a file is handed over when it holds so many objects, or so many points.
PART_OBJECTS = 5_000
PART_POINTS = 500_000
_RAISED = frozenset({Kind.BUILDING, Kind.BUILDING_PART})


@dataclass(slots=True)
class Gathered:
    """One part of a file while its coordinates lie in one long list."""

    drafts: list[Draft] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)  # the first coordinate of each draft
    coordinates: list[Any] = field(default_factory=list)
    areas: list[tuple[int, Surfaces]] = field(default_factory=list)  # draft and its polygons
    undecided: set[int] = field(default_factory=set)  # drafts of areas that say nothing of themselves
    outlines: set[int] = field(default_factory=set)  # drafts of buildings that are drawn by their parts
    faults: list[Fault] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    heights: Counter[str] = field(default_factory=Counter)  # outlines by what tells their height

    def add_coordinates(self, draft: Draft, kind: str, raw: Any) -> None:
        """Raises TypeError, ValueError or RecursionError where GeoJSON coordinates `raw` are of another shape."""
        index = len(self.drafts)
        self.drafts.append(draft)
        self.firsts.append(len(self.coordinates))
        match kind:
            case "Polygon" | "MultiPolygon":
                surfaces = Surfaces()
                for polygon in _list(raw) if kind == "MultiPolygon" else [raw]:
                    self._add_polygon(draft.feature.source_id, surfaces, _list(polygon))
                self.areas.append((index, surfaces))
            case "LineString" | "MultiLineString":
                for line in _list(raw) if kind == "MultiLineString" else [raw]:
                    draft.line_indices.append(self._extend(_list(line)))
            case "Point":
                draft.point_indices += self._extend([raw])
            case "MultiPoint":
                draft.point_indices += self._extend(_list(raw))
            case _:
                raise ValueError(_("%(type)s is no geometry that we know") % {"type": kind[:40]})

    def _add_polygon(self, source_id: str, surfaces: Surfaces, rings: list[Any]) -> None:
        if not rings:
            raise ValueError(_("a polygon has no ring"))
        for ring in rings:
            points = _list(ring)
            if len(points) > 1 and points[0] == points[-1]:
                points = points[:-1]
            elif points:
                self.faults.append(Fault("open_ring", source_id))
            surfaces.indices += self._extend(points)
            surfaces.ring_sizes.append(len(points))
        surfaces.polygon_sizes.append(len(rings))
        surfaces.semantics.append(0)

    def _extend(self, points: list[Any]) -> list[int]:
        first = len(self.coordinates)
        self.coordinates += points
        return list(range(first, len(self.coordinates)))

    def points(self) -> NDArray[np.float64]:
        """All coordinates as (n, 3), 0 where a height is missing; what is not numbers is refused by its object."""
        try:
            points = np.asarray(self.coordinates)
        except (ValueError, OverflowError):
            points = np.asarray([self._point(index) for index in range(len(self.coordinates))])
        if points.ndim != 2 or points.shape[1] < 2 or points.dtype.kind not in "iuf":
            points = np.asarray([self._point(index) for index in range(len(self.coordinates))]).reshape(-1, 3)
        if points.shape[1] == 2:
            return np.column_stack([points.astype(np.float64), np.zeros(len(points))])
        return points[:, :3].astype(np.float64)

    def _point(self, index: int) -> list[float]:
        raw = self.coordinates[index]
        numbers: list[Any] = raw[:3] if isinstance(raw, list) and len(raw) >= 2 else [None]
        if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers):
            owner = int(np.searchsorted(self.firsts, index, side="right")) - 1
            cause = _("%(value)s is no coordinate") % {"value": str(raw)[:60]}
            raise unreadable(self.drafts[owner].feature.source_id, cause)
        return [float(value) for value in (numbers if len(numbers) == 3 else [*numbers, 0.0])]


@dataclass(slots=True)
class Gathering:
    """A file on its way through: the part that is being gathered, and what all its parts share.

    Readers `add` thing after thing, yield from `full` in between and from `rest` at the end.
    """

    format: str
    crs: SourceCrs
    frame: LocalFrame | None  # laid around the first part where none is given
    ids: Ids = field(default_factory=Ids)
    objects: int = 0
    kept: int = 0  # objects that lie where the frame is
    vertices: int = 0
    areas_known: int = 0
    buildings_known: int = 0
    encoding: Encoding | None = None
    credit: Credit | None = None
    part: Gathered = field(default_factory=Gathered)
    is_guess: bool = False  # whether the frame is where the file says that it lies

    def lay_frame(self, guess: LocalFrame | None) -> None:
        """Lay the frame where the file says that it lies, unless one is given."""
        if self.frame is None and guess is not None:
            self.frame, self.is_guess = guess, True

    def add(
        self,
        source_id: str,
        properties: dict[str, Any],
        geometry: dict[str, Any],
        *,
        guess: Guess | None = None,
        parent: str | None = None,
        otherwise: Guess | None = None,
        is_outline: bool = False,
    ) -> Feature:
        """Take in a thing with a GeoJSON geometry that is no collection.

        `guess` says what it is; without one its properties tell, and `otherwise` where they do not. An outline of a
        building stays flat: its parts, which name it as their `parent`, are raised.
        """
        kind = str(geometry.get("type"))
        attributes = normalise(properties, source_id)
        guess = guess or classify(properties, attributes, kind)
        if otherwise is not None and guess.kind in {None, Kind.GENERIC}:
            guess = otherwise
        if guess.furniture:
            attributes["furniture"] = guess.furniture
        feature = Feature(source_id, guess.kind or Kind.LAND_USE, attributes, parent)
        if guess.kind is None:
            self.part.undecided.add(len(self.part.drafts))
        if is_outline:
            self.part.outlines.add(len(self.part.drafts))
        try:
            self.part.add_coordinates(Draft(feature), kind, geometry.get("coordinates"))
        except (TypeError, ValueError, RecursionError) as error:
            raise unreadable(source_id, error) from None
        self.part.types[kind] += 1
        self._require_within_limits()
        return feature

    def fault(self, code: str, source_id: str, detail: str = "") -> None:
        self.part.faults.append(Fault(code, source_id, detail))

    def full(self) -> Iterator[Reading]:
        """The part, if it is as large as one should be."""
        if len(self.part.drafts) >= PART_OBJECTS or len(self.part.coordinates) >= PART_POINTS:
            yield self._finished()

    def in_other_crs(self, crs: SourceCrs) -> Iterator[Reading]:
        """The part so far; what comes from now on is in another system."""
        if self.part.drafts:
            yield self._finished()
        self.crs = crs

    def rest(self) -> Iterator[Reading]:
        """The last part. Refuses a file that held nothing."""
        if self.part.drafts or self.part.faults:
            yield self._finished()
        if not self.objects:
            raise FileRefused(_("The file holds no city objects."))

    def _require_within_limits(self) -> None:
        if self.objects + len(self.part.drafts) > MAX_OBJECTS:
            raise FileTooLarge(_("The file holds more than %(limit)d objects.") % {"limit": MAX_OBJECTS})
        if self.vertices + len(self.part.coordinates) > MAX_VERTICES:
            raise FileTooLarge(_("The file holds more than %(limit)d vertices.") % {"limit": MAX_VERTICES})

    def _finished(self) -> Reading:
        part, self.part = self.part, Gathered()
        self.objects += len(part.drafts)
        self.vertices += len(part.coordinates)
        if not self.objects:
            raise FileRefused(_("The file holds no city objects."))
        self._decide(part)
        reading = reading_of(part, self.crs, self.frame, self.format, far=self._far)
        self.kept += len(reading.features)
        reading.faults = self.ids.take_faults() + reading.faults
        reading.encoding, reading.credit = self.encoding, self.credit
        self.frame = reading.frame
        return reading

    @property
    def _far(self) -> Far:
        if self.kept:
            return Far.LEAVE_OUT
        return Far.MOVE if self.is_guess else Far.REFUSE

    def _decide(self, part: Gathered) -> None:
        """Areas that say nothing of themselves are buildings where most of the areas so far are."""
        known = [part.drafts[owner].feature.kind in _RAISED for owner, _s in part.areas if owner not in part.undecided]
        self.areas_known += len(known)
        self.buildings_known += sum(known)
        if self.buildings_known * 2 > self.areas_known:
            for owner, _surfaces in part.areas:
                if owner in part.undecided:
                    part.drafts[owner].feature.kind = Kind.BUILDING


def reading_of(
    part: Gathered, crs: SourceCrs, frame: LocalFrame | None, format_name: str, *, far: Far = Far.REFUSE
) -> Reading:
    """Everything in the local frame; raised to blocks where it is a building. For `far` see `assemble`."""
    points = part.points()
    rises = [
        part.drafts[owner].feature.kind in _RAISED and owner not in part.outlines for owner, _surfaces in part.areas
    ]
    raised = [area for area, up in zip(part.areas, rises, strict=True) if up]
    flat = [area for area, up in zip(part.areas, rises, strict=True) if not up]
    heights = raise_footprints(part.drafts, raised, points)
    same = _first_of_equals(points, part.firsts)
    footprints, losers = _joined(raised, same).cleaned()
    faults = [Fault("too_few_points", part.drafts[raised[place][0]].feature.source_id) for place in losers]
    assembled = assemble(
        drafts=part.drafts,
        vertices=np.concatenate([points, heights.tops]),
        rings=_concatenated(prisms(footprints, points[:, :2]), _joined(flat, same)),
        set_owners=[*((owner, "1") for owner, _s in raised), *((owner, "0") for owner, _s in flat)],
        crs=crs,
        frame=frame,
        far=far,
    )
    solids = {(part.drafts[owner].feature.source_id, "1") for owner, _s in raised}
    _roof_over(assembled.features, solids)
    return Reading(
        features=assembled.features,
        frame=assembled.frame,
        crs=crs,
        format=format_name,
        types=part.types,
        faults=part.faults + faults + assembled.faults,
        solids=solids,
        heights=part.heights + heights.sources,
    )


def _roof_over(features: list[Feature], solids: set[tuple[str, str]]) -> None:
    """Give blocks the roofs that they are said to have, as their level 2."""
    for feature in features:
        if "roof_shape" not in feature.attributes or "1" not in feature.lods:
            continue
        roof = roofed(feature.lods["1"], feature.attributes)
        if roof is not None:
            feature.lods["2"] = roof
            solids.add((feature.source_id, "2"))


def unreadable(source_id: str, cause: object) -> FileRefused:
    return FileRefused(
        _("%(where)sthe geometry of %(id)s cannot be read: %(cause)s") % {"where": "", "id": source_id, "cause": cause}
    )


def _first_of_equals(points: NDArray[np.float64], firsts: list[int]) -> NDArray[np.int64]:
    """For each point the first of the run of equal points that it ends or continues, within one object."""
    numbers = np.arange(len(points))
    if len(points) > 1:
        repeats = np.concatenate([[False], (points[1:, :2] == points[:-1, :2]).all(axis=1)])
        repeats[[first for first in firsts if first < len(points)]] = False
        numbers[repeats] = 0
    return np.maximum.accumulate(numbers)


def _joined(areas: list[tuple[int, Surfaces]], same: NDArray[np.int64]) -> Rings:
    """One set for each area."""
    everything = Surfaces()
    for _owner, surfaces in areas:
        everything.indices += surfaces.indices
        everything.ring_sizes += surfaces.ring_sizes
        everything.polygon_sizes += surfaces.polygon_sizes
        everything.semantics += surfaces.semantics
    rings = everything.as_rings([len(surfaces.polygon_sizes) for _owner, surfaces in areas])
    return Rings(same[rings.indices], rings.ring_sizes, rings.polygon_sizes, rings.semantics, rings.set_sizes)


def _concatenated(first: Rings, second: Rings) -> Rings:
    return Rings(
        indices=np.concatenate([first.indices, second.indices]),
        ring_sizes=np.concatenate([first.ring_sizes, second.ring_sizes]),
        polygon_sizes=np.concatenate([first.polygon_sizes, second.polygon_sizes]),
        semantics=np.concatenate([first.semantics, second.semantics]),
        set_sizes=np.concatenate([first.set_sizes, second.set_sizes]),
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(_("a list is missing"))
    return value
