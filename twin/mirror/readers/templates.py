"""Shapes that CityJSON objects share: each written once and placed by a matrix."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.mirror.errors import FileRefused
from twin.mirror.readers.assembly import Surfaces
from twin.mirror.readers.boundaries import add_geometry, lod_of


@dataclass(slots=True)
class Templates:
    """The member `geometry-templates` of a CityJSON document."""

    geometries: list[Any] = field(default_factory=list)
    vertices: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 3)))
    shapes: dict[int, "Shape"] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: object) -> "Templates":
        if raw is None:
            return cls()
        if not isinstance(raw, dict) or not isinstance(raw.get("templates"), list):
            raise FileRefused(_("geometry-templates is not what CityJSON defines."))
        try:
            vertices = np.asarray(raw.get("vertices-templates") or np.empty((0, 3)), dtype=np.float64)
        except (TypeError, ValueError):
            vertices = np.empty(0)
        if vertices.ndim != 2 or vertices.shape[1] != 3 or not np.isfinite(vertices).all():
            raise FileRefused(_("vertices-templates is not a list of three numbers each."))
        return cls(raw["templates"], vertices)

    def lod(self, instance: dict[str, Any]) -> str:
        return str(self._shape(instance).lod)

    def placed(self, instance: dict[str, Any]) -> NDArray[np.float64]:
        """The vertices that a template uses, turned and scaled for one instance, still to be moved to its point."""
        matrix = _matrix(instance.get("transformationMatrix"))
        return self._shape(instance).vertices @ matrix[:3, :3].T + matrix[:3, 3]

    def add_surfaces(self, surfaces: Surfaces, instance: dict[str, Any], offset: int) -> None:
        """Append the polygons of a template whose placed vertices stand behind `offset`."""
        shape = self._shape(instance).surfaces
        surfaces.indices += [index + offset for index in shape.indices]
        surfaces.ring_sizes += shape.ring_sizes
        surfaces.polygon_sizes += shape.polygon_sizes
        surfaces.semantics += shape.semantics

    def size(self, instance: dict[str, Any]) -> tuple[float, float]:
        """Height and greatest width in metres of the placed template."""
        points = self.placed(instance)
        width, depth, height = points.max(axis=0) - points.min(axis=0)
        return round(float(height), 3), round(float(max(width, depth)), 3)

    def _shape(self, instance: dict[str, Any]) -> "Shape":
        number = instance.get("template")
        if type(number) is not int or not 0 <= number < len(self.geometries):
            raise ValueError(_("there is no template %(number)s") % {"number": str(number)[:20]})
        if number not in self.shapes:
            self.shapes[number] = Shape.of(self.geometries[number], self.vertices)
        return self.shapes[number]


@dataclass(slots=True)
class Shape:
    """One template: its polygons, and the vertices that they use."""

    surfaces: Surfaces
    vertices: NDArray[np.float64]
    lod: str

    @classmethod
    def of(cls, geometry: object, vertices: NDArray[np.float64]) -> "Shape":
        if not isinstance(geometry, dict):
            raise TypeError(_("its template is no JSON object"))
        surfaces = Surfaces()
        add_geometry(surfaces, geometry, 0, len(vertices))
        if not surfaces.indices:
            raise ValueError(_("its template has no surface"))
        used, compact = np.unique(surfaces.indices, return_inverse=True)
        surfaces.indices = compact.tolist()
        return cls(surfaces, vertices[used], lod_of(geometry))


def _matrix(raw: object) -> NDArray[np.float64]:
    if raw is None:
        return np.eye(4)
    try:
        matrix = np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError):
        matrix = np.empty(0)
    if matrix.shape != (16,) or not np.isfinite(matrix).all():
        raise ValueError(_("its matrix is not 16 numbers"))
    return matrix.reshape(4, 4)
