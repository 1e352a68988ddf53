"""The buildings' tileset: near, every building whole; from afar, the large ones as blocks."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, SurfaceSet
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.blocks import Block, blocks_of
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import write_hashed
from twin.mirror.tiles.glb import quantise, write_glb
from twin.mirror.tiles.mesh import Mesh, MeshFaults, triangulate
from twin.mirror.tiles.metadata import Row
from twin.mirror.tiles.prisms import footprint, polygonal, raised
from twin.mirror.tiles.quadtree import Box, Node, share_out, write_tileset
from twin.mirror.tiles.stock import Goods, Stock

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Advance = Callable[[float], None]

# At most so much is in memory at a time: some 100 MB.
REGION_FAMILIES = 10_000
REGION_POINTS = 1_000_000
# From afar: at most so much in a tile, and buildings of more triangles as blocks over their footprint.
FAR_FEATURES = 1_000
# A picture from afar of fewer buildings saves less than it weighs; only the city as a whole always has one.
FAR_FROM_FEATURES = 4_000
FAR_TRIANGLES = 14_000
PLAIN_TRIANGLES = 40
BLOCK_TOLERANCE_M = 1.0


@dataclass(slots=True, frozen=True)
class BuildingTiles:
    """What was written, and what the ground needs to know of the buildings."""

    tileset: str | None
    report: dict[str, Any]
    box: Box | None
    footings: Floats  # (blocks, 3): east and north of each block's middle, and the height it stands on


@dataclass(slots=True, frozen=True)
class Region:
    """The blocks of a part of the city, with one owner in the mesh for each."""

    features: Sequence[Feature]
    blocks: Sequence[Block]
    mesh: Mesh
    low: Floats  # (blocks, 3) corners of each block
    high: Floats

    @property
    def rows(self) -> list[Row]:
        return [block.row for block in self.blocks]

    @property
    def triangle_counts(self) -> Ints:
        return np.bincount(self.mesh.owners, minlength=len(self.blocks))


See = Callable[[Region], None]


@dataclass(slots=True, frozen=True)
class _Large:
    """Blocks that may be seen from afar, and the size of the largest of those that are not among them."""

    blocks: Sequence[Block]
    low: Floats
    high: Floats
    triangles: Ints
    left_out_m: float = 0.0

    @classmethod
    def of(cls, region: Region, members: Ints) -> Self:
        blocks = [region.blocks[member] for member in members]
        return cls(blocks, region.low[members], region.high[members], region.triangle_counts[members])

    @classmethod
    def joined(cls, parts: Sequence["_Large"]) -> "_Large":
        return cls(
            [block for part in parts for block in part.blocks],
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
            np.concatenate([part.triangles for part in parts]),
            max(part.left_out_m for part in parts),
        )

    @property
    def sizes(self) -> Floats:
        """(blocks,): the edge of the cube of equal volume, by which what is left out from afar is judged."""
        edges: Floats = np.cbrt(np.maximum(self.high - self.low, 0.1).prod(axis=1))
        return edges

    def largest(self, count: int) -> "_Large":
        """So many of them, the largest first."""
        order = np.argsort(-self.sizes, kind="stable")
        chosen, rest = order[:count], order[count:]
        return _Large(
            [self.blocks[place] for place in chosen],
            self.low[chosen],
            self.high[chosen],
            self.triangles[chosen],
            float(max(self.left_out_m, self.sizes[rest].max(initial=0.0))),
        )


def write_buildings(
    stock: Stock, frame: LocalFrame, folder: Path, compressor: Compressor, advance: Advance, see: See
) -> BuildingTiles:
    """Write the tileset of everything with walls into `folder`, region by region.

    Parameters
    ----------
    stock, frame
        As for `build_city`.
    advance
        Is told the share that is done.
    see
        Is shown every region, once, for all that is drawn of buildings elsewhere.
    """
    drawing = _Drawing(stock, folder, compressor, advance, see)
    root = drawing.draw_city()
    tileset = write_tileset(root, folder, frame.tile_transform) if root is not None and root.settle() else None
    footings = np.concatenate([np.empty((0, 3)), *drawing.footings])
    return BuildingTiles(tileset, drawing.report(), root.box if root is not None else None, footings)


class _Drawing:
    """Draws a city's buildings; of those already drawn it remembers where they stand, and the largest."""

    def __init__(self, stock: Stock, folder: Path, compressor: Compressor, advance: Advance, see: See) -> None:
        self._stock, self._folder, self._compressor = stock, folder, compressor
        self._advance, self._see = advance, see
        self._families = len(stock.walls.places)
        self._done = 0
        self._report = Counter({field.name: 0 for field in fields(MeshFaults)} | {"buildings": 0, "without_surface": 0})
        self.footings: list[Floats] = []

    def report(self) -> dict[str, int]:
        return dict(self._report)

    def draw_city(self) -> Node | None:
        """The tree of the whole city; None where there is nothing to draw."""
        if not self._families:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        walls = self._stock.walls
        regions = share_out(walls.places, walls.weights, most_features=REGION_FAMILIES, most_vertices=REGION_POINTS)
        nodes, _large = self._draw(regions, is_whole=True)
        return nodes[0] if nodes else None

    def _draw(self, node: Node, *, is_whole: bool) -> tuple[list[Node], _Large | None]:
        """The nodes that stand for a square of the city, and its largest blocks."""
        if node.is_leaf:
            return self._draw_region(node.members, is_whole=is_whole)
        drawn = [self._draw(child, is_whole=False) for child in node.children]
        nodes = [below for nodes, _large in drawn for below in nodes]
        parts = [large for _nodes, large in drawn if large is not None]
        if not parts:
            return [], None
        large = _Large.joined(parts).largest(FAR_FEATURES)
        above = Node(np.empty(0, np.int64), nodes)
        self._fill_from_afar(above, large)
        return [above], large

    def _draw_region(self, families: Ints, *, is_whole: bool) -> tuple[list[Node], _Large | None]:
        region = self._meshed(self._stock.families(families))
        share = len(families) / self._families
        self._advance((self._done + 0.4 * len(families)) / self._families)
        root = self._tree(region, is_whole=is_whole) if len(region.mesh.triangles) else None
        self._done += len(families)
        self._see(region)
        self.footings.append(np.column_stack([(region.low[:, :2] + region.high[:, :2]) / 2, region.low[:, 2]]))
        self._advance(self._done / self._families)
        if root is None:
            return [], None
        large = _Large.of(region, np.arange(len(region.blocks))) if share < 1 else None
        nodes = [root] if root.is_leaf or is_whole or _is_worthwhile(root) else root.children
        return nodes, large.largest(FAR_FEATURES) if large is not None else None

    def _meshed(self, goods: Goods) -> Region:
        found = blocks_of(goods.features, goods.ids)
        sets, block_of_set = found.surface_sets()
        mesh = triangulate(sets, drop_bottoms=True)
        self._report.update(asdict(mesh.faults))
        self._report.update({"buildings": len(found.blocks), "without_surface": found.without_surface})
        return _by_block(goods.features, found.blocks, mesh, block_of_set)

    def _tree(self, region: Region, *, is_whole: bool) -> Node:
        places = (region.low[:, :2] + region.high[:, :2]) / 2
        # Welding leaves about as many vertices as there are triangles.
        root = share_out(places, region.triangle_counts)
        root.thin(_is_worthwhile)
        for node in root.walk():
            if node.is_leaf:
                _fill(node, region.mesh, node.members, region.rows, self._folder, self._compressor)
            elif node is not root or is_whole or _is_worthwhile(root):
                self._fill_from_afar(node, _Large.of(region, node.members))
        return root

    def _fill_from_afar(self, node: Node, large: _Large) -> None:
        """Draw the largest blocks, plain; the node's error is the size of the largest left out."""
        by_size = large.largest(len(large.blocks))
        affordable = np.cumsum(np.minimum(by_size.triangles, PLAIN_TRIANGLES)) <= FAR_TRIANGLES
        shown = by_size.largest(min(FAR_FEATURES, int(affordable.sum())))
        plain = [_plain(shown, place) for place in range(len(shown.blocks))]
        mesh = triangulate([surfaces for sets in plain for surfaces in sets], drop_bottoms=True)
        block_of_set = np.repeat(np.arange(len(plain)), [len(sets) for sets in plain])
        mesh = replace(mesh, owners=block_of_set[mesh.owners])
        rows = [block.row for block in shown.blocks]
        _fill(node, mesh, np.arange(len(plain)), rows, self._folder, self._compressor)
        node.error_m = max(shown.left_out_m, BLOCK_TOLERANCE_M)


def _is_worthwhile(node: Node) -> bool:
    return len(node.members) >= FAR_FROM_FEATURES


def _by_block(features: Sequence[Feature], blocks: Sequence[Block], mesh: Mesh, block_of_set: Ints) -> Region:
    """One owner a block; blocks of which no triangle is left drop out."""
    owners = block_of_set[mesh.owners]
    drawn, owners = np.unique(owners, return_inverse=True)
    corners = mesh.vertices[mesh.triangles]
    low, high = np.full((len(drawn), 3), np.inf), np.full((len(drawn), 3), -np.inf)
    starts = np.searchsorted(owners, np.arange(len(drawn)))
    if len(drawn):
        low = np.minimum.reduceat(corners.min(axis=1), starts)
        high = np.maximum.reduceat(corners.max(axis=1), starts)
    return Region(
        features,
        [blocks[index] for index in drawn],
        Mesh(mesh.vertices, mesh.triangles, owners, mesh.faults),
        low,
        high,
    )


def _fill(node: Node, mesh: Mesh, owners: Ints, rows: Sequence[Row], folder: Path, compressor: Compressor) -> None:
    """Draw these owners of a mesh as the node's content; `rows` are by owner."""
    vertices, triangles, features = mesh.of(owners)
    quantised = quantise(vertices, triangles, features)
    if quantised is None:
        return
    glb = write_glb(quantised, [rows[owner] for owner in owners])
    node.content = write_hashed(folder, compressor.compress(glb), ".glb")
    node.box = Box(*quantised.bounds())


def _plain(large: _Large, place: int) -> list[SurfaceSet]:
    """A block over the footprint, unless the building is plain already."""
    block = large.blocks[place]
    if large.triangles[place] <= PLAIN_TRIANGLES:
        return block.sets
    area = shapely.union_all([footprint(surfaces) for surfaces in block.sets])
    simple = polygonal(shapely.make_valid(shapely.simplify(area, BLOCK_TOLERANCE_M)))
    if simple.is_empty:
        return block.sets
    return [raised(simple, float(large.low[place, 2]), float(large.high[place, 2]))]
