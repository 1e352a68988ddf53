"""Roads and tracks on bridges: carried by the deck at its height, instead of being laid on what lies below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind, SurfaceSet
from twin.mirror.tiles.areas import Area
from twin.mirror.tiles.drape import Draped, Pieces, block_of, lay
from twin.mirror.tiles.faces import Faces
from twin.mirror.tiles.prisms import polygonal, polygons_of
from twin.mirror.tiles.terrain import Extent

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CARRIED = frozenset({Kind.ROAD, Kind.RAILWAY})
# What runs along a deck covers most of it, or as one of two carriageways nearly half; what crosses below covers less.
CARRIED_SHARE = 0.4
# Steeper faces are no deck, and narrower ones are the tops of parapets.
LEAST_UPRIGHT = 0.9
LEAST_WIDTH_M = 1.0
# So far above the deck that the two do not flicker.
LIFT_M = 0.04

NOTHING = Draped(
    np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 3), np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
)


@dataclass(slots=True, frozen=True)
class Deck:
    """What of a bridge is seen from above and can be gone over: faces that do not overlap."""

    shapes: NDArray[np.object_]  # (n,) polygons, local east and north
    planes: Floats  # (n, 3) a, b, c: the height is a·e + b·n + c
    shape: shapely.Geometry  # all of them


def decks_of(features: Sequence[Feature]) -> list[Deck]:
    """The decks of all bridges that have surfaces."""
    found = []
    for feature in features:
        if feature.kind == Kind.BRIDGE and (lod := feature.best_lod()) is not None:
            deck = _deck(feature.lods[lod])
            if len(deck.shapes):
                found.append(deck)
    return found


def carried(areas: Sequence[Area], decks: Sequence[Deck], extent: Extent) -> tuple[list[Area], Draped]:
    """The areas without what bridges carry of them, and that on the decks; owners are numbers of `areas`."""
    shapes = [area.shape for area in areas]
    found = [*_on_decks(areas, decks, shapes)]
    left = [replace(area, shape=shape) for area, shape in zip(areas, shapes, strict=True)]
    if not found:
        return left, NOTHING
    parts, which = shapely.get_parts([piece.shape for piece in found], return_index=True)
    owners = np.asarray([piece.owner for piece in found])[which]
    planes = np.asarray([piece.plane for piece in found])[which]
    planes[:, 2] += LIFT_M
    blocks = block_of(shapely.get_coordinates(shapely.centroid(parts)), extent)
    return left, lay(Pieces(parts, owners, blocks), planes, np.zeros((len(parts), 2, 3)))


@dataclass(slots=True, frozen=True)
class _Carried:
    """What a face of a deck carries of an area."""

    shape: shapely.Geometry
    plane: Floats
    owner: int


def _on_decks(areas: Sequence[Area], decks: Sequence[Deck], shapes: list[shapely.Geometry]) -> Iterator[_Carried]:
    """Piece by piece; takes them out of `shapes`."""
    tree = shapely.STRtree(np.asarray(shapes, dtype=object))
    for deck in decks:
        for owner in np.sort(tree.query(deck.shape, predicate="intersects")).tolist():
            if areas[owner].row.kind not in CARRIED:
                continue
            if shapely.intersection(areas[owner].shape, deck.shape).area < CARRIED_SHARE * deck.shape.area:
                continue
            for face, plane in zip(deck.shapes, deck.planes, strict=True):
                piece = polygonal(shapely.intersection(shapes[owner], face))
                if not piece.is_empty:
                    yield _Carried(piece, plane, owner)
            shapes[owner] = polygonal(shapely.difference(shapes[owner], deck.shape))


def _deck(surfaces: SurfaceSet) -> Deck:
    """The level faces of a bridge, from the top down, each as far as no higher one covers it."""
    faces = Faces.of([surfaces])
    areas = faces.area_vectors()
    level = np.flatnonzero(areas[:, 2] > LEAST_UPRIGHT * np.linalg.norm(areas, axis=1))
    flat = shapely.make_valid(polygons_of(faces, level))
    wide = 2 * shapely.area(flat) >= LEAST_WIDTH_M * shapely.length(flat)
    level, flat = level[wide], flat[wide]
    planes = _planes(faces.first_corners()[level], areas[level])
    seen: list[shapely.Geometry] = []
    taken: shapely.Geometry = shapely.Polygon()
    order = np.argsort(-faces.heights()[1][level], kind="stable")
    for face in order:
        seen.append(polygonal(shapely.difference(flat[face], taken)))
        taken = shapely.union(taken, flat[face])
    is_seen = ~shapely.is_empty(np.asarray(seen, dtype=object)) if seen else np.empty(0, bool)
    return Deck(np.asarray(seen, dtype=object)[is_seen], planes[order][is_seen], polygonal(taken))


def _planes(corners: Floats, normals: Floats) -> Floats:
    """(n, 3): the planes through points with normals, as heights over east and north."""
    slopes = -normals[:, :2] / normals[:, 2:]
    return np.column_stack([slopes, corners[:, 2] - np.einsum("ij,ij->i", slopes, corners[:, :2])])
