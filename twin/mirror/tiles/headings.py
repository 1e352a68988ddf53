"""Which way street furniture faces: towards the way it stands at."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.prisms import footprint

Floats = NDArray[np.float64]

UNKNOWN = -1.0
# Farther from any way, a thing faces wherever it likes.
REACH_M = 30.0
# Nearer, it stands on the line itself.
ON_IT_M = 0.05


def headings(points: Floats, features: Sequence[Feature]) -> Floats:
    """Degrees clockwise from north from each of (n, 2) points to the nearest way; `UNKNOWN` far from any, or on it."""
    ways = _ways(features)
    found = np.full(len(points), UNKNOWN)
    places = shapely.points(points)
    at, way = shapely.STRtree(ways).query_nearest(places, max_distance=REACH_M, all_matches=False)
    if not len(at):
        return found
    legs = shapely.get_coordinates(shapely.shortest_line(places[at], ways[way])).reshape(-1, 2, 2)
    east, north = (legs[:, 1] - legs[:, 0]).T
    turned = np.degrees(np.arctan2(east, north)) % 360
    found[at] = np.where(np.hypot(east, north) > ON_IT_M, turned, UNKNOWN)
    return found


def _ways(features: Sequence[Feature]) -> NDArray[np.object_]:
    """The middle lines of streets and paths, or where only their areas are known, these."""
    ways: list[shapely.Geometry] = []
    for feature in features:
        if feature.kind != Kind.ROAD:
            continue
        lines = [shapely.LineString(line[:, :2]) for line in feature.lines if len(line) > 1]
        lod = feature.best_lod("9")
        if lines:
            ways += lines
        elif lod is not None:
            ways.append(footprint(feature.lods[lod]))
    return np.asarray(ways, dtype=object)
