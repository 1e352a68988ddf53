"""A generated district, read back from its CityJSON for the tests."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Ring = list[int]


class Model:
    """The city objects of a CityJSON document with their geometry in metres."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.objects: dict[str, dict[str, Any]] = document["CityObjects"]
        transform = document["transform"]
        self.vertices: NDArray[np.float64] = (
            np.asarray(document["vertices"]) * transform["scale"] + transform["translate"]
        )

    def of(self, *kinds: str) -> dict[str, dict[str, Any]]:
        """The objects of these types."""
        return {key: item for key, item in self.objects.items() if item["type"] in kinds}

    def shells(self, key: str) -> Iterator[list[list[Ring]]]:
        """The shells of an object's solids, without those of its parts."""
        for geometry in self.objects[key].get("geometry", []):
            if geometry["type"] == "Solid":
                yield from geometry["boundaries"]
            elif geometry["type"] == "CompositeSolid":
                yield from (shell for solid in geometry["boundaries"] for shell in solid)

    def area(self, key: str) -> BaseGeometry:
        """The ground of an object's surfaces."""
        parts = [
            self._polygon(rings)
            for geometry in self.objects[key].get("geometry", [])
            if geometry["type"] == "MultiSurface"
            for rings in geometry["boundaries"]
        ]
        return shapely.union_all(parts)

    def point(self, key: str) -> NDArray[np.float64]:
        """Where a tree or a piece of furniture stands."""
        point: NDArray[np.float64] = self.vertices[self.objects[key]["geometry"][0]["boundaries"][0]]
        return point

    def used(self, key: str) -> NDArray[np.float64]:
        """The vertices of a building and its parts."""
        keys = [key, *self.objects[key].get("children", [])]
        numbers = {
            number for one in keys for shell in self.shells(one) for face in shell for ring in face for number in ring
        }
        return self.vertices[sorted(numbers)]

    @cached_property
    def footprints(self) -> dict[str, BaseGeometry]:
        """The ground of every building, parts included."""
        return {key: self._footprint([key, *item.get("children", [])]) for key, item in self.of("Building").items()}

    def _footprint(self, keys: list[str]) -> BaseGeometry:
        faces = [self._polygon(shell[0]) for key in keys for shell in self.shells(key)]
        return shapely.union_all(faces)

    def _polygon(self, rings: list[Ring]) -> BaseGeometry:
        shell, *holes = (self.vertices[ring][:, :2] for ring in rings)
        return shapely.make_valid(shapely.Polygon(shell, holes))

    @cached_property
    def uses(self) -> Counter[str]:
        """How many buildings have each use."""
        return Counter(item["attributes"]["use"] for item in self.of("Building").values())
