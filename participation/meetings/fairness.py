"""The published rule of who speaks next. Pure: it knows wishes and seconds, no rows and no clock.

Points of order come first, in the order in which they were asked for. Then whoever the chair has called forward, with
a reason that everybody sees. Then those who have not spoken in this meeting, then those who have spoken least, and
among equals whoever asked first. So nobody waits for ever: each speech moves its speaker back.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody stands where they stand."""

    POINT_OF_ORDER = "point_of_order", _("Point of order: comes first")
    CALLED = "called", _("Called forward by the chair")
    FIRST_TIME = "first_time", _("Has not spoken yet")
    LEAST_TIME = "least_time", _("Has spoken already; less time comes first")


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish to speak, as the rule sees it."""

    id: uuid.UUID
    seat: uuid.UUID
    asked_at: datetime
    is_point_of_order: bool = False
    called_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A wish's place in the queue and why."""

    wish: Wish
    number: int
    reason: Reason
    spoken_s: int


_RANK = {reason: rank for rank, reason in enumerate(Reason)}


def ordered(wishes: Iterable[Wish], spoken_s: Mapping[uuid.UUID, int]) -> list[Standing]:
    """The queue. `spoken_s` says how long each seat has spoken; whoever is absent from it has not."""
    queue = sorted(wishes, key=lambda wish: _key(wish, spoken_s))
    return [
        Standing(wish, number, reason_of(wish, spoken_s), spoken_s.get(wish.seat, 0))
        for number, wish in enumerate(queue, start=1)
    ]


def reason_of(wish: Wish, spoken_s: Mapping[uuid.UUID, int]) -> Reason:
    """The first part of the rule that applies."""
    if wish.is_point_of_order:
        return Reason.POINT_OF_ORDER
    if wish.called_at is not None:
        return Reason.CALLED
    return Reason.LEAST_TIME if wish.seat in spoken_s else Reason.FIRST_TIME


def _key(wish: Wish, spoken_s: Mapping[uuid.UUID, int]) -> tuple[int, float, datetime, str]:
    reason = reason_of(wish, spoken_s)
    among_equals = {
        Reason.CALLED: wish.called_at.timestamp() if wish.called_at else 0.0,
        Reason.LEAST_TIME: float(spoken_s.get(wish.seat, 0)),
    }
    return _RANK[reason], among_equals.get(reason, 0.0), wish.asked_at, str(wish.id)
