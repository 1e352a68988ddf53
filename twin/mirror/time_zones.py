"""A guess at the time zone of a place, for cities whose file does not say: that of the nearest principal town."""

import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_POSITION = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


def time_zone_near(lon: float, lat: float) -> str:
    """The IANA name of the zone whose principal town is nearest. Near borders it can be the neighbour's."""
    names, towns = _towns()
    return names[int(np.argmax(towns @ _direction(lon, lat)))]


@cache
def _towns() -> tuple[list[str], NDArray[np.float64]]:
    """Names of zones and directions of their towns from the centre of the Earth, from tzdata's `zone.tab`."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    names, directions = [], []
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        _country, position, name, *_comment = line.split("\t")
        match = _POSITION.fullmatch(position)
        if match is None:
            continue
        south, a, b, c, west, d, e, f = match.groups(default="0")
        lat = (int(a) + int(b) / 60 + int(c) / 3600) * (-1 if south == "-" else 1)
        lon = (int(d) + int(e) / 60 + int(f) / 3600) * (-1 if west == "-" else 1)
        names.append(name)
        directions.append(_direction(lon, lat))
    return names, np.array(directions)


def _direction(lon: float, lat: float) -> NDArray[np.float64]:
    x, y = np.radians([lon, lat])
    return np.array([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)])
