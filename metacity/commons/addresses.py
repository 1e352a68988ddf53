"""Addresses of pages: the default city's at `/…`, every other city's at `/c/<slug>/…`.

A room's pages are included twice, under two namespaces that know nothing of each other (`proposals` and
`city-proposals`), so that `{% url 'proposals:list' %}` always means the default city.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol

from django.urls import URLPattern, URLResolver, include, path, reverse

CITY_PREFIX = "city-"


class HasSlug(Protocol):
    @property
    def slug(self) -> str: ...


def city_pages(urlconf: str) -> list[URLPattern | URLResolver]:
    """`urlconf` (with an `app_name`) at the root for the default city, and at `/c/<slug>/` for each by name."""
    patterns: list[URLPattern | URLResolver] = import_module(urlconf).urlpatterns
    app_name: str = import_module(urlconf).app_name
    by_city = include((patterns, f"{CITY_PREFIX}{app_name}"))
    return [path("", include((patterns, app_name))), path("c/<slug:city>/", by_city)]


def city_url(name: str, city: HasSlug | None, *args: Any, **kwargs: Any) -> str:
    """The address of page `name` (`"proposals:list"`) in `city`; `None` and the default city have the short one."""
    if city is None or getattr(city, "is_default", False):
        return reverse(name, args=args, kwargs=kwargs)
    return reverse(f"{CITY_PREFIX}{name}", args=_with_city(city, args), kwargs=_named(city, args, kwargs))


def _with_city(city: HasSlug, args: Sequence[Any]) -> list[Any]:
    return [city.slug, *args] if args else []


def _named(city: HasSlug, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
    return kwargs if args else {"city": city.slug, **kwargs}
