"""What a GML geometry consists of: polygons by number, lines and points by row, whatever holds or names them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from lxml.etree import _Element as Element
from numpy.typing import NDArray

from twin.mirror.readers.citygml.coordinates import Coordinates, Floats, coordinates_within
from twin.mirror.readers.citygml.names import CURVES, HREF, SOLIDS, SURFACE_LEAVES, local, refers
from twin.mirror.readers.citygml.srs import Srs, srs_of
from twin.mirror.readers.citygml.stream import FIRST, LAST, NUMBER

_NOT_SHAPES = {"controlPoint", "stopLines", "breakLines", "maxLength", "metaDataProperty", "name", "description"}


@dataclass(slots=True)
class Shape:
    """A geometry as it stands in the `Coordinates` of a part."""

    surfaces: dict[int, bool] = field(default_factory=dict)  # number of each polygon → whether it is turned round
    lines: list[list[int]] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    is_solid: bool = False
    seen: set[str] = field(default_factory=set)  # ids that it was sent to

    def __bool__(self) -> bool:
        return bool(self.surfaces or self.lines or self.points)


@dataclass(slots=True)
class LooseShape:
    """A geometry with its coordinates, kept for objects elsewhere in the file that name it."""

    polygons: list[list[Floats]]
    lines: list[Floats]
    points: Floats
    is_solid: bool

    @classmethod
    def of(cls, shape: Shape, coordinates: Coordinates) -> "LooseShape":
        polygons = []
        for number, is_turned in shape.surfaces.items():
            rings = [ring for _number, ring in coordinates.rings_of(number)]
            polygons.append([ring[::-1] for ring in rings] if is_turned else rings)
        lines = [coordinates.points(line) for line in shape.lines]
        return cls(polygons, lines, coordinates.points(shape.points), shape.is_solid)

    def put(
        self, shape: Shape, coordinates: Coordinates, *, is_turned: bool, place: Callable[[Floats], Floats]
    ) -> None:
        """Add it to a shape, with its coordinates brought to their place."""
        for rings in self.polygons:
            shape.surfaces[coordinates.add_polygon([place(ring) for ring in rings])] = is_turned
        for line in self.lines:
            first = coordinates.add_rows(place(line))
            shape.lines.append(list(range(first, first + len(line))))
        if len(self.points):
            first = coordinates.add_rows(place(self.points))
            shape.points += range(first, first + len(self.points))
        shape.is_solid = shape.is_solid or self.is_solid

    def points_of_all(self) -> Floats:
        blocks = [ring for rings in self.polygons for ring in rings] + self.lines
        return np.concatenate([*blocks, self.points]) if blocks or len(self.points) else np.empty((0, 3))


@dataclass(slots=True)
class Context:
    """What holds for a geometry because something above says so."""

    dimension: int = 3
    srs: Srs | None = None  # None: the file's


@dataclass(slots=True)
class Geometries:
    """Reads the geometries of one member.

    `targets` are the elements of the member by id, `library` those elsewhere that were asked for; `srs` is the
    system of the file, in which all coordinates end, and `fault` is told of references that lead nowhere or in circles.
    """

    coordinates: Coordinates
    srs: Srs | None
    targets: dict[str, Element]
    library: dict[str, LooseShape]
    fault: Callable[[str, str], None]
    trail: list[str] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)  # polygons whose dimension and system were seen to

    def read(self, holder: Element, shape: Shape, *, is_turned: bool = False, context: Context | None = None) -> None:
        """Add what a property holds or names. Raises ValueError for what cannot be read."""
        context = context or Context()
        href = holder.get(HREF)
        if href is not None and refers(holder.tag):
            self._follow(href, shape, is_turned, context)
        for element in holder:
            if isinstance(element.tag, str):
                self._read(element, local(element.tag), shape, is_turned, context)

    def read_one(self, geometry: Element, shape: Shape) -> None:
        """Add a geometry itself."""
        self._read(geometry, local(geometry.tag), shape, False, Context())

    def _read(self, element: Element, name: str, shape: Shape, is_turned: bool, context: Context) -> None:
        if name in SURFACE_LEAVES:
            self._add_polygon(int(element.get(NUMBER, "-1")), shape, is_turned, _context(element, context))
        elif name in CURVES or name == "Point":
            self._add_points(element, name, shape, _context(element, context))
        elif name not in _NOT_SHAPES and name != "ImplicitGeometry":
            context = _context(element, context)
            if name == "OrientableSurface" and element.get("orientation") == "-":
                is_turned = not is_turned
            shape.is_solid = shape.is_solid or name in SOLIDS
            if (first := element.get(FIRST)) is not None:
                for number in range(int(first), int(element.get(LAST, first)) + 1):
                    self._add_polygon(number, shape, is_turned, context)
            else:
                self.read(element, shape, is_turned=is_turned, context=context)

    def _add_polygon(self, number: int, shape: Shape, is_turned: bool, context: Context) -> None:
        if number < 0:
            return  # taken with a piece before
        if number not in self.settled:
            self.settled.add(number)
            if context.dimension == 2:
                self.coordinates.flatten(number)
            self.coordinates.check(number)
            if context.srs is not None and self.srs is not None and not context.srs.is_same(self.srs):
                for ring, points in self.coordinates.rings_of(number):
                    self.coordinates.replace_ring(ring, context.srs.into(self.srs, points))
        shape.surfaces.setdefault(number, is_turned)

    def _add_points(self, element: Element, name: str, shape: Shape, context: Context) -> None:
        rows = self.coordinates.take_points(coordinates_within(element), context.dimension)
        if context.srs is not None and self.srs is not None and not context.srs.is_same(self.srs):
            first = self.coordinates.add_rows(context.srs.into(self.srs, self.coordinates.points(rows)))
            rows = list(range(first, first + len(rows)))
        if name == "Point":
            shape.points += rows
        else:
            shape.lines.append(rows)

    def _follow(self, href: str, shape: Shape, is_turned: bool, context: Context) -> None:
        name = href.removeprefix("#")
        if name in self.trail:
            self.fault("reference_cycle", name)
            return
        if name in shape.seen:
            return
        shape.seen.add(name)
        target = self.targets.get(name) if href.startswith("#") else None
        if target is not None:
            self.trail.append(name)
            self._read(target, local(target.tag), shape, is_turned, context)
            self.trail.pop()
        elif name in self.library:
            self.library[name].put(shape, self.coordinates, is_turned=is_turned, place=lambda points: points)
        else:
            self.fault("dangling_reference", name)


@dataclass(slots=True)
class Placement:
    """An `ImplicitGeometry`: a shape with coordinates of its own, a matrix and the point where it stands."""

    shape: LooseShape
    matrix: NDArray[np.float64]  # (4, 4)
    anchor: int  # row

    @classmethod
    def read(cls, implicit: Element, geometries: Geometries) -> "Placement":
        shape, anchor = Shape(), Shape()
        matrix = np.eye(4)
        for part in implicit:
            name = local(part.tag) if isinstance(part.tag, str) else ""
            if name in {"relativeGMLGeometry", "relativeGeometry"}:
                Geometries(
                    geometries.coordinates, None, geometries.targets, geometries.library, geometries.fault,
                    geometries.trail, geometries.settled,
                ).read(part, shape)  # fmt: skip
            elif name == "referencePoint":
                geometries.read(part, anchor)
            elif name == "transformationMatrix":
                matrix = _matrix(part.text)
        if not anchor.points:
            raise ValueError(_("its reference point is missing"))
        return cls(LooseShape.of(shape, geometries.coordinates), matrix, anchor.points[0])

    def offsets(self, points: Floats) -> Floats:
        """Metres east, north and up of the anchor for points (n, 3) of the shape."""
        return points @ self.matrix[:3, :3].T + self.matrix[:3, 3]

    def size(self) -> tuple[float, float] | None:
        """Height and greatest width in metres; None where there is no shape."""
        points = self.offsets(self.shape.points_of_all())
        if not len(points):
            return None
        width, depth, height = np.ptp(points, axis=0)
        return round(float(height), 3), round(float(max(width, depth)), 3)

    def put(self, shape: Shape, coordinates: Coordinates, srs: Srs) -> None:
        anchor = coordinates.points([self.anchor])[0]
        self.shape.put(shape, coordinates, is_turned=False, place=lambda p: srs.moved(anchor, self.offsets(p)))


def _context(element: Element, above: Context) -> Context:
    """What holds from an element on. Only a few say anything of their own."""
    name, dimension = element.get("srsName"), element.get("srsDimension")
    if name is None and dimension is None:
        return above
    return Context(
        int(dimension) if dimension is not None and dimension.isdigit() else above.dimension,
        srs_of(name) if name is not None else above.srs,
    )


def _matrix(text: str | None) -> NDArray[np.float64]:
    try:
        matrix = np.array([float(word) for word in (text or "").split()])
    except ValueError:
        matrix = np.empty(0)
    if matrix.shape != (16,) or not np.isfinite(matrix).all():
        raise ValueError(_("its matrix is not 16 numbers"))
    return matrix.reshape(4, 4)
