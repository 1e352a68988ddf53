"""The office's inbox: what waits for somebody who works there, from every room, on one page (`/office/`).

A room registers in its `ready()`:

    register_tray((Role.MODERATOR,), to_moderate)       # (official, now) -> Tray
    register_page(OfficePage("mirror:cities", _("Cities"), "building", tuple(OFFICE_ROLES)))
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import IntegerField, Model, QuerySet, Subquery

from metacity.accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# How many of a tray's things the inbox shows; the rest is behind the tray's own page.
MOST_SHOWN = 5

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, with the page where it is dealt with."""

    title: str
    url: str
    since: dt.datetime
    note: str = ""
    # Until when it has to be done, where a rule says so; `is_late` once that has passed.
    due: dt.datetime | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Tray:
    """Things of one sort that wait, the most urgent first."""

    name: str
    title: "StrOrPromise"
    count: int
    items: list[Item] = field(default_factory=list)
    # The page with all of them; empty where the inbox shows everything.
    url: str = ""


@dataclass(frozen=True, slots=True)
class OfficePage:
    """A page of the office that is not a tray."""

    route: str
    label: "StrOrPromise"
    icon: str
    roles: tuple[str, ...]


BuildTray = Callable[[User, dt.datetime], Tray]

_trays: list[tuple[frozenset[str], BuildTray]] = []
_pages: list[OfficePage] = []


def register_tray(roles: Iterable[str], build: BuildTray) -> None:
    """People with one of `roles` find the tray in their inbox."""
    _trays.append((frozenset(roles), build))


def register_page(page: OfficePage) -> None:
    _pages.append(page)


def first_of(waiting: "QuerySet[M]") -> tuple[int, list[M]]:
    """How many wait, and the first of them as they are ordered, in one query.

    Only keys are counted and sorted; of the thousands that may wait, the rows of the few that are shown are read.
    """
    first = waiting.filter(pk__in=waiting.values("pk")[:MOST_SHOWN])
    shown: list[Any] = list(first.annotate(all_of_them=_HowMany(waiting.order_by().values("pk"))))
    return (shown[0].all_of_them if shown else 0), shown


class _HowMany(Subquery):
    """The number of rows of a query, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def trays_of(official: User, now: dt.datetime) -> list[Tray]:
    """Everything that waits for this person, by sort; empty trays too, so that one sees that nothing waits."""
    return [build(official, now) for roles, build in _trays if roles & official.roles]


def pages_of(official: User) -> list[OfficePage]:
    return [page for page in _pages if official.roles & set(page.roles)]
