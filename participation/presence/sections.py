"""This room's parts of the pages of worlds."""

from typing import Any

from django.http import HttpRequest

from metacity.accounts.models import User
from metacity.commons.addresses import city_url
from metacity.commons.sections import Section
from participation.presence.access import LOOK_COOKIE, chosen_look, guest_look, looks_open_to
from participation.presence.models import Look
from twin.mirror.models import City


def people_of(city: City, request: HttpRequest) -> Section:
    """In the 3D city: how many are here, who and where, and how one is seen oneself."""
    return Section("presence/city_people.html", _context(city) | look_context(request))


def first_words(city: City, request: HttpRequest) -> Section | None:
    """In the 3D city, until somebody has chosen: that others see them, and how."""
    context = look_context(request)
    return None if context["has_chosen"] else Section("presence/city_told.html", _context(city) | context)


def people_on_map(city: City, request: HttpRequest) -> Section:
    return Section("presence/map_people.html", _context(city))


def people_near(city: City, request: HttpRequest) -> Section:
    return Section("presence/places_people.html", _context(city))


def look_context(request: HttpRequest) -> dict[str, Any]:
    """How whoever asks is seen, and what else they may choose. At most one query."""
    user = request.user
    if isinstance(user, User):
        chosen = chosen_look(user)
        look = chosen or Look.UNNAMED
    else:
        chosen = guest_look(request.COOKIES) if LOOK_COOKIE in request.COOKIES else None
        look = guest_look(request.COOKIES)
    return {
        "look": look,
        "looks": looks_open_to(user),
        "has_chosen": chosen is not None,
        "here": request.get_full_path(),
    }


def _context(city: City) -> dict[str, Any]:
    return {"city": city, "people_url": city_url("presence:people", city), "look_url": city_url("presence:look", city)}
