"""From objects with indexed geometry in a file's own coordinates to features in the local frame.

A reader fills a `Draft` for each object and hands all of them over together with the vertices, so that everything
that costs time runs over the arrays of the whole file at once.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import ArrayLike, NDArray

from twin.mirror.errors import FileRefused
from twin.mirror.features import Feature, Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.limits import MAX_SPREAD_M
from twin.mirror.readers.reading import Fault
from twin.mirror.rings import Rings

Floats = NDArray[np.float64]
_FRAME_DIGITS = 4  # an origin to 10 m: easy to write down


@dataclass(slots=True)
class Surfaces:
    """Polygons of one or more geometries, level by level, while they are being read."""

    indices: list[int] = field(default_factory=list)
    ring_sizes: "array[int]" = field(default_factory=lambda: array("q"))
    polygon_sizes: "array[int]" = field(default_factory=lambda: array("q"))
    semantics: bytearray = field(default_factory=bytearray)

    def as_rings(self, set_sizes: Sequence[int]) -> Rings:
        """Raises ValueError, TypeError or OverflowError where an index is not a whole number."""
        indices = np.asarray(self.indices) if self.indices else np.empty(0, dtype=np.int64)
        if indices.ndim != 1 or indices.dtype.kind not in "iu":
            raise TypeError("an index is not a whole number")
        return Rings(
            indices=indices.astype(np.int64),
            ring_sizes=np.frombuffer(self.ring_sizes, dtype=np.int64) if self.ring_sizes else _none(),
            polygon_sizes=np.frombuffer(self.polygon_sizes, dtype=np.int64) if self.polygon_sizes else _none(),
            semantics=np.frombuffer(bytes(self.semantics), dtype=np.uint8),
            set_sizes=np.asarray(set_sizes, dtype=np.int64),
        )


def _none() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(slots=True)
class Draft:
    """An object while its geometry still counts vertices of the file."""

    feature: Feature
    line_indices: list[list[int]] = field(default_factory=list)
    point_indices: list[int] = field(default_factory=list)


class Far(Enum):
    """What becomes of objects that lie far from a frame all together."""

    REFUSE = auto()  # it is the frame of a city, to which they do not belong
    LEAVE_OUT = auto()  # others of their file lie there
    MOVE = auto()  # it was laid where the file says that they lie, and the file is wrong


@dataclass(slots=True)
class Assembled:
    frame: LocalFrame
    features: list[Feature]
    faults: list[Fault]


def frame_around(geodetic: Floats) -> LocalFrame:
    """A frame with its origin in the middle of points (n, 3) of longitude, latitude and height, few strays aside."""
    return frame_between(*np.percentile(geodetic[:, :2], [1, 99], axis=0))


def frame_between(low: ArrayLike, high: ArrayLike) -> LocalFrame:
    """A frame in the middle of two corners of longitude and latitude."""
    lon, lat = np.round((np.asarray(low) + np.asarray(high)) / 2, _FRAME_DIGITS)
    return LocalFrame(float(lon), float(lat), 0.0)


def assemble(
    *,
    drafts: list[Draft],
    vertices: Floats,
    rings: Rings,
    set_owners: Sequence[tuple[int, str]],
    crs: SourceCrs,
    frame: LocalFrame | None,
    far: Far = Far.REFUSE,
) -> Assembled:
    """Bring everything to the local frame and hand each draft its geometry.

    `set_owners` says of each set of `rings` which draft it belongs to and as which LoD. Objects outside the area
    where the system applies are left out, with a fault; a file that lies outside as a whole is refused, by the object.
    `far` says what becomes of objects that lie far from `frame` all together.
    """
    geodetic = crs.to_geodetic(vertices)
    owner_of_set = np.asarray([owner for owner, _lod in set_owners], dtype=np.int64)
    rings, losers = rings.cleaned()
    faults = [
        Fault("too_few_points", drafts[owner].feature.source_id) for owner in np.unique(owner_of_set[losers]).tolist()
    ]
    vertex, owner = _uses(drafts, rings, owner_of_set)
    usable = crs.is_inside(geodetic)
    if vertex.size:
        _require_most_inside(drafts, vertices, usable, vertex, owner, crs)
        frame = _frame(frame, geodetic[vertex[usable[vertex]]], far)
    frame = frame or LocalFrame(0.0, 0.0)
    local = np.column_stack(frame.to_local(geodetic[:, 0], geodetic[:, 1], geodetic[:, 2]))
    usable &= np.isfinite(local).all(axis=1) & (np.abs(local).max(axis=1) < MAX_SPREAD_M)
    away = np.unique(owner[~usable[vertex]])
    faults += [
        Fault("outside_area", drafts[index].feature.source_id, _where(vertices[vertex[owner == index]]))
        for index in away.tolist()
    ]
    _hand_out(drafts, rings, set_owners, local)
    gone = set(away.tolist())
    return Assembled(frame, [d.feature for i, d in enumerate(drafts) if i not in gone], faults)


def _uses(
    drafts: list[Draft], rings: Rings, owner_of_set: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every use of a vertex and the draft that uses it."""
    set_of_index = np.repeat(rings.set_of_polygon[rings.polygon_of_ring], rings.ring_sizes)
    vertex, owner = [rings.indices], [owner_of_set[set_of_index]]
    for index, draft in enumerate(drafts):
        loose = [*draft.point_indices, *(i for line in draft.line_indices for i in line)]
        if loose:
            vertex.append(np.asarray(loose, dtype=np.int64))
            owner.append(np.full(len(loose), index, dtype=np.int64))
    return np.concatenate(vertex), np.concatenate(owner)


def _frame(given: LocalFrame | None, geodetic: Floats, far: Far) -> LocalFrame:
    if given is not None and far is Far.LEAVE_OUT:
        return given
    around = frame_around(geodetic)
    if given is None:
        return around
    distance = float(np.hypot(*given.to_local(around.lon, around.lat)[:2]))
    if not distance < MAX_SPREAD_M and far is Far.MOVE:
        return around
    if not distance < MAX_SPREAD_M:
        raise FileRefused(
            _("The file lies at %(lon).4f, %(lat).4f, which is %(km)d km from this city.")
            % {"lon": around.lon, "lat": around.lat, "km": distance / 1000}
        )
    return given


def _require_most_inside(
    drafts: list[Draft],
    vertices: Floats,
    usable: NDArray[np.bool_],
    vertex: NDArray[np.int64],
    owner: NDArray[np.int64],
    crs: SourceCrs,
) -> None:
    outside = ~usable[vertex]
    if outside.mean() <= 0.5:
        return
    first = int(np.argmax(outside))
    values = {
        "id": drafts[int(owner[first])].feature.source_id,
        "where": _where(vertices[vertex[first : first + 1]]),
        "epsg": crs.epsg,
        "name": crs.name,
        "area": crs.area_name,
    }
    if crs.is_degrees:
        raise FileRefused(
            _(
                "%(id)s lies at %(where)s, which are not degrees of longitude and latitude where EPSG:%(epsg)s "
                "(%(name)s) applies. State the file's coordinate system with --crs EPSG:N."
            )
            % values
        )
    raise FileRefused(
        _(
            "%(id)s lies at %(where)s, outside the area of EPSG:%(epsg)s (%(name)s: %(area)s). "
            "State the file's coordinate system with --crs EPSG:N."
        )
        % values
    )


def _where(points: Floats) -> str:
    return ", ".join(f"{value:.10g}" for value in points[0])


def _hand_out(drafts: list[Draft], rings: Rings, set_owners: Sequence[tuple[int, str]], local: Floats) -> None:
    for (owner, lod), surfaces in zip(set_owners, rings.split(local), strict=True):
        if len(surfaces):
            drafts[owner].feature.lods[lod] = surfaces
    for draft in drafts:
        feature = draft.feature
        feature.lines = [local[line] for line in draft.line_indices if len(line) > 1]
        if draft.point_indices:
            feature.points = local[draft.point_indices]
        elif feature.kind in {Kind.TREE, Kind.FURNITURE} and feature.lods:
            _stand_in(feature)


def _stand_in(feature: Feature) -> None:
    """Where a modelled tree or bench stands and how large it is, for those who draw their own."""
    low, high = feature.lods[max(feature.lods, key=float)].bounds
    feature.points = np.array([[*((low + high) / 2)[:2], low[2]]])
    feature.attributes.setdefault("height_m", round(float(high[2] - low[2]), 3))
    if feature.kind is Kind.TREE:
        feature.attributes.setdefault("crown_m", round(float((high - low)[:2].max()), 3))
