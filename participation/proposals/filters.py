"""What a list of proposals is narrowed to and how it is ordered: the same for pages and API."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from metacity.commons.i18n import localised
from metacity.commons.text import clean_text
from participation.processes.models import Process
from participation.proposals.models.proposals import PlaceKind, ProposalQuerySet
from participation.proposals.places import find_place
from participation.proposals.states import LISTED, State
from twin.mirror.models import City

NEAR_M = 400.0
QUERY_LENGTH = 80


class Order(models.TextChoices):
    NEW = "new", _("Newest")
    SUPPORTS = "supports", _("Most supported")


class Scope(models.TextChoices):
    """Whether an idea names a place."""

    PLACE = "place", _("Ideas at a place")
    DISTRICT = "district", _("The whole district")


@dataclass(frozen=True, slots=True)
class Filters:
    """Cleaned filters; whatever makes no sense is left out. `near_words` is what `near` was understood as."""

    q: str = ""
    state: str = ""
    process: str = ""
    kind: str = ""
    near: str = ""
    near_words: str = ""
    near_point: tuple[float, float] | None = field(default=None)
    sort: str = Order.NEW

    @classmethod
    def read(cls, asked: Mapping[str, str], city: City) -> "Filters":
        """Filters from the parameters of an address."""
        near = _words(asked.get("near", ""))
        point, words = _point(near, city)
        return cls(
            q=_words(asked.get("q", "")),
            state=_one_of(asked.get("state", ""), [state.value for state in LISTED]),
            process=_words(asked.get("process", "")),
            kind=_one_of(asked.get("kind", ""), Scope.values),
            near=near,
            near_words=words,
            near_point=point,
            sort=_one_of(asked.get("sort", ""), Order.values) or Order.NEW,
        )

    @property
    def is_narrowed(self) -> bool:
        return any((self.q, self.state, self.process, self.kind, self.near))

    @property
    def is_detailed(self) -> bool:
        """Whether anything beyond words and place was chosen."""
        return any((self.state, self.process, self.kind)) or self.sort != Order.NEW

    @property
    def near_is_unknown(self) -> bool:
        """Somebody asked for a place that nobody knows."""
        return bool(self.near) and self.near_point is None

    @property
    def query(self) -> str:
        """As parameters of an address, without the page."""
        said = {name: getattr(self, name) for name in ("q", "state", "process", "kind", "near")}
        if self.sort != Order.NEW:
            said["sort"] = self.sort
        return urlencode({name: value for name, value in said.items() if value})

    def applied_to(self, proposals: ProposalQuerySet) -> ProposalQuerySet:
        if self.near_is_unknown:
            return proposals.none()
        found = proposals.mentioning(self.q) if self.q else proposals
        found = found.filter(state=self.state) if self.state else found
        found = found.filter(process__slug=self.process) if self.process else found
        if self.kind == Scope.DISTRICT:
            found = found.filter(current__place_kind=PlaceKind.NONE)
        elif self.kind == Scope.PLACE:
            found = found.exclude(current__place_kind=PlaceKind.NONE)
        if self.near_point:
            found = found.near(e=self.near_point[0], n=self.near_point[1], radius_m=NEAR_M)
        return found.most_supported() if self.sort == Order.SUPPORTS else found.newest()


def state_choices() -> list[tuple[str, str]]:
    return [(state.value, str(State(state).label)) for state in LISTED]


def process_choices(city: City) -> list[Process]:
    return list(Process.objects.published().in_city(city).order_by("title"))


def _words(value: str) -> str:
    return clean_text(value[:QUERY_LENGTH], 4 * QUERY_LENGTH, multiline=False)


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def _point(near: str, city: City) -> tuple[tuple[float, float] | None, str]:
    """A point in the local frame from `e,n` in metres or from the name or address of a place, and its words."""
    e, _comma, n = near.partition(",")
    try:
        point = float(e), float(n)
    except ValueError:
        return _named(near, city)
    return (point, "") if all(map(math.isfinite, point)) else (None, "")


def _named(near: str, city: City) -> tuple[tuple[float, float] | None, str]:
    found = find_place(city, near)
    if found is None or found.e is None or found.n is None:
        return None, ""
    return (found.e, found.n), localised(found, "words")
