"""Pages of what is one's own, which “My page” leads to.

A room registers in its `ready()`: `register_page("proposals:mine", _("My ideas and supports"))`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class OwnPage:
    route: str
    label: "StrOrPromise"


_pages: list[OwnPage] = []


def register_page(route: str, label: "StrOrPromise") -> None:
    _pages.append(OwnPage(route, label))


def pages() -> list[OwnPage]:
    return list(_pages)
