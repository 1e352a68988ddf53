"""What the 2D map shows, layer by layer, from the same objects as the 3D city."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely

from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.areas import Area
from twin.mirror.tiles.blocks import Block
from twin.mirror.tiles.labels import Label
from twin.mirror.tiles.prisms import footprints

Value = str | int | float

LAYERS = ("water", "green", "road", "building", "furniture", "label")
GREEN_USES = frozenset({"park", "playground", "garden", "forest", "grass", "sports"})
# From which zoom on a thing is shown.
BUILDING_ZOOM = 14
FURNITURE_ZOOM = 16
ROAD_ZOOMS = {"arterial": 12, "collector": 13}
OTHER_ROAD_ZOOM = 14
LABEL_ZOOMS = {1: 12, 2: 13, 3: 14, 4: 15}
FINEST_LABEL_ZOOM = 16


@dataclass(slots=True, frozen=True)
class MapFeature:
    """One shape of a layer, in the local frame."""

    layer: str
    shape: shapely.Geometry
    properties: dict[str, Value]
    min_zoom: int = 0


def map_features(
    features: Sequence[Feature],
    ids: Mapping[str, UUID],
    areas: Sequence[Area],
    labels: Sequence[Label],
) -> list[MapFeature]:
    """Everything on the map but the buildings, what lies below first."""
    return [*_areas(areas), *_furniture(features, ids), *_labels(labels)]


def _areas(areas: Sequence[Area]) -> Iterator[MapFeature]:
    for area in areas:
        row = area.row
        properties = _properties(id=row.id, name=row.name, use=row.use)
        match row.kind:
            case Kind.WATER:
                yield MapFeature("water", area.shape, properties)
            case Kind.ROAD | Kind.SQUARE | Kind.RAILWAY:
                road_class = row.use if row.kind == Kind.ROAD else str(row.kind)
                zoom = ROAD_ZOOMS.get(row.use, OTHER_ROAD_ZOOM)
                yield MapFeature("road", area.shape, properties | _properties(road_class=road_class), zoom)
            case Kind.PLANT_COVER:
                yield MapFeature("green", area.shape, properties)
            case Kind.LAND_USE if row.use in GREEN_USES:
                yield MapFeature("green", area.shape, properties)


def buildings_on_map(blocks: Sequence[Block]) -> Iterator[MapFeature]:
    """Buildings, bridges and the like as they cover the ground."""
    sets = [surfaces for block in blocks for surfaces in block.sets]
    owners = np.repeat(np.arange(len(blocks)), [len(block.sets) for block in blocks])
    for block, shape in zip(blocks, footprints(sets, owners, len(blocks)), strict=True):
        row = block.row
        properties = _properties(id=row.id, kind=str(row.kind), height=round(row.height_m, 1), use=row.use)
        yield MapFeature("building", shape, properties | _properties(name=row.name), BUILDING_ZOOM)


def _furniture(features: Sequence[Feature], ids: Mapping[str, UUID]) -> Iterator[MapFeature]:
    for feature in features:
        if feature.kind != Kind.FURNITURE or feature.points is None:
            continue
        properties = _properties(
            id=str(ids[feature.source_id]),
            kind=str(feature.attributes.get("furniture") or ""),
            name=str(feature.attributes.get("name") or ""),
        )
        for point in feature.points:
            yield MapFeature("furniture", shapely.Point(point[:2]), properties, FURNITURE_ZOOM)


def _labels(labels: Sequence[Label]) -> Iterator[MapFeature]:
    for label in labels:
        properties = _properties(
            id=label.id or "", name=label.name, name_en=label.name_en, kind=label.kind, rank=label.rank
        )
        zoom = LABEL_ZOOMS.get(label.rank, FINEST_LABEL_ZOOM)
        yield MapFeature("label", shapely.Point(label.place[:2]), properties, zoom)


def _properties(**values: Value) -> dict[str, Value]:
    """Without what is not known."""
    return {key: value for key, value in values.items() if value not in {"", 0}}
