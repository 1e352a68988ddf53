"""A city's local frame: east, north, up (ENU) in metres around one origin, so that vertices are small numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

# WGS 84 longitude and latitude in degrees and ellipsoidal height in metres, to geocentric metres (EPSG:4979 to 4978).
_CARTESIAN = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart +ellps=WGS84"


@dataclass(frozen=True)
class LocalFrame:
    """The plane that touches the WGS 84 ellipsoid at an origin, with `up` along the ellipsoid's normal there.

    Parameters
    ----------
    lon, lat : float
        The origin in degrees, WGS 84.
    height : float
        Metres of the origin above the ellipsoid. Where a source's heights could not be brought to the ellipsoid, they
        are taken as they are, and so is this.
    """

    lon: float
    lat: float
    height: float = 0.0

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90 and abs(self.height) < 20_000):
            raise ValueError(f"A frame cannot have its origin at {self.lon}, {self.lat}, {self.height} m.")

    @cached_property
    def enu_to_ecef(self) -> NDArray[np.float64]:
        """The (4, 4) matrix which takes local column vectors to geocentric metres (EPSG:4978)."""
        lon, lat = np.radians([self.lon, self.lat])
        sin_lon, cos_lon, sin_lat, cos_lat = np.sin(lon), np.cos(lon), np.sin(lat), np.cos(lat)
        matrix = np.eye(4)
        matrix[:3, 0] = -sin_lon, cos_lon, 0.0
        matrix[:3, 1] = -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat
        matrix[:3, 2] = cos_lat * cos_lon, cos_lat * sin_lon, sin_lat
        matrix[:3, 3] = self._cartesian.transform(self.lon, self.lat, self.height)
        return matrix

    @property
    def tile_transform(self) -> list[float]:
        """`enu_to_ecef` column by column, as `root.transform` of a 3D Tiles tileset wants it."""
        return [float(value) for value in self.enu_to_ecef.T.ravel()]

    def to_local(
        self, lon: ArrayLike, lat: ArrayLike, h: ArrayLike = 0.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Local east, north and up in metres of points given in degrees and metres above the ellipsoid.

        The arguments broadcast against each other. Points that are not numbers give values that are not finite.
        """
        degrees_east, degrees_north, height = _floats(lon, lat, h)
        x, y, z = self._cartesian.transform(degrees_east, degrees_north, height)
        away = np.stack([x, y, z], axis=-1) - self.enu_to_ecef[:3, 3]
        local = away @ self.enu_to_ecef[:3, :3]
        return local[..., 0], local[..., 1], local[..., 2]

    def to_geodetic(
        self, e: ArrayLike, n: ArrayLike, u: ArrayLike = 0.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Longitude and latitude in degrees and metres above the ellipsoid of local points; undoes `to_local`."""
        ecef = np.stack(_floats(e, n, u), axis=-1) @ self.enu_to_ecef[:3, :3].T + self.enu_to_ecef[:3, 3]
        lon, lat, h = self._cartesian.transform(ecef[..., 0], ecef[..., 1], ecef[..., 2], direction="INVERSE")
        return np.asarray(lon), np.asarray(lat), np.asarray(h)

    @cached_property
    def _cartesian(self) -> Transformer:
        return Transformer.from_pipeline(_CARTESIAN)


def _floats(*values: ArrayLike) -> list[NDArray[np.float64]]:
    """Fresh, writable float64 arrays of one common shape, which pyproj takes and may overwrite."""
    return [np.array(value) for value in np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))]
