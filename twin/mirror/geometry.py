"""Geometry of city objects as rows keep it: WKB (ISO, little-endian, with z) in the local frame.

Surfaces are a multipolygon, whose semantics stand beside it byte by byte; centre lines a multi line string, places a
multipoint; of an object with more than one of these, a collection in this order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, SurfaceSet
from twin.mirror.rings import Rings, starts

Floats = NDArray[np.float64]
_POLYGONS, _LINES, _POINTS = 6, 5, 4  # shapely's type ids
_BATCH = 5_000
_LEAST_AREA_M2 = 0.3  # less is a wall that leans, not something that lies


@dataclass(slots=True, frozen=True)
class Stored:
    """A feature's geometry, ready for a row. `box` is least e, n, z and greatest e, n, z."""

    lod: str
    wkb: bytes
    semantics: bytes
    box: tuple[float, ...]


def store(features: Sequence[Feature]) -> Iterator[Stored | None]:
    """The geometry of each feature at its best level of detail; None for a feature that has none."""
    for first in range(0, len(features), _BATCH):
        yield from _store(features[first : first + _BATCH])


def _store(features: Sequence[Feature]) -> Iterator[Stored | None]:
    lods = [feature.best_lod() or feature.best_lod("4") for feature in features]
    sets = [feature.lods[lod] for feature, lod in zip(features, lods, strict=True) if lod is not None]
    surfaces = iter(_multipolygons(sets))
    shapes: list[list[shapely.Geometry]] = []
    for feature, lod in zip(features, lods, strict=True):
        parts = [next(surfaces)] if lod is not None else []
        if feature.lines:
            parts.append(shapely.multilinestrings([shapely.linestrings(line) for line in feature.lines]))
        if feature.points is not None and len(feature.points):
            parts.append(shapely.multipoints(shapely.points(feature.points)))
        shapes.append(parts)
    whole = [parts[0] if len(parts) == 1 else shapely.geometrycollections(parts) if parts else None for parts in shapes]
    encoded = shapely.to_wkb(whole, output_dimension=3, byte_order=1, flavor="iso")
    for feature, lod, wkb in zip(features, lods, encoded, strict=True):
        if wkb is None:
            yield None
            continue
        semantics = feature.lods[lod].semantics.tobytes() if lod is not None else b""
        yield Stored(lod or "", bytes(wkb), semantics, _box(feature, lod))


def _box(feature: Feature, lod: str | None) -> tuple[float, ...]:
    corners = [*feature.lods[lod].bounds] if lod is not None else []
    for points in [*feature.lines, *([feature.points] if feature.points is not None else [])]:
        corners += [points.min(axis=0), points.max(axis=0)]
    return (*np.min(corners, axis=0).tolist(), *np.max(corners, axis=0).tolist())


def _multipolygons(sets: list[SurfaceSet]) -> NDArray[np.object_]:
    if not sets:
        return np.empty(0, dtype=object)
    points = np.concatenate([s.vertices[s.rings] for s in sets])
    ring_sizes = np.concatenate([np.diff(s.ring_starts) for s in sets])
    polygon_sizes = np.concatenate([np.diff(s.polygon_starts) for s in sets])
    rings = shapely.linearrings(points, indices=np.repeat(np.arange(len(ring_sizes)), ring_sizes))
    polygons = shapely.polygons(rings, indices=np.repeat(np.arange(len(polygon_sizes)), polygon_sizes))
    owners = np.repeat(np.arange(len(sets)), [len(s) for s in sets])
    return np.asarray(shapely.multipolygons(polygons, indices=owners))


def surfaces_of(wkb: bytes, semantics: bytes = b"") -> SurfaceSet | None:
    """The surfaces of a row; None where it has none. `semantics` of another length are taken as unknown."""
    [polygons] = _parts(wkb, _POLYGONS) or [None]
    if polygons is None:
        return None
    parts = shapely.get_parts(polygons)
    rings, polygon_of_ring = shapely.get_rings(parts, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, include_z=True, return_index=True)
    sizes = np.bincount(ring_of, minlength=len(rings))
    last = starts(sizes)[1:] - 1
    points = np.delete(points, last, axis=0)  # rings are not closed in a SurfaceSet
    known = np.frombuffer(semantics, dtype=np.uint8)
    flat = Rings(
        indices=np.arange(len(points)),
        ring_sizes=sizes - 1,
        polygon_sizes=np.bincount(polygon_of_ring, minlength=len(parts)),
        semantics=known if len(known) == len(parts) else np.zeros(len(parts), dtype=np.uint8),
        set_sizes=np.array([len(parts)]),
    )
    return flat.split(points)[0]


def lines_of(wkb: bytes) -> list[Floats]:
    """The centre lines of a row, each (k, 3)."""
    return [
        shapely.get_coordinates(line, include_z=True)
        for lines in _parts(wkb, _LINES)
        for line in shapely.get_parts(lines)
    ]


def points_of(wkb: bytes) -> Floats | None:
    """The places of a row, (k, 3); None where it has none."""
    [points] = _parts(wkb, _POINTS) or [None]
    return None if points is None else np.asarray(shapely.get_coordinates(points, include_z=True))


def outline_of(wkb: bytes) -> shapely.Geometry:
    """What a row covers seen from above, without heights: walls drop out, and lines and points cover nothing."""
    polygons = shapely.force_2d(shapely.get_parts(np.array(_parts(wkb, _POLYGONS), dtype=object)))
    lying = polygons[shapely.area(polygons) > _LEAST_AREA_M2]
    return shapely.union_all(np.where(shapely.is_valid(lying), lying, shapely.buffer(lying, 0)))


def _parts(wkb: bytes, type_id: int) -> list[shapely.Geometry]:
    if not wkb:
        return []
    shape = shapely.from_wkb(bytes(wkb))
    parts = shape.geoms if shapely.get_type_id(shape) == 7 else [shape]
    return [part for part in parts if shapely.get_type_id(part) == type_id]
