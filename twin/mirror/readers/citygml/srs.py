"""Coordinate systems as CityGML names them, and in which order they write east and north."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import Transformer

from twin.mirror.errors import FileRefused
from twin.mirror.readers.crs import SourceCrs, epsg_of, horizontal_part

_CODE = re.compile(r"(?:EPSG[:/][^:/,&]*[:/]|EPSG:|\+)(\d{3,6})", re.IGNORECASE)
_GERMAN = re.compile(r"^urn:adv:crs:ETRS89_UTM(3[123])(?:\*DE_(DHHN\w+)_NH)?$", re.IGNORECASE)
_GERMAN_HEIGHTS = {"DHHN85": 5784, "DHHN92": 5783, "DHHN2016": 7837}


@dataclass(frozen=True)
class Srs:
    """A coordinate system and the order of its axes in the file.

    Formal names (`urn:ogc:def:crs:…`, `http://www.opengis.net/def/crs/…`) promise the order which the system itself
    defines, such as latitude before longitude. The short `EPSG:25832` is older than that rule and is used with east
    first by nearly all who write it.
    """

    crs: SourceCrs
    is_north_first: bool

    @cached_property
    def _key(self) -> tuple[int, int | None, bool]:
        return self.crs.epsg, self.crs.vertical_epsg, self.is_north_first

    def is_same(self, other: "Srs") -> bool:
        return self._key == other._key

    def east_first(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 3) as written, in the order east, north, up; and the other way round."""
        return points[:, [1, 0, 2]] if self.is_north_first else points

    def into(self, other: "Srs", points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 3) of this system as `other` writes them. Heights stay as they are."""
        transformer = Transformer.from_crs(
            horizontal_part(self.crs.crs), horizontal_part(other.crs.crs), always_xy=True
        )
        own = self.east_first(points)
        east, north = transformer.transform(own[:, 0], own[:, 1])
        return other.east_first(np.column_stack([east, north, own[:, 2]]))

    def moved(self, anchor: NDArray[np.float64], offsets: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points (n, 3) as written that lie `offsets` metres east, north and up of one, which is (3,) as written."""
        start = self.east_first(anchor[None, :])[0]
        if self.crs.is_degrees:
            offsets = offsets / [*_metres_a_degree(start[1]), 1.0]
        return self.east_first(start + offsets)


def _metres_a_degree(latitude: float) -> tuple[float, float]:
    """East and north, on WGS 84."""
    a, e2 = 6_378_137.0, 0.00669437999014
    w = 1 - e2 * np.sin(np.radians(latitude)) ** 2
    east = a / np.sqrt(w) * np.cos(np.radians(latitude))
    return float(np.radians(east)), float(np.radians(a * (1 - e2) / w**1.5))


@lru_cache(256)
def srs_of(name: str) -> Srs:
    """The system that an `srsName` means. Raises `FileRefused` where it is none that we know."""
    text = name.strip()
    if german := _GERMAN.match(text):
        vertical = _GERMAN_HEIGHTS.get((german[2] or "").upper())
        return Srs(SourceCrs(25800 + int(german[1]), vertical), is_north_first=False)
    is_formal = text.lower().startswith(("urn:", "http:", "https:"))
    codes = [int(code) for code in _CODE.findall(text)]
    if not codes and (code := epsg_of(text)) is not None:
        codes, is_formal = [code], False  # CRS84 and its like: longitude first
    if not codes:
        raise FileRefused(_("%(crs)s is no coordinate system that we know.") % {"crs": text[:120]})
    crs = SourceCrs(codes[0], codes[1] if len(codes) > 1 else None)
    return Srs(crs, is_formal and crs.is_north_first)
