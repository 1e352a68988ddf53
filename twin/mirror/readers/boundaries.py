"""The nested boundaries of CityJSON geometries, laid flat."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from twin.mirror.features import Semantic
from twin.mirror.readers.assembly import Surfaces

SEMANTICS = {
    "GroundSurface": Semantic.GROUND,
    "WallSurface": Semantic.WALL,
    "Window": Semantic.WALL,
    "Door": Semantic.WALL,
    "RoofSurface": Semantic.ROOF,
}
_LOD = re.compile(r"^[0-4](\.[0-9])?$")
# How many levels of lists lie above a surface.
_LEVELS = {
    "MultiSurface": 1,
    "CompositeSurface": 1,
    "Solid": 2,
    "MultiSolid": 3,
    "CompositeSolid": 3,
}


def add_geometry(surfaces: Surfaces, geometry: dict[str, Any], offset: int, count: int) -> None:
    """Append the polygons of a geometry whose indices count the `count` vertices behind `offset`.

    Raises TypeError and ValueError with the cause in words; what was appended until then is of no use.
    """
    levels = _LEVELS.get(str(geometry.get("type")))
    if levels is None:
        raise ValueError(_("%(type)s is no geometry that we know") % {"type": str(geometry.get("type"))[:40]})
    codes, values = _semantics(geometry.get("semantics"))
    first = len(surfaces.indices)
    for surface, value in _level(geometry.get("boundaries"), values, levels):
        if type(surface) is not list or not surface:
            raise TypeError(_wrong_nesting(geometry))
        for ring in surface:
            if type(ring) is not list:
                raise TypeError(_wrong_nesting(geometry))
            surfaces.indices += ring
            surfaces.ring_sizes.append(len(ring))
        surfaces.polygon_sizes.append(len(surface))
        surfaces.semantics.append(codes[value] if type(value) is int and 0 <= value < len(codes) else 0)
    surfaces.indices[first:] = checked(surfaces.indices[first:], offset, count)


def index_list(raw: object, offset: int, count: int) -> list[int]:
    """A list of indices, checked and counted from the first vertex of the model."""
    if not isinstance(raw, list):
        raise TypeError(_("a list of vertices is missing"))
    return checked(raw, offset, count)


def checked(indices: list[Any], offset: int, count: int) -> list[int]:
    """Indices behind `offset`; raises where one is no whole number or beyond the vertices there are."""
    if not indices:
        return []
    if set(map(type, indices)) != {int}:
        raise TypeError(_("its boundaries are nested otherwise than its type says, or an index is no whole number"))
    if min(indices) < 0 or max(indices) >= count:
        wrong = next(index for index in indices if not 0 <= index < count)
        raise ValueError(_("it uses vertex %(index)d, and there are %(count)d") % {"index": wrong, "count": count})
    return [index + offset for index in indices] if offset else indices


def _level(boundaries: Any, values: Any, levels: int) -> Iterator[tuple[Any, Any]]:
    """Surfaces with their semantic values, which may be null at any level."""
    if not isinstance(boundaries, list):
        raise TypeError(_("its boundaries are no list"))
    paired = values if isinstance(values, list) and len(values) == len(boundaries) else [None] * len(boundaries)
    if levels == 1:
        yield from zip(boundaries, paired, strict=True)
        return
    for part, part_values in zip(boundaries, paired, strict=True):
        yield from _level(part, part_values, levels - 1)


def _semantics(raw: object) -> tuple[list[int], Any]:
    if not isinstance(raw, dict) or not isinstance(raw.get("surfaces"), list):
        return [], None
    names = (surface.get("type") if isinstance(surface, dict) else None for surface in raw["surfaces"])
    return [int(SEMANTICS.get(name, Semantic.OTHER)) if name else 0 for name in names], raw.get("values")


def lod_of(geometry: dict[str, Any]) -> str:
    """The level of detail as text: "0", "1", "1.2"…"""
    lod = str(geometry.get("lod", "1"))
    if not _LOD.match(lod):
        raise ValueError(_("%(lod)s is no level of detail") % {"lod": lod[:20]})
    return lod.removesuffix(".0")


def _wrong_nesting(geometry: dict[str, Any]) -> str:
    return _("its boundaries are not nested as those of a %(type)s") % {"type": geometry.get("type")}
