"""Simple 3D Buildings: which parts make up which building (wiki.openstreetmap.org/wiki/Simple_3D_Buildings)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

_LEAST_SHARE = 0.5  # of a part within the outline; mappers' lines overlap by a little


@dataclass(slots=True)
class Part:
    """A part of a building; `outline` where a relation says whose."""

    source_id: str
    properties: dict[str, Any]
    geometry: dict[str, Any]
    outline: str | None
    is_taken: bool = False


@dataclass(slots=True)
class Parts:
    """The parts of all buildings of a file, which the buildings take as they come."""

    parts: Sequence[Part]
    _shapes: "np.typing.NDArray[np.object_]" = field(init=False)
    _tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        self._shapes = np.array([shape_of(part.geometry) for part in self.parts], dtype=object)
        self._tree = shapely.STRtree(self._shapes)

    def take(self, outline_id: str, geometry: dict[str, Any]) -> list[Part]:
        """The parts of a building, each given to one building only."""
        if not len(self.parts):
            return []
        taken = [part for part in self._within(geometry) if not part.is_taken and part.outline in {None, outline_id}]
        for part in taken:
            part.is_taken = True
        return taken

    def left(self) -> Iterator[Part]:
        """Parts that no building took."""
        return (part for part in self.parts if not part.is_taken)

    def _within(self, geometry: dict[str, Any]) -> Iterator[Part]:
        outline = shape_of(geometry)
        near = np.sort(self._tree.query(outline, predicate="intersects"))
        shapes = self._shapes[near]
        common = shapely.area(shapely.intersection(shapes, outline))
        return (self.parts[place] for place in near[common > _LEAST_SHARE * shapely.area(shapes)].tolist())


def shape_of(geometry: dict[str, Any]) -> shapely.Geometry:
    """A valid shape in degrees: shares of areas are the same in them as in metres."""
    return shapely.make_valid(shapely.geometry.shape(geometry))
