"""The ground's tileset: terrain, and on it streets, squares, water and green."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.areas import LAYERS, Area, areas_of
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.decks import Deck, carried, decks_of
from twin.mirror.tiles.drape import Draped, cut_apart, drape
from twin.mirror.tiles.files import write_hashed
from twin.mirror.tiles.glb import quantise, write_glb
from twin.mirror.tiles.metadata import KIND_NUMBERS, Row
from twin.mirror.tiles.prisms import polygonal
from twin.mirror.tiles.quadtree import Box, Node, share_out, write_tileset
from twin.mirror.tiles.terrain import Extent, Terrain
from twin.mirror.tiles.water import sheets, stands_over_bed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Advance = Callable[[float], None]

# What must have ground below it.
STANDING = frozenset({Kind.TERRAIN, Kind.BUILDING, Kind.BUILDING_PART})
# Around a city without surveyed terrain, a little land.
MARGIN_SHARE = 0.04
MARGIN_M = (30.0, 150.0)
# From afar: outlines simplified by so much, and nothing smaller than this.
FAR_TOLERANCE_M = 4.0
FAR_AREA_M2 = 600.0
# A picture from afar of less than this would weigh about as much as what it stands for.
FAR_FROM_TRIANGLES = 300_000
# Two centimetres are finer than any survey of the ground, and an eighth smaller than one.
STEP_M = 0.02
# A building whose foot is further from the ground than this floats or is buried.
CLAMP_M = 1.0


@dataclass(slots=True, frozen=True)
class GroundTiles:
    """What was written, and the ground itself for whatever stands on it."""

    tileset: str
    report: dict[str, Any]
    box: Box | None
    terrain: Terrain
    areas: list[Area]


@dataclass(slots=True)
class Standing:
    """What the ground must know of what stands on it."""

    footings: Floats = field(default_factory=lambda: np.empty((0, 3)))  # east and north of each, and its foot's height
    outlines: list[Floats] = field(default_factory=list)  # each (k, 2): corners around some of it
    decks: list[Deck] = field(default_factory=list)  # of its bridges

    def see(self, features: Sequence[Feature]) -> None:
        """Take note of outlines and decks of some of the buildings and bridges."""
        places = np.concatenate([np.empty((0, 2)), *_places(features)])
        if len(places):
            self.outlines.append(shapely.get_coordinates(shapely.convex_hull(shapely.MultiPoint(places))))
        self.decks += decks_of(features)


def write_ground(
    features: Sequence[Feature],
    ids: Mapping[str, UUID],
    frame: LocalFrame,
    folder: Path,
    compressor: Compressor,
    standing: Standing,
    advance: Advance,
) -> GroundTiles | None:
    """Write the ground's tileset into `folder`; None for a city without any place.

    Parameters
    ----------
    features, ids, frame
        As for `build`; buildings and bridges may be left out.
    standing
        What these are to the ground.
    advance
        Is told the share that is done.
    """
    areas = areas_of(features, ids)
    extent = _extent(features, areas, standing.outlines)
    if extent is None:
        return None
    terrain = Terrain.of(features, standing.footings, extent)
    advance(0.2)
    decks = standing.decks
    near = _laid(areas, decks, terrain)
    advance(0.6)
    bare = Row(id=_terrain_id(features, ids), kind=Kind.TERRAIN)
    rows = [*(area.row for area in areas), bare]
    folder.mkdir(parents=True, exist_ok=True)
    root = _tree(near, rows, areas, decks, terrain, folder, compressor)
    advance(0.9)
    root.settle()
    tileset = write_tileset(root, folder, frame.tile_transform)
    return GroundTiles(tileset, _report(terrain, standing.footings), root.box, terrain, areas)


def _extent(features: Sequence[Feature], areas: Sequence[Area], outlines: Sequence[Floats]) -> Extent | None:
    """What the ground must cover: everything there is, and a margin where no survey has an edge of its own."""
    places = np.concatenate([np.empty((0, 2)), *_places(features), *outlines, *(_corners(area) for area in areas)])
    if not len(places):
        return None
    low, high = places.min(axis=0), places.max(axis=0)
    if any(feature.kind == Kind.TERRAIN for feature in features):
        # Not the rectangle around it: surveys lie askew in the local frame.
        outline = shapely.convex_hull(shapely.MultiPoint(places))
        if isinstance(outline, shapely.Polygon):
            return Extent(np.floor(low), np.ceil(high), outline)
    margin = float(np.clip((high - low).max() * MARGIN_SHARE, *MARGIN_M))
    # Whole metres, so that tiles, grid and map agree on the edge.
    return Extent(np.floor(low - margin), np.ceil(high + margin))


def _places(features: Sequence[Feature]) -> Iterator[Floats]:
    """East and north of all corners of terrain and buildings, and of all points."""
    for feature in features:
        if feature.points is not None:
            yield feature.points[:, :2]
        if feature.kind in STANDING and (lod := feature.best_lod("9")) is not None:
            surfaces = feature.lods[lod]
            yield surfaces.vertices[surfaces.rings, :2]


def _corners(area: Area) -> Floats:
    corners: Floats = shapely.get_coordinates(area.shape)
    return corners


def _terrain_id(features: Sequence[Feature], ids: Mapping[str, UUID]) -> str:
    return next((str(ids[feature.source_id]) for feature in features if feature.kind == Kind.TERRAIN), "")


def _laid(areas: Sequence[Area], decks: Sequence[Deck], terrain: Terrain) -> Draped:
    """Every area on the terrain or a deck, and the bare ground between.

    Owners are areas, the last number the bare ground's.
    """
    areas, on_decks = carried(areas, decks, terrain.extent)
    over = [stands_over_bed(area, terrain) for area in areas]
    laid = [index for index, is_over in enumerate(over) if not is_over]
    wet = [index for index, is_over in enumerate(over) if is_over]
    pieces = cut_apart(
        [areas[index].shape for index in laid],
        [LAYERS.index(areas[index].row.kind) for index in laid],
        terrain.extent,
    )
    numbers = np.asarray([*laid, len(areas)])
    pieces = replace(pieces, owners=numbers[pieces.owners])  # `BARE` takes the last
    draped = drape(pieces, terrain)
    return _joined(_joined(draped, sheets([areas[index] for index in wet], wet, terrain)), on_decks)


def _joined(first: Draped, second: Draped) -> Draped:
    """Both, the second one's corners numbered on."""
    return Draped(
        np.concatenate([first.vertices, second.vertices]),
        np.concatenate([first.normals, second.normals]),
        np.concatenate([first.triangles, second.triangles + len(first.vertices)]),
        np.concatenate([first.owners, second.owners]),
        np.concatenate([first.blocks, second.blocks]),
    )


def _tree(
    near: Draped,
    rows: Sequence[Row],
    areas: Sequence[Area],
    decks: Sequence[Deck],
    terrain: Terrain,
    folder: Path,
    compressor: Compressor,
) -> Node:
    blocks, which = np.unique(near.blocks, return_inverse=True)
    weights = np.bincount(which)
    centroids = near.vertices[near.triangles].mean(axis=1)[:, :2]
    places = np.stack([np.bincount(which, weights=centroids[:, axis]) / weights for axis in range(2)], axis=1)
    root = share_out(places, weights, most_features=len(blocks))

    def is_worthwhile(node: Node) -> bool:
        return int(weights[node.members].sum()) >= FAR_FROM_TRIANGLES

    root.thin(is_worthwhile)
    for node in root.walk():
        if node.is_leaf:
            _fill(node, near, blocks[node.members], rows, folder, compressor)
    if not root.is_leaf and not is_worthwhile(root):
        root.error_m = float(np.linalg.norm(terrain.extent.size))  # without content it never stands for its children
    elif not root.is_leaf:
        far = _laid([_plain(area) for area in areas], decks, terrain.coarse())
        for node in root.walk():
            if not node.is_leaf:
                _fill(node, far, blocks[node.members], rows, folder, compressor)
                node.error_m = FAR_TOLERANCE_M
    return root


def _plain(area: Area) -> Area:
    """An area as it is seen from afar; too small a one is empty."""
    shape = polygonal(shapely.make_valid(shapely.simplify(area.shape, FAR_TOLERANCE_M)))
    return replace(area, shape=shape if shape.area > FAR_AREA_M2 else shapely.Polygon())


def _fill(node: Node, draped: Draped, blocks: Ints, rows: Sequence[Row], folder: Path, compressor: Compressor) -> None:
    """Draw these blocks as the node's content, with a table of the features found in them."""
    chosen = np.isin(draped.blocks, blocks)
    owners, features = np.unique(draped.owners[chosen], return_inverse=True)
    table = [rows[owner] for owner in owners]
    kinds = np.asarray([KIND_NUMBERS[row.kind] for row in table])
    quantised = quantise(
        draped.vertices, draped.triangles[chosen], features, kinds, normals=draped.normals, finest_step_m=STEP_M
    )
    if quantised is None:
        return
    node.content = write_hashed(folder, compressor.compress(write_glb(quantised, table)), ".glb")
    node.box = Box(*quantised.bounds())


def _report(terrain: Terrain, footings: Floats) -> dict[str, Any]:
    """How the buildings stand on the ground."""
    above = footings[:, 2] - terrain.heights_at(footings[:, :2]) if len(footings) else np.empty(0)
    return {
        "terrain": "surveyed" if terrain.surveyed else "plain" if terrain.is_plain else "guessed",
        "floating": int((above > CLAMP_M).sum()),
        "buried": int((above < -CLAMP_M).sum()),
    }
