"""An explicit quadtree of 3D Tiles: how a city's features are shared out, and the tileset files that say so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.mirror.tiles.files import write_hashed, write_json

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_FEATURES = 1_000
MOST_VERTICES = 42_000
DEEPEST = 14
# A tileset file describes at most so many levels; deeper ones stand in files of their own.
LEVELS_PER_FILE = 4
# Boxes are wider than their content by what decoding in single precision may move a vertex.
BOX_MARGIN_M = 0.005


@dataclass(slots=True, frozen=True)
class Box:
    """An upright box in the local frame."""

    low: Floats
    high: Floats

    def union(self, other: "Box") -> "Box":
        return Box(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def as_volume(self) -> dict[str, list[float]]:
        """The bounding volume of a tile: centre and half axes, rounded outward to the millimetre."""
        low = np.floor((self.low - BOX_MARGIN_M) * 1000) / 1000
        high = np.ceil((self.high + BOX_MARGIN_M) * 1000) / 1000
        (x, y, z), (a, b, c) = (low + high) / 2, (high - low) / 2
        box = [x, y, z, a, 0, 0, 0, b, 0, 0, 0, c]
        return {"box": [round(float(value), 4) for value in box]}


@dataclass(slots=True)
class Node:
    """A square of the city. A leaf draws its members whole; any other node has children, which replace it."""

    members: Ints
    children: list["Node"] = field(default_factory=list)
    content: str | None = None
    box: Box | None = None
    error_m: float = 0.0

    @property
    def is_leaf(self) -> bool:
        return not self.children

    def walk(self) -> Iterator["Node"]:
        """This node's descendants and then itself: children come before their parents."""
        for child in self.children:
            yield from child.walk()
        yield self

    def thin(self, is_worthwhile: Callable[["Node"], bool]) -> None:
        """Below this node, give the children of every inner node that is not worthwhile to its parent."""
        kept: list[Node] = []
        for child in self.children:
            child.thin(is_worthwhile)
            kept += [child] if child.is_leaf or is_worthwhile(child) else child.children
        self.children = kept

    def settle(self) -> bool:
        """Grow boxes and errors to hold those below; false where nothing is drawn here or below."""
        self.children = [child for child in self.children if child.settle()]
        for child in self.children:
            if child.box is not None:
                self.box = child.box if self.box is None else self.box.union(child.box)
            self.error_m = max(self.error_m, child.error_m)
        return self.box is not None


def share_out(
    places: Floats, weights: Ints, *, most_features: int = MOST_FEATURES, most_vertices: int = MOST_VERTICES
) -> Node:
    """The tree whose leaves hold at most so many features and vertices.

    Parameters
    ----------
    places
        (n, 2) where each feature counts as standing.
    weights
        (n,) its vertices. One feature that alone has more makes a leaf of its own.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    side = float((high - low).max()) or 1.0
    corner = (low + high - side) / 2

    def split(members: Ints, corner: Floats, side: float, depth: int) -> Node:
        light = len(members) <= most_features and weights[members].sum() <= most_vertices
        if light or len(members) == 1 or depth == DEEPEST:
            return Node(members)
        east, north = (places[members] >= corner + side / 2).T
        node = Node(members)
        for is_north in (False, True):
            for is_east in (False, True):
                part = members[(east == is_east) & (north == is_north)]
                if len(part):
                    shift = np.asarray([is_east, is_north]) * side / 2
                    node.children.append(split(part, corner + shift, side / 2, depth + 1))
        # A node with one child says nothing that the child does not.
        return node.children[0] if len(node.children) == 1 else node

    return split(np.arange(len(places)), corner, side, 0)


def write_tileset(root: Node, folder: Path, transform: list[float]) -> str:
    """Write `tileset.json`, and files for deep branches, into `folder`; returns the name of the first.

    Parameters
    ----------
    root
        A tree that has settled, so with a box.
    transform
        From the local frame to the Earth, column by column.
    """
    tile = _tile(root, folder, 0) | {"transform": transform}
    write_json(folder / "tileset.json", _tileset(tile, root))
    return "tileset.json"


def _tileset(tile: dict[str, Any], node: Node) -> dict[str, Any]:
    box = node.box
    size = float(np.linalg.norm(box.high - box.low)) if box is not None else 0.0
    return {
        "asset": {"version": "1.1", "generator": "MetaCity"},
        "geometricError": round(max(size, node.error_m), 3),
        "root": tile | {"refine": "REPLACE"},
    }


def _tile(node: Node, folder: Path, depth: int) -> dict[str, Any]:
    assert node.box is not None  # noqa: S101
    tile: dict[str, Any] = {
        "boundingVolume": node.box.as_volume(),
        "geometricError": round(node.error_m, 3),
    }
    if depth == LEVELS_PER_FILE and not node.is_leaf:
        below = _tileset(_tile(node, folder, 0), node)
        return tile | {"content": {"uri": write_hashed(folder, below, ".json")}}
    if node.content is not None:
        tile["content"] = {"uri": node.content}
    if node.children:
        tile["children"] = [_tile(child, folder, depth + 1) for child in node.children]
    return tile
