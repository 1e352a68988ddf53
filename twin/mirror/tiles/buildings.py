"""The buildings' tileset: near, every building whole; from afar, the large ones as blocks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.mirror.features import Feature, SurfaceSet
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.blocks import Block, blocks_of
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import write_hashed
from twin.mirror.tiles.glb import quantise, write_glb
from twin.mirror.tiles.mesh import Mesh, triangulate
from twin.mirror.tiles.metadata import Row
from twin.mirror.tiles.prisms import footprint, polygonal, raised
from twin.mirror.tiles.quadtree import Box, Node, share_out, write_tileset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Advance = Callable[[float], None]

# From afar: at most so much in a tile, and buildings of more triangles as blocks over their footprint.
FAR_FEATURES = 1_000
# A picture from afar of fewer buildings saves less than it weighs; only the city as a whole always has one.
FAR_FROM_FEATURES = 4_000
FAR_TRIANGLES = 14_000
PLAIN_TRIANGLES = 40
BLOCK_TOLERANCE_M = 1.0


@dataclass(slots=True, frozen=True)
class BuildingTiles:
    """What was written, and what the rest of a publication needs to know of the buildings."""

    tileset: str | None
    report: dict[str, Any]
    box: Box | None
    blocks: Sequence[Block]
    low: Floats  # (blocks, 3) corners of each block
    high: Floats

    @property
    def footings(self) -> Floats:
        """(blocks, 3): east and north of each block's middle, and the height it stands on."""
        return np.column_stack([(self.low[:, :2] + self.high[:, :2]) / 2, self.low[:, 2]])


@dataclass(slots=True, frozen=True)
class _City:
    """The city's mesh with one owner for each block."""

    blocks: Sequence[Block]
    mesh: Mesh
    low: Floats  # (blocks, 3)
    high: Floats

    @property
    def rows(self) -> list[Row]:
        return [block.row for block in self.blocks]

    @property
    def sizes(self) -> Floats:
        """(blocks,): the edge of the cube of equal volume, by which what is left out from afar is judged."""
        edges: Floats = np.cbrt(np.maximum(self.high - self.low, 0.1).prod(axis=1))
        return edges


def write_buildings(
    features: Sequence[Feature],
    ids: Mapping[str, UUID],
    frame: LocalFrame,
    folder: Path,
    compressor: Compressor,
    advance: Advance,
) -> BuildingTiles:
    """Write the tileset of everything with walls into `folder`.

    Parameters
    ----------
    features, ids, frame
        As for `build`.
    advance
        Is told the share that is done.
    """
    found = blocks_of(features, ids)
    sets, block_of_set = found.surface_sets()
    mesh = triangulate(sets, drop_bottoms=True)
    report = asdict(mesh.faults) | {"buildings": len(found.blocks), "without_surface": found.without_surface}
    city = _by_block(found.blocks, mesh, block_of_set)
    advance(0.4)
    if not len(mesh.triangles):
        return BuildingTiles(None, report, None, city.blocks, city.low, city.high)
    folder.mkdir(parents=True, exist_ok=True)
    root = _tree(city, folder, compressor, advance)
    tileset = write_tileset(root, folder, frame.tile_transform) if root.settle() else None
    return BuildingTiles(tileset, report, root.box, city.blocks, city.low, city.high)


def _by_block(blocks: Sequence[Block], mesh: Mesh, block_of_set: Ints) -> _City:
    """One owner a block; blocks of which no triangle is left drop out."""
    owners = block_of_set[mesh.owners]
    drawn, owners = np.unique(owners, return_inverse=True)
    corners = mesh.vertices[mesh.triangles]
    low, high = np.full((len(drawn), 3), np.inf), np.full((len(drawn), 3), -np.inf)
    starts = np.searchsorted(owners, np.arange(len(drawn)))
    if len(drawn):
        low = np.minimum.reduceat(corners.min(axis=1), starts)
        high = np.maximum.reduceat(corners.max(axis=1), starts)
    return _City(
        [blocks[index] for index in drawn], Mesh(mesh.vertices, mesh.triangles, owners, mesh.faults), low, high
    )


def _tree(city: _City, folder: Path, compressor: Compressor, advance: Advance) -> Node:
    places = (city.low[:, :2] + city.high[:, :2]) / 2
    # Welding leaves about as many vertices as there are triangles.
    root = share_out(places, np.bincount(city.mesh.owners, minlength=len(city.blocks)))
    root.thin(lambda node: len(node.members) >= FAR_FROM_FEATURES)
    nodes = list(root.walk())
    for done, node in enumerate(nodes, start=1):
        if node.is_leaf:
            _fill(node, city.mesh, node.members, city.rows, folder, compressor)
        else:
            _fill_from_afar(node, city, folder, compressor)
        advance(0.4 + 0.6 * done / len(nodes))
    return root


def _fill(node: Node, mesh: Mesh, owners: Ints, rows: Sequence[Row], folder: Path, compressor: Compressor) -> None:
    """Draw these owners of a mesh as the node's content; `rows` are by owner."""
    vertices, triangles, features = mesh.of(owners)
    quantised = quantise(vertices, triangles, features)
    if quantised is None:
        return
    glb = write_glb(quantised, [rows[owner] for owner in owners])
    node.content = write_hashed(folder, compressor.compress(glb), ".glb")
    node.box = Box(*quantised.bounds())


def _fill_from_afar(node: Node, city: _City, folder: Path, compressor: Compressor) -> None:
    """Draw the node's largest buildings, plain; its error is the size of the largest left out."""
    by_size = node.members[np.argsort(-city.sizes[node.members], kind="stable")]
    triangles = np.bincount(city.mesh.owners, minlength=len(city.blocks))[by_size]
    affordable = np.cumsum(np.minimum(triangles, PLAIN_TRIANGLES)) <= FAR_TRIANGLES
    shown, left_out = np.split(by_size, [min(FAR_FEATURES, int(affordable.sum()))])
    plain = [_plain(city, int(owner), int(count)) for owner, count in zip(shown, triangles, strict=False)]
    mesh = triangulate([surfaces for sets in plain for surfaces in sets], drop_bottoms=True)
    block_of_set = np.repeat(np.arange(len(plain)), [len(sets) for sets in plain])
    mesh = replace(mesh, owners=block_of_set[mesh.owners])
    rows = [city.blocks[owner].row for owner in shown]
    _fill(node, mesh, np.arange(len(plain)), rows, folder, compressor)
    node.error_m = float(max(city.sizes[left_out].max(initial=0.0), BLOCK_TOLERANCE_M))


def _plain(city: _City, owner: int, triangles: int) -> list[SurfaceSet]:
    """A block over the footprint, unless the building is plain already."""
    block = city.blocks[owner]
    if triangles <= PLAIN_TRIANGLES:
        return block.sets
    area = shapely.union_all([footprint(surfaces) for surfaces in block.sets])
    simple = polygonal(shapely.make_valid(shapely.simplify(area, BLOCK_TOLERANCE_M)))
    if simple.is_empty:
        return block.sets
    return [raised(simple, float(city.low[owner, 2]), float(city.high[owner, 2]))]
