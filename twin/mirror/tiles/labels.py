"""Names in the city: which are shown, where, and which give way to others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.areas import Area
from twin.mirror.tiles.buildings import Region
from twin.mirror.tiles.terrain import Terrain

Floats = NDArray[np.float64]

MOST_LABELS = 2_000
# The same name is shown again only this far away.
APART_M = 250.0
STREET_SPACING_M = 400.0
# What a building's or an area's use makes of its name: the label's kind, and its rank of 1 (seen from afar) to 5.
USES = {
    "station": ("station", 1),
    "university": ("school", 2),
    "school": ("school", 3),
    "kindergarten": ("school", 5),
    "public": ("landmark", 2),
    "hospital": ("landmark", 3),
    "library": ("landmark", 3),
    "culture": ("landmark", 3),
    "market": ("landmark", 3),
    "police": ("landmark", 4),
    "fire_station": ("landmark", 4),
    "welfare": ("landmark", 4),
    "religious": ("landmark", 4),
    "sports": ("landmark", 4),
    "park": ("park", 3),
    "forest": ("park", 3),
    "playground": ("park", 5),
}
STREET_RANKS = {"arterial": 2, "collector": 3, "local": 4}
AREA_KINDS = {
    Kind.WATER: ("river", 2),
    Kind.PLANT_COVER: ("park", 3),
    Kind.SQUARE: ("place", 3),
    Kind.LAND_USE: ("place", 4),
}
# A building's name counts for more, the larger it is: the edge of the cube of equal volume.
LARGE_M = ((70.0, 3), (35.0, 4))
# A block of flats is one of many, however large: its number is read from near by.
HOUSING = frozenset({"apartment", "residential", "house"})
HILLS = ("산", "봉", "동산", "언덕", "고개", "hill", "mountain")


@dataclass(slots=True, frozen=True)
class Label:
    """A name at a point of the local frame."""

    name: str
    name_en: str
    kind: str
    place: tuple[float, float, float]
    rank: int
    id: str | None

    def as_json(self) -> dict[str, Any]:
        e, n, z = (round(value, 1) for value in self.place)
        text = {"ko": self.name, "en": self.name_en or self.name}
        return {"text": text, "kind": self.kind, "e": e, "n": n, "z": z, "rank": self.rank, "id": self.id}


def labels_of(
    features: Sequence[Feature],
    ids: Mapping[str, UUID],
    buildings: Iterable[Label],
    areas: Sequence[Area],
    terrain: Terrain | None,
) -> list[Label]:
    """All labels, those on buildings given, the most important first; of equal names near each other only the first."""
    found = [
        *buildings,
        *_on_areas(areas),
        *_on_streets(features, ids),
        *_at_points(features, ids),
    ]
    # What has the same name as a station, a school or a park is part of it.
    found.sort(key=lambda label: (label.rank, label.name, label.place))
    kept = list(_spread(found))[:MOST_LABELS]
    if terrain is None or not kept:
        return kept
    ground = terrain.heights_at(np.asarray([label.place[:2] for label in kept]))
    return [_raised(label, float(height)) for label, height in zip(kept, ground, strict=True)]


def labels_on(buildings: Region) -> Iterator[Label]:
    """The names of buildings, bridges and the like."""
    middles = (buildings.low + buildings.high) / 2
    sizes = np.cbrt(np.maximum(buildings.high - buildings.low, 0.1).prod(axis=1))
    for block, (east, north, _), top, size in zip(
        buildings.blocks, middles.tolist(), buildings.high[:, 2].tolist(), sizes.tolist(), strict=True
    ):
        if block.row.name:
            by_size = next((rank for least, rank in LARGE_M if size >= least), 5) if block.row.use not in HOUSING else 5
            kind, rank = USES.get(block.row.use, ("landmark", by_size))
            yield _label(block.feature, kind, (east, north, top), rank, block.row.id)


def _on_areas(areas: Sequence[Area]) -> Iterator[Label]:
    for area in areas:
        if not area.row.name or area.row.kind not in AREA_KINDS:
            continue
        kind, rank = USES.get(area.row.use, AREA_KINDS[area.row.kind])
        if kind == "park" and area.row.name.casefold().endswith(HILLS):
            kind, rank = "hill", 2
        point = shapely.point_on_surface(area.shape)
        yield _label(area.feature, kind, (point.x, point.y, -np.inf), rank, area.row.id)


def _on_streets(features: Sequence[Feature], ids: Mapping[str, UUID]) -> Iterator[Label]:
    """Names along streets: pieces of one name are one street."""
    streets: dict[str, list[Feature]] = {}
    for feature in features:
        if feature.kind == Kind.ROAD and feature.attributes.get("name"):
            streets.setdefault(str(feature.attributes["name"]), []).append(feature)
    for pieces in streets.values():
        rank = min(STREET_RANKS.get(str(piece.attributes.get("road_class")), 5) for piece in pieces)
        for point in _along(pieces):
            yield _label(pieces[0], "road", (point.x, point.y, -np.inf), rank, str(ids[pieces[0].source_id]))


def _along(pieces: Sequence[Feature]) -> Iterator[shapely.Point]:
    lines = [shapely.LineString(line[:, :2]) for piece in pieces for line in piece.lines if len(line) > 1]
    if not lines:
        lods = [(piece, lod) for piece in pieces if (lod := piece.best_lod("9")) is not None]
        for piece, lod in lods:
            low, high = piece.lods[lod].bounds
            yield shapely.Point((low + high)[:2] / 2)
        return
    merged = shapely.line_merge(shapely.union_all(lines))
    for part in sorted(shapely.get_parts(merged), key=shapely.length, reverse=True):
        count = max(1, round(part.length / STREET_SPACING_M))
        yield from shapely.line_interpolate_point(part, (np.arange(count) + 0.5) / count, normalized=True)


def _at_points(features: Sequence[Feature], ids: Mapping[str, UUID]) -> Iterator[Label]:
    for feature in features:
        if feature.points is None or not len(feature.points) or not feature.attributes.get("name"):
            continue
        furniture = feature.attributes.get("furniture")
        if furniture == "station":
            kind, rank = "station", 1
        elif feature.kind == Kind.GENERIC:
            kind, rank = USES.get(str(feature.attributes.get("use")), ("place", 4))
        else:
            continue
        east, north, height = feature.points[0].tolist()
        yield _label(feature, kind, (east, north, height), rank, str(ids[feature.source_id]))


def _label(feature: Feature, kind: str, place: tuple[float, float, float], rank: int, object_id: str) -> Label:
    name = str(feature.attributes.get("name") or "")
    return Label(name, str(feature.attributes.get("name_en") or ""), kind, place, rank, object_id or None)


def _raised(label: Label, ground: float) -> Label:
    """Labels of what lies on the ground take its height."""
    east, north, height = label.place
    return Label(label.name, label.name_en, label.kind, (east, north, max(height, ground)), label.rank, label.id)


def _spread(labels: Iterable[Label]) -> Iterator[Label]:
    taken: dict[str, list[tuple[float, float]]] = {}
    for label in labels:
        east, north = label.place[:2]
        others = taken.setdefault(label.name, [])
        if all((east - e) ** 2 + (north - n) ** 2 > APART_M**2 for e, n in others):
            others.append((east, north))
            yield label
