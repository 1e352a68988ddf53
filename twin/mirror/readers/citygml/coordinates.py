"""Rings of polygons and other points of a part of a file: taken from XML as it passes, then worked on at once."""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from lxml.etree import _Element as Element
from numpy.typing import NDArray

from twin.mirror.readers.citygml.names import local
from twin.mirror.rings import Ints, Rings, gather, starts

Floats = NDArray[np.float64]
_BOUNDARIES = {"exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"}
_HASH = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def numbers_of(text: str | None) -> list[float]:
    """Numbers parted by blanks. Raises ValueError with the first text that is none."""
    try:
        numbers = list(map(float, (text or "").split()))
    except ValueError:
        numbers = [math.nan]
    # XML writes numbers without the underscores that Python takes.
    if not math.isfinite(sum(numbers)) or "_" in (text or ""):
        raise ValueError(_("“%(text)s” is no number") % {"text": _first_wrong(text or "")})
    return numbers


def _first_wrong(text: str) -> str:
    def is_number(word: str) -> bool:
        try:
            return math.isfinite(float(word)) and "_" not in word
        except ValueError:
            return False

    return next((word[:40] for word in text.split() if not is_number(word)), text[:40])


@dataclass(slots=True)
class Coordinates:
    """What was taken so far, in the file's own order of axes. A row is three numbers.

    Whether rings have two or three numbers a point is known only where they are used, as that is stated far above
    them: `flatten` mends those of two.
    """

    values: "array[float]" = field(default_factory=lambda: array("d"))
    ring_rows: "array[int]" = field(default_factory=lambda: array("q"))  # the first row of each ring
    ring_values: "array[int]" = field(default_factory=lambda: array("q"))  # how many numbers each has
    polygon_rings: "array[int]" = field(default_factory=lambda: array("q", [0]))  # where the rings of each begin

    @property
    def rows(self) -> int:
        return len(self.values) // 3

    @property
    def polygons(self) -> int:
        return len(self.polygon_rings) - 1

    def take_polygon(self, polygon: Element) -> int:
        """The number of a polygon whose rings are copied. Raises ValueError for what are no numbers."""
        for boundary in polygon:
            if isinstance(boundary.tag, str) and local(boundary.tag) in _BOUNDARIES:
                self._add_ring(_ring_numbers(boundary))
        if len(self.ring_rows) == self.polygon_rings[-1]:
            self._add_ring([])  # a polygon always has a shell, were it an empty one
        self.polygon_rings.append(len(self.ring_rows))
        return self.polygons - 1

    def _add_ring(self, numbers: list[float]) -> None:
        self.ring_rows.append(self.rows)
        self.ring_values.append(len(numbers))
        self.values.extend(numbers)
        if over := len(numbers) % 3:
            self.values.extend([0.0] * (3 - over))

    def take_points(self, numbers: list[float], dimension: int) -> list[int]:
        """The rows of points given one after another."""
        first = self.rows
        self.values.extend(_as_rows(numbers, dimension))
        return list(range(first, self.rows))

    def add_rows(self, points: Floats) -> int:
        """Append points (n, 3); the first row of them."""
        first = self.rows
        self.values.frombytes(np.ascontiguousarray(points, dtype=np.float64).tobytes())
        return first

    def add_polygon(self, rings: Sequence[Floats]) -> int:
        """The number of a polygon of rings, each (n, 3)."""
        for ring in rings:
            self.ring_values.append(ring.size)
            self.ring_rows.append(self.add_rows(ring))
        self.polygon_rings.append(len(self.ring_rows))
        return self.polygons - 1

    def points(self, rows: Sequence[int]) -> Floats:
        return np.array([self.values[3 * row : 3 * row + 3] for row in rows]).reshape(-1, 3)

    def rings_of(self, polygon: int) -> Iterator[tuple[int, Floats]]:
        """Number and points (n, 3) of each ring of a polygon."""
        for ring in range(self.polygon_rings[polygon], self.polygon_rings[polygon + 1]):
            first, size = 3 * self.ring_rows[ring], self.ring_values[ring] // 3 * 3
            yield ring, np.array(self.values[first : first + size]).reshape(-1, 3)

    def first_points(self, polygons: Ints) -> Floats:
        """The first point of each ring of polygons, (n, 3)."""
        firsts = np.frombuffer(self.polygon_rings, dtype=np.int64)
        order = gather(firsts[:-1], np.diff(firsts), polygons)
        sized = _ints(self.ring_values)[order] > 0
        return self.array()[_ints(self.ring_rows)[order][sized]]

    def replace_ring(self, ring: int, points: Floats) -> None:
        self.ring_values[ring] = points.size
        self.ring_rows[ring] = self.add_rows(points)

    def check(self, polygon: int) -> None:
        """Raises ValueError where the rings of a polygon are no points of three numbers."""
        for ring in range(self.polygon_rings[polygon], self.polygon_rings[polygon + 1]):
            if self.ring_values[ring] % 3:
                raise ValueError(_not_threes(self.ring_values[ring]))

    def flatten(self, polygon: int) -> None:
        """Read the rings of a polygon again, as of points of two numbers, at height 0."""
        for ring in range(self.polygon_rings[polygon], self.polygon_rings[polygon + 1]):
            first = 3 * self.ring_rows[ring]
            numbers = self.values[first : first + self.ring_values[ring]].tolist()
            self.replace_ring(ring, np.array(_as_rows(numbers, 2)).reshape(-1, 3))

    def array(self) -> Floats:
        """All rows, (n, 3)."""
        if not self.values:
            return np.empty((0, 3))
        return np.frombuffer(self.values, dtype=np.float64).reshape(-1, 3)

    def rings(self, polygons: Ints, flipped: NDArray[np.bool_], semantics: Ints, set_sizes: Ints) -> tuple[Rings, Ints]:
        """The named polygons as rings of rows, and those of them (by position) with a ring that does not close.

        Rings lose the point with which they close; flipped polygons run the other way round.
        """
        firsts = np.frombuffer(self.polygon_rings, dtype=np.int64)
        rows, sizes = _ints(self.ring_rows), _ints(self.ring_values) // 3
        rings_each = np.diff(firsts)
        order = gather(firsts[:-1], rings_each, polygons)
        rows, sizes = rows[order], sizes[order]
        closes = np.zeros(len(sizes), dtype=bool)
        longer, values = sizes > 1, self.array()
        closes[longer] = (values[rows[longer]] == values[(rows + sizes)[longer] - 1]).all(axis=1)
        polygon_of_ring = np.repeat(np.arange(len(polygons)), rings_each[polygons])
        is_open = np.unique(polygon_of_ring[~closes & (sizes > 2)])
        sizes = sizes - closes
        step = np.arange(sizes.sum()) - np.repeat(starts(sizes)[:-1], sizes)
        is_flipped = np.repeat(flipped[polygon_of_ring], sizes)
        step = np.where(is_flipped, np.repeat(sizes, sizes) - 1 - step, step)
        return (
            Rings(
                indices=np.repeat(rows, sizes) + step,
                ring_sizes=sizes,
                polygon_sizes=rings_each[polygons],
                semantics=semantics.astype(np.uint8),
                set_sizes=set_sizes,
            ),
            is_open,
        )


def welded(points: Floats) -> tuple[Floats, Ints]:
    """Points (n, 3) without repeats, and for each of the old ones its place among the new."""
    bits = (points + 0.0).view(np.uint64)  # + 0.0: there are two zeros
    mixed = (bits ^ (bits >> np.uint64(29))) * _HASH
    mixed ^= mixed >> np.uint64(32)
    _keys, first, place = np.unique((mixed * _HASH[::-1]).sum(axis=1, dtype=np.uint64), True, True)
    if not (points[first[place]] == points).all():  # two points with one hash
        _rows, first, place = np.unique(points, axis=0, return_index=True, return_inverse=True)
    return points[first], place.reshape(-1)


def _ring_numbers(boundary: Element) -> list[float]:
    """The coordinates within a boundary, in whichever of GML's ways they are written."""
    ring = boundary[0] if len(boundary) else boundary
    first = ring[0] if len(ring) else ring
    if len(ring) == 1 and local(first.tag) == "posList" and first.get("srsDimension", "3") == "3":
        return numbers_of(first.text)
    return coordinates_within(boundary)


def coordinates_within(element: Element, dimension: int = 3) -> list[float]:
    """Coordinates of an element and what it holds, always three numbers a point where they say that they are two."""
    found: list[float] = []
    for node in element.iter("{*}posList", "{*}pos", "{*}coordinates"):
        stated = int(node.get("srsDimension") or 0) if (node.get("srsDimension") or "").isdigit() else 0
        if local(node.tag) == "coordinates":
            numbers, stated = _tuples(node)
        else:
            numbers = numbers_of(node.text)
            if local(node.tag) == "pos" and not stated:
                stated = len(numbers)
        found += _as_rows(numbers, stated) if stated else numbers
    return found


def _tuples(node: Element) -> tuple[list[float], int]:
    """The older `coordinates`: numbers of a point parted by one sign, points by another."""
    decimal, between, after = node.get("decimal", "."), node.get("cs", ","), node.get("ts", " ")
    words = [point.split(between) for point in (node.text or "").replace(after, " ").split()]
    numbers = numbers_of(" ".join(number.replace(decimal, ".") for point in words for number in point))
    sizes = {len(point) for point in words}
    if len(sizes) > 1:
        raise ValueError(_("its points have different numbers of coordinates"))
    return numbers, sizes.pop() if sizes else 3


def _as_rows(numbers: list[float], dimension: int) -> list[float]:
    if dimension == 3:
        if len(numbers) % 3:
            raise ValueError(_not_threes(len(numbers)))
        return numbers
    if dimension != 2 or len(numbers) % 2:
        raise ValueError(
            _("%(count)d numbers are no points of %(dimension)d coordinates")
            % {"count": len(numbers), "dimension": dimension}
        )
    return [value for i in range(0, len(numbers), 2) for value in (numbers[i], numbers[i + 1], 0.0)]


def _not_threes(count: int) -> str:
    return _("%(count)d numbers are no points of %(dimension)d coordinates") % {"count": count, "dimension": 3}


def _ints(values: "array[int]") -> Ints:
    return np.frombuffer(values, dtype=np.int64) if values else np.empty(0, dtype=np.int64)
