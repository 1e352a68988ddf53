"""Laying areas on the ground: the map is cut into pieces that do not overlap, and these along the terrain's edges.

So every point of the ground is drawn once, exactly on the terrain: nothing floats, sinks or flickers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.tiles.faces import Faces
from twin.mirror.tiles.prisms import polygonal
from twin.mirror.tiles.terrain import Extent, Terrain
from twin.mirror.tiles.triangulation import Cut, cut_faces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

BLOCK_M = 250.0
MOST_BLOCKS = 64  # a side
# Overlays work on a grid of this size, so that neighbours meet in the same points.
GRID_M = 0.001
SLIVER_M2 = 0.02
BARE = -1


@dataclass(slots=True, frozen=True)
class Pieces:
    """Parts of the map that do not overlap."""

    shapes: Shapes  # polygons
    owners: Ints  # which area each belongs to; `BARE` for ground on which nothing lies
    blocks: Ints  # which square of the map each lies in

    def chosen(self, mask: NDArray[np.bool_]) -> "Pieces":
        return Pieces(self.shapes[mask], self.owners[mask], self.blocks[mask])


@dataclass(slots=True, frozen=True)
class Draped:
    """Triangles on the terrain."""

    vertices: Floats  # (n, 3)
    normals: Floats  # (n, 3)
    triangles: Ints  # (m, 3)
    owners: Ints  # (m,) as in `Pieces`
    blocks: Ints  # (m,)


def cut_apart(shapes: Sequence[shapely.Geometry], layers: Sequence[int], extent: Extent) -> Pieces:
    """Cut areas so that none overlaps another, and add the bare ground between them.

    Parameters
    ----------
    shapes
        Valid polygons or multipolygons.
    layers
        For each, its layer: the lower number lies on top. Within a layer the smaller area does.
    extent
        What to cover; areas are cut off at its edge.
    """
    areas = np.asarray(shapes, dtype=object)
    order = np.lexsort((shapely.area(areas), layers)) if len(areas) else np.empty(0, np.int64)
    tree = shapely.STRtree(areas[order])
    found: list[Pieces] = []
    for block, box in enumerate(_blocks(extent)):
        inside = order[np.sort(tree.query(box))]
        # Overlays on a grid raise the processor's flags for numbers that never leave them.
        with np.errstate(divide="ignore", invalid="ignore"):
            pieces = [*_uncovered(areas[inside], box)]
        parts, which = shapely.get_parts(np.asarray(pieces, dtype=object), return_index=True)
        owners = np.append(inside, BARE)[which]
        found.append(Pieces(parts, owners, np.full(len(parts), block)))
    cut = Pieces(
        *(np.concatenate([getattr(piece, name) for piece in found]) for name in ("shapes", "owners", "blocks"))
    )
    # Overlays also return the lines and points in which areas touch.
    is_area = (shapely.get_type_id(cut.shapes) == shapely.GeometryType.POLYGON) & (shapely.area(cut.shapes) > SLIVER_M2)
    return cut.chosen(is_area)


def block_of(points: Floats, extent: Extent) -> Ints:
    """The number of the block in which each of (n, 2) points lies."""
    counts, step = _raster(extent)
    column, row = np.clip((points - extent.low) // step, 0, counts - 1).astype(np.int64).T
    blocks: Ints = row * counts[0] + column
    return blocks


def _raster(extent: Extent) -> tuple[Ints, Floats]:
    """How many blocks there are along each axis, and their sides."""
    counts = np.clip(np.ceil(extent.size / BLOCK_M), 1, MOST_BLOCKS).astype(np.int64)
    return counts, extent.size / counts


def _blocks(extent: Extent) -> Iterator[shapely.Polygon]:
    counts, step = _raster(extent)
    for row in range(counts[1]):
        for column in range(counts[0]):
            low = extent.low + step * [column, row]
            yield shapely.box(*low, *(low + step))


def _uncovered(areas: Shapes, box: shapely.Polygon) -> Iterator[shapely.Geometry]:
    """What is seen of each area within a block, from the top down, and at last of the bare ground."""
    taken = shapely.Polygon()
    for area in shapely.clip_by_rect(areas, *box.bounds):
        # Clipping leaves lines and points too where an area touches the block's edge.
        clipped = polygonal(area if area.is_valid else shapely.make_valid(area))
        seen = shapely.difference(clipped, taken, grid_size=GRID_M)
        if not seen.is_empty:
            # What collapses on the grid comes back as a line, which the next overlay would refuse.
            taken = polygonal(shapely.union(taken, clipped, grid_size=GRID_M))
        yield seen
    yield shapely.difference(box, taken, grid_size=GRID_M)


def drape(pieces: Pieces, terrain: Terrain) -> Draped:
    """Lay pieces of the map on the terrain."""
    if terrain.is_plain:
        level, count = float(terrain.vertices[0, 2]), len(pieces.shapes)
        return lay(pieces, np.tile([0.0, 0.0, level], (count, 1)), np.zeros((count, 2, 3)))
    facets = terrain.shapes()
    shapely.prepare(pieces.shapes)
    facet, piece = shapely.STRtree(pieces.shapes).query(facets, predicate="intersects")
    whole = shapely.covers(pieces.shapes[piece], facets[facet])
    shapes = facets[facet].copy()
    shapes[~whole] = shapely.intersection(facets[facet[~whole]], pieces.shapes[piece[~whole]])
    parts, which = shapely.get_parts(shapes, return_index=True)
    is_area = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 1e-4)
    parts, which = parts[is_area], which[is_area]
    of_piece = piece[which]
    of_facet = facet[which]
    parted = Pieces(parts, pieces.owners[of_piece], pieces.blocks[of_piece])
    return lay(parted, terrain.planes()[of_facet], terrain.leans()[of_facet])


def lay(pieces: Pieces, planes: Floats, leans: Floats) -> Draped:
    """Triangles of polygons, each at the heights of its plane and with the normals of its lean: see `Terrain`."""
    shapes = shapely.orient_polygons(pieces.shapes)
    _, flat, (rings, polygons) = shapely.to_ragged_array(shapes, include_z=False)
    ring_counts, face_counts = np.diff(rings), np.diff(polygons)
    points_per_face = np.add.reduceat(ring_counts, polygons[:-1]) if len(shapes) else ring_counts
    a, b, c = np.repeat(planes, points_per_face, axis=0).T
    points = np.column_stack([flat, a * flat[:, 0] + b * flat[:, 1] + c])
    faces = Faces.cleaned(points, ring_counts, face_counts, np.arange(len(shapes)))
    areas = faces.area_vectors()
    cut = cut_faces(faces, areas, np.flatnonzero(areas[:, 2] > 1e-4))
    normals = _normals(cut, leans)
    return Draped(cut.vertices, normals, cut.triangles, pieces.owners[cut.owners], pieces.blocks[cut.owners])


def _normals(cut: Cut, leans: Floats) -> Floats:
    """(n, 3): normals at the vertices, which no two polygons share."""
    polygon = np.zeros(len(cut.vertices), dtype=np.int64)
    polygon[cut.triangles.ravel()] = np.repeat(cut.owners, 3)
    places = np.column_stack([cut.vertices[:, :2], np.ones(len(cut.vertices))])
    lean = np.einsum("nij,nj->ni", leans[polygon], places)
    upward = np.sqrt(np.maximum(1 - (lean**2).sum(axis=1), 0.0))
    normals: Floats = np.column_stack([lean, upward])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals
