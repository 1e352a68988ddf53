"""Geometry of city objects as rows keep it: WKB (ISO, little-endian, with z) in the local frame.

Surfaces are a multipolygon, whose semantics stand beside it byte by byte; centre lines a multi line string, places a
multipoint; of an object with more than one of these, a collection in this order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, SurfaceSet
from twin.mirror.rings import starts

Floats = NDArray[np.float64]
_COLLECTION, _POLYGONS, _LINES, _POINTS = 7, 6, 5, 4  # shapely's type ids
_BATCH = 5_000
_LEAST_AREA_M2 = 0.3  # less is a wall that leans, not something that lies


@dataclass(slots=True, frozen=True)
class Stored:
    """A feature's geometry, ready for a row."""

    lod: str
    wkb: bytes
    semantics: bytes


def store(features: Sequence[Feature]) -> Iterator[Stored | None]:
    """The geometry of each feature at its best level of detail; None for a feature that has none."""
    for first in range(0, len(features), _BATCH):
        yield from _store(features[first : first + _BATCH])


def _store(features: Sequence[Feature]) -> Iterator[Stored | None]:
    lods = [_stored_lod(feature) for feature in features]
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
        yield Stored(lod or "", bytes(wkb), semantics)


def box_of(feature: Feature) -> tuple[float, ...] | None:
    """Least e, n, z and greatest e, n, z of what is stored of a feature; None where that is nothing."""
    lod = _stored_lod(feature)
    points = [feature.lods[lod].vertices[feature.lods[lod].rings]] if lod is not None else []
    points += feature.lines
    if feature.points is not None and len(feature.points):
        points.append(feature.points)
    if not points:
        return None
    whole = points[0] if len(points) == 1 else np.concatenate(points)
    return (*whole.min(axis=0).tolist(), *whole.max(axis=0).tolist())


def _stored_lod(feature: Feature) -> str | None:
    return feature.best_lod() or feature.best_lod("4")


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
    [shape] = shapes_of([wkb], [semantics])
    return shape.surfaces


@dataclass(slots=True)
class Shape:
    """The geometry of a row."""

    surfaces: SurfaceSet | None = None
    lines: list[Floats] = field(default_factory=list)
    points: Floats | None = None


def shapes_of(wkbs: Sequence[bytes], semantics: Sequence[bytes]) -> list[Shape]:
    """The geometries of many rows at once: far quicker than one by one."""
    found = [Shape() for _wkb in wkbs]
    filled = [place for place, wkb in enumerate(wkbs) if wkb]
    shapes = shapely.from_wkb([bytes(wkbs[place]) for place in filled])
    kinds = shapely.get_type_id(shapes)
    several = kinds == _COLLECTION
    inner, which = shapely.get_parts(shapes[several], return_index=True)
    owners = np.asarray(filled, dtype=np.int64)
    parts = np.concatenate([shapes[~several], inner])
    owners = np.concatenate([owners[~several], owners[several][which]])
    kinds = shapely.get_type_id(parts)
    _add_surfaces(found, parts[kinds == _POLYGONS], owners[kinds == _POLYGONS].tolist(), semantics)
    for line, owner in zip(parts[kinds == _LINES], owners[kinds == _LINES].tolist(), strict=True):
        found[owner].lines = [shapely.get_coordinates(part, include_z=True) for part in shapely.get_parts(line)]
    for points, owner in zip(parts[kinds == _POINTS], owners[kinds == _POINTS].tolist(), strict=True):
        found[owner].points = shapely.get_coordinates(points, include_z=True)
    return found


def _add_surfaces(
    found: list[Shape], multipolygons: NDArray[np.object_], owners: Sequence[int], semantics: Sequence[bytes]
) -> None:
    polygons, set_of = shapely.get_parts(multipolygons, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, include_z=True, return_index=True)
    sizes = np.bincount(ring_of, minlength=len(rings))
    points = np.delete(points, starts(sizes)[1:] - 1, axis=0)  # rings are not closed in a SurfaceSet
    ring_starts = starts(sizes - 1)
    polygon_starts = starts(np.bincount(polygon_of_ring, minlength=len(polygons)))
    set_starts = starts(np.bincount(set_of, minlength=len(multipolygons)))
    firsts = zip(owners, set_starts[:-1].tolist(), set_starts[1:].tolist(), strict=True)
    for owner, first, last in firsts:
        first_ring, last_ring = polygon_starts[first], polygon_starts[last]
        own_rings = ring_starts[first_ring : last_ring + 1]
        corners = points[own_rings[0] : own_rings[-1]]
        known = np.frombuffer(bytes(semantics[owner]), dtype=np.uint8)
        found[owner].surfaces = SurfaceSet(
            vertices=corners,
            rings=np.arange(len(corners), dtype=np.int32),
            ring_starts=(own_rings - own_rings[0]).astype(np.int32),
            polygon_starts=(polygon_starts[first : last + 1] - first_ring).astype(np.int32),
            semantics=known if len(known) == last - first else np.zeros(last - first, dtype=np.uint8),
        )


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
    parts = shape.geoms if shapely.get_type_id(shape) == _COLLECTION else [shape]
    return [part for part in parts if shapely.get_type_id(part) == type_id]
