"""What lies on the ground: streets, squares, water, green, land; as areas on the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import shapely

from twin.mirror.features import Feature, Kind, SurfaceSet
from twin.mirror.tiles.blocks import is_block
from twin.mirror.tiles.metadata import Row
from twin.mirror.tiles.prisms import footprint, polygonal

# Where areas overlap, the earlier kind lies on top.
LAYERS = (
    Kind.RAILWAY,
    Kind.ROAD,
    Kind.SQUARE,
    Kind.WATER,
    Kind.PLANT_COVER,
    Kind.GENERIC,
    Kind.LAND_USE,
)
# Widths of streets that say nothing of theirs, by class: carriageway and pavements, metres.
WIDTHS_M = {"arterial": 30.0, "collector": 18.0, "local": 10.0, "lane": 5.0, "pedestrian": 6.0, "path": 3.0}
WIDTH_M = {Kind.RAILWAY: 5.0, Kind.ROAD: 8.0, Kind.WATER: 5.0}
TOLERANCE_M = 0.1
LEAST_AREA_M2 = 0.5


@dataclass(slots=True, frozen=True)
class Area:
    """One feature on the ground."""

    feature: Feature
    row: Row
    shape: shapely.Geometry  # polygonal, valid, local east and north
    surfaces: SurfaceSet | None  # as the source has them, with heights; None where only a line is known


def areas_of(features: Sequence[Feature], ids: Mapping[str, UUID]) -> list[Area]:
    """The areas of a city, streets known only by their centre line widened; those of no size are left out."""
    areas = []
    for feature in features:
        if feature.kind not in LAYERS or is_block(feature):
            continue
        lod = feature.best_lod("9")
        surfaces = feature.lods[lod] if lod is not None else None
        shape = footprint(surfaces) if surfaces is not None else _widened(feature)
        shape = polygonal(shapely.make_valid(shapely.simplify(shape, TOLERANCE_M)))
        if shape.area > LEAST_AREA_M2:
            areas.append(Area(feature, _row(feature, str(ids[feature.source_id])), shape, surfaces))
    return areas


def street_width_m(feature: Feature) -> float:
    """The width of a street, stated or usual for its class."""
    try:
        width = float(feature.attributes.get("width_m") or 0)
    except (TypeError, ValueError):
        width = 0.0
    if 0.5 <= width <= 200:
        return width
    usual = WIDTH_M.get(feature.kind, 4.0)
    return WIDTHS_M.get(str(feature.attributes.get("road_class")), usual)


def _widened(feature: Feature) -> shapely.Geometry:
    lines = [shapely.LineString(line[:, :2]) for line in feature.lines if len(np.unique(line[:, :2], axis=0)) > 1]
    if not lines:
        return shapely.Polygon()
    return shapely.union_all(shapely.buffer(lines, street_width_m(feature) / 2, quad_segs=4))


def _row(feature: Feature, object_id: str) -> Row:
    attributes = feature.attributes
    return Row(
        id=object_id,
        kind=feature.kind,
        use=str(attributes.get("road_class") or attributes.get("use") or ""),
        name=str(attributes.get("name") or ""),
    )
