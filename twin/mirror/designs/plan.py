"""A design drawn flat, for the 2D map and for pictures."""

from typing import Any

import numpy as np
from shapely.geometry import mapping
from shapely.ops import transform

from twin.mirror.designs.changes import Building, ChangeSet
from twin.mirror.designs.services import footprint
from twin.mirror.designs.words import label
from twin.mirror.frame import LocalFrame


def as_geojson(design: ChangeSet, frame: LocalFrame) -> dict[str, Any]:
    """A FeatureCollection in WGS 84 of what the design adds; each feature carries its kind and the label."""
    return {"type": "FeatureCollection", "features": list(_features(design, frame))}


def _features(design: ChangeSet, frame: LocalFrame) -> list[dict[str, Any]]:
    def to_degrees(e: Any, n: Any) -> tuple[Any, Any]:
        east, north = np.atleast_1d(e), np.atleast_1d(n)
        lon, lat, _height = frame.to_geodetic(east, north, np.zeros_like(east, dtype=float))
        return np.round(lon, 7), np.round(lat, 7)

    features = []
    for number, change in enumerate(design.changes):
        ground = footprint(change)
        if ground is None:
            continue
        properties: dict[str, Any] = {"number": number, "kind": change.kind, "label": label()}
        if isinstance(change, Building):
            properties["height_m"] = round(change.height_m, 1)
        features.append(
            {"type": "Feature", "geometry": mapping(transform(to_degrees, ground)), "properties": properties}
        )
    return features
