"""A view of the city that goes with a comment: read from the link that the city and the map show, or from a name.

What a link says is parsed and bounded as `static/src/twin/link.ts` does; the link itself is never kept.
"""

import datetime as dt
import math
import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.utils.translation import gettext as _

from participation.proposals.content import Place
from participation.proposals.errors import PlaceNotFound
from participation.proposals.models.proposals import PlaceKind
from participation.proposals.places import PlaceRequest, find_place, place_for
from twin.mirror.models import City

LINK_LENGTH = 600
NAME_LENGTH = 80
FARTHEST_M = 50_000.0
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_PLACE_PAGE = re.compile(r"/places/([0-9a-fA-F-]{36})/?$")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where somebody looks, from where, and at what time; with the place in words."""

    lon: float
    lat: float
    words: str = ""  # in Korean
    words_en: str = ""
    object: str = ""
    distance_m: float | None = None
    azimuth_deg: float | None = None
    pitch_deg: float | None = None
    time: str = ""
    is_walking: bool = False

    @property
    def link(self) -> str:
        """As the city and the map read it, without the leading `#`; in the order of `link.ts`."""
        told = {
            "lon": self.lon,
            "lat": self.lat,
            "d": None if self.is_walking else self.distance_m,
            "a": self.azimuth_deg,
            "p": self.pitch_deg,
            "t": self.time,
            "o": self.object,
            "m": "walk" if self.is_walking else "",
        }
        return urlencode({name: _trim(value) for name, value in told.items() if value not in (None, "")}, safe=":")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def scene_for(city: City, typed: str) -> Scene | None:
    """The scene that a link, a name or an address stands for; `None` for nothing.

    Raises `PlaceNotFound` or `OutsideTheCity`.
    """
    typed = typed.strip()
    if not typed:
        return None
    asked = _parameters(typed)
    if asked is None:
        return _named(city, typed)
    thing = _thing(city, asked)
    point = {name: asked[name] for name in ("lon", "lat", "e", "n") if asked.get(name)}
    place = place_for(city, PlaceRequest.from_fields(point)) if point else thing
    if place is None or place.kind == PlaceKind.NONE:
        raise PlaceNotFound(_("This link shows no place of the city."))
    return _scene(place, thing, asked)


def _parameters(typed: str) -> dict[str, str] | None:
    """What a link says, its hash over its query; `None` where somebody typed a name."""
    if len(typed) > LINK_LENGTH:
        raise PlaceNotFound(_("This link is too long."))
    try:
        told = urlsplit(typed)
    except ValueError:
        raise PlaceNotFound(_("This link shows no place of the city.")) from None
    page = _PLACE_PAGE.search(told.path)
    if page:
        return {"o": page[1]}
    is_link = "=" in typed or "#" in typed or "://" in typed
    if not is_link:
        return None
    query = told.query or (typed if not told.fragment and not told.scheme else "")
    return dict(parse_qsl(query, max_num_fields=40)) | dict(parse_qsl(told.fragment, max_num_fields=40))


def _thing(city: City, asked: dict[str, str]) -> Place | None:
    """The building or place that the link names, unless the city has none such any more."""
    try:
        return place_for(city, PlaceRequest(PlaceKind.OBJECT, asked["o"])) if "o" in asked else None
    except PlaceNotFound:
        return None


def _scene(place: Place, thing: Place | None, asked: dict[str, str]) -> Scene:
    azimuth = _bounded(asked.get("a"), -720, 720)
    return Scene(
        **_of(place, thing or place),
        distance_m=_bounded(asked.get("d"), 0, FARTHEST_M),
        azimuth_deg=None if azimuth is None else azimuth % 360,
        pitch_deg=_bounded(asked.get("p"), -89, 90),
        time=_time(asked.get("t")),
        is_walking=asked.get("m") == "walk",
    )


def _named(city: City, typed: str) -> Scene:
    place = find_place(city, typed[:NAME_LENGTH])
    if place is None:
        raise PlaceNotFound(_("No place of that name was found. Try a shorter name, or paste a link of the city."))
    return Scene(**_of(place, place))


def _of(point: Place, named: Place) -> dict[str, Any]:
    """The point of one place with the words of another, which is what is seen there."""
    if point.lon is None or point.lat is None:
        raise PlaceNotFound
    words = {"words": named.words, "words_en": named.words_en, "object": str(named.object_id or "")}
    return {"lon": point.lon, "lat": point.lat, **words}


def _bounded(typed: str | None, least: float, most: float) -> float | None:
    """A number of the link, left out where it is none or out of range."""
    try:
        value = float(typed or "")
    except ValueError:
        return None
    return round(value, 2) if math.isfinite(value) and least <= value <= most else None


def _trim(value: float | str) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _time(typed: str | None) -> str:
    if typed is None or not _TIME.fullmatch(typed):
        return ""
    try:
        return dt.datetime.fromisoformat(typed).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return ""
