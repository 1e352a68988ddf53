"""Coordinate systems of city files: named, checked against where they apply, brought to longitude and latitude."""

import re
import warnings
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]
from pyproj.transformer import TransformerGroup

from twin.mirror.errors import FileRefused

# Shift grids are used where they are installed, never fetched: what an import gives must not hang on a server.
set_network_enabled(active=False)

WGS84 = 4326  # longitude and latitude in degrees
# How far beyond a system's declared area of use its coordinates may lie, in degrees: areas are drawn tightly.
_AREA_MARGIN_DEG = 0.1

_PATTERNS = (
    re.compile(r"^EPSG::?(\d{3,6})$", re.IGNORECASE),
    re.compile(r"^urn:ogc:def:crs:EPSG:[^:]*:(\d{3,6})$", re.IGNORECASE),
    re.compile(r"^https?://www\.opengis\.net/def/crs/EPSG/[^/]*/(\d{3,6})/?$", re.IGNORECASE),
)
_LON_LAT = re.compile(r"(CRS84h?|OGC:1\.3:CRS84)$", re.IGNORECASE)


def epsg_of(text: object) -> int | None:
    """The EPSG code in the ways that city files write it; None where there is no code to find."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str):
        return None
    if _LON_LAT.search(text.strip()):
        return WGS84
    return next((int(match[1]) for pattern in _PATTERNS if (match := pattern.match(text.strip()))), None)


def horizontal_part(crs: CRS) -> CRS | None:
    """The part of a system that says where on the map; None where it has none (geocentric, heights alone)."""
    parts = [crs, *crs.sub_crs_list]
    found = next((part for part in parts if (part.is_projected or part.is_geographic) and not part.is_compound), None)
    return found.to_2d() if found is not None else None


@dataclass(frozen=True)
class SourceCrs:
    """The system of a file's coordinates, by EPSG code. Axes are always east (or longitude) first.

    `vertical_epsg` is the system of heights, where a file names one beside a system that has none.
    """

    epsg: int
    vertical_epsg: int | None = None
    crs: CRS = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        vertical = "" if self.vertical_epsg is None else f"+{self.vertical_epsg}"
        try:
            crs = CRS.from_user_input(f"EPSG:{self.epsg}{vertical}")
        except CRSError:
            raise FileRefused(_("EPSG:%(epsg)s is no coordinate system that we know.") % {"epsg": self.epsg}) from None
        if horizontal_part(crs) is None:
            raise FileRefused(
                _("EPSG:%(epsg)s (%(name)s) says nothing about places on a map.")
                % {"epsg": self.epsg, "name": crs.name}
            )
        object.__setattr__(self, "crs", crs)

    @property
    def name(self) -> str:
        return str(self.crs.name)

    @property
    def is_degrees(self) -> bool:
        return bool(self.crs.is_geographic)

    @property
    def is_north_first(self) -> bool:
        """Whether the system itself defines its axes as north (or latitude) before east."""
        plane = horizontal_part(self.crs)
        return plane is not None and plane.axis_info[0].direction.lower() == "north"

    @cached_property
    def vertical_name(self) -> str:
        """What heights are counted from; empty where the system does not say."""
        vertical = next((c for c in self.crs.sub_crs_list if c.is_vertical), None)
        if vertical is not None:
            return str(vertical.name)
        return _("ellipsoid") if len(self.crs.axis_info) == 3 else ""

    @cached_property
    def area(self) -> tuple[float, float, float, float]:
        """West, south, east and north of where the system applies, in degrees."""
        area = self.crs.area_of_use
        return area.bounds if area else (-180.0, -90.0, 180.0, 90.0)

    @property
    def area_name(self) -> str:
        return str(self.crs.area_of_use.name) if self.crs.area_of_use else ""

    @cached_property
    def _plane(self) -> Transformer:
        return Transformer.from_crs(horizontal_part(self.crs), WGS84, always_xy=True)

    @cached_property
    def _space(self) -> Transformer | None:
        """The way to ellipsoidal heights; None where the shift grid for it is not installed."""
        if not self.vertical_name:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # which grid is missing: `height_note` says it
            group = TransformerGroup(self.crs, 4979, always_xy=True, allow_ballpark=False)
        return group.transformers[0] if group.transformers and group.best_available else None

    @property
    def heights_are_ellipsoidal(self) -> bool:
        return self._space is not None

    def to_geodetic(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Longitude, latitude in degrees and height in metres, (n, 3), of points (n, 3) of this system.

        Points that the transformation cannot take come back as not finite.
        """
        transformer = self._space or self._plane
        try:
            if self._space is not None:
                lon, lat, height = transformer.transform(points[:, 0], points[:, 1], points[:, 2])
            else:
                lon, lat = transformer.transform(points[:, 0], points[:, 1])
                height = points[:, 2]
        except ProjError as error:
            raise FileRefused(
                _("The coordinates cannot be read as EPSG:%(epsg)s: %(cause)s") % {"epsg": self.epsg, "cause": error}
            ) from None
        return np.column_stack([lon, lat, height])

    def is_inside(self, geodetic: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points (n, 3) of longitude, latitude, height lie where the system applies."""
        west, south, east, north = self.area
        lon, lat = geodetic[:, 0], geodetic[:, 1]
        finite = np.isfinite(geodetic).all(axis=1)
        beyond_west, beyond_east = lon >= west - _AREA_MARGIN_DEG, lon <= east + _AREA_MARGIN_DEG
        in_longitude = (beyond_west & beyond_east) if west <= east else (beyond_west | beyond_east)
        return finite & in_longitude & (lat >= south - _AREA_MARGIN_DEG) & (lat <= north + _AREA_MARGIN_DEG)
