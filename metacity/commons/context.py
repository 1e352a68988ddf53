"""What every page knows: the service and its office, the menu, and how the visitor wants to see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from metacity.commons.addresses import CITY_PREFIX
from metacity.commons.i18n import is_english
from metacity.commons.preferences import look_of

DEFAULT_COLOUR = "#256ef4"


@dataclass(frozen=True)
class Service:
    """The district's service in the reader's language. Templates read it as `service`."""

    name: str
    office: str
    address: str
    phone: str
    email: str
    mark: str
    has_own_colour: bool
    is_official: bool
    is_demo: bool


@dataclass(frozen=True)
class Link:
    """An entry of a menu; `is_current` when the page shown belongs to it."""

    name: str
    label: str
    icon: str
    url: str
    is_current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `service`, `look`, the menus, `other_language`, and `here` (the path with its query)."""
    return {
        "service": service(),
        "look": look_of(request),
        "main_menu": _links(request, settings.MAIN_MENU),
        "search": _links(request, settings.SEARCH),
        "ways": _links(request, settings.WAYS),
        "other_language": _other_language(),
        "here": request.get_full_path(),
    }


def service() -> Service:
    """The service in the active language, for pages, mails and drawn pictures alike."""
    told = settings.SERVICE
    language = "en" if is_english() else "ko"
    return Service(
        name=told[f"name_{language}"],
        office=told[f"office_{language}"],
        address=told[f"address_{language}"],
        phone=told["phone"],
        email=told["email"],
        mark=told["mark"],
        has_own_colour=told["colour"].lower() != DEFAULT_COLOUR,
        is_official=settings.SERVICE_IS_OFFICIAL,
        is_demo=settings.MODE == "demo",
    )


def _links(request: HttpRequest, entries: Sequence[tuple[str, Any, str]]) -> list[Link]:
    """The entries whose pages exist, in the city the visitor is in."""
    match = request.resolver_match
    city = match.kwargs.get("city") if match else None
    room = match.namespace.removeprefix(CITY_PREFIX) if match else ""
    found = []
    for name, label, icon in entries:
        try:
            url = reverse(f"{CITY_PREFIX}{name}", kwargs={"city": city}) if city else reverse(name)
        except NoReverseMatch:
            continue
        is_current = name.split(":")[0] == room and request.path.startswith(url)
        found.append(Link(name, str(label), icon, url, is_current))
    return found


def _other_language() -> dict[str, str]:
    """The language that the switch leads to, named in itself."""
    return {"code": "ko", "name": "한국어"} if is_english() else {"code": "en", "name": "English"}
