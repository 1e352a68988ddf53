"""The acts of whoever chairs, by name: the same table for the page's forms and for the API."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from metacity.accounts.access import Visitor, require_signed_in
from metacity.commons.errors import Invalid
from participation.meetings.models import Meeting
from participation.meetings.services import chairing

Told = Mapping[str, Any]
Perform = Callable[..., object]


class UnknownAct(Invalid):
    code = "unknown_act"


# Each service with the fields that it takes beside meeting, chair and turn; `at` stands for the present moment.
ACTS: dict[str, tuple[Perform, tuple[str, ...]]] = {
    "open": (chairing.open_meeting, ("at",)),
    "pause": (chairing.pause_meeting, ("at",)),
    "close": (chairing.close_meeting, ("at",)),
    "next_item": (chairing.take_up_item, ("at",)),
    "item": (chairing.take_up_item, ("item", "at")),
    "decide": (chairing.record_decision, ("item", "text")),
    "hand_over": (chairing.hand_over, ()),
    "open_list": (chairing.open_list, ()),
    "close_list": (chairing.close_list, ()),
    "give_floor": (chairing.give_floor, ("speech", "at")),
    "end_speech": (chairing.end_speech, ("at",)),
    "call_forward": (chairing.call_forward, ("speech", "reason", "at")),
    "start_poll": (chairing.start_poll, ("question", "at")),
    "stop_poll": (chairing.stop_poll, ("at",)),
    "restrict": (chairing.restrict, ("seat", "kind", "reason", "minutes", "at")),
    "lift": (chairing.lift_restriction, ("restriction", "at")),
}
# A removal has no minutes.
OPTIONAL = frozenset({"at", "minutes"})


def perform(act: str, *, meeting: Meeting, user: Visitor, turn: int, told: Told, at: dt.datetime) -> None:
    """Do what the chair asks for; a field that the act needs and nobody told is refused with its name."""
    chair = require_signed_in(user)
    if act not in ACTS:
        raise UnknownAct
    service, names = ACTS[act]
    missing = [name for name in names if name not in OPTIONAL and told.get(name) in (None, "")]
    if missing:
        raise Invalid(fields={name: [_("Please fill this in.")] for name in missing})
    service(meeting=meeting, chair=chair, turn=turn, **{name: at if name == "at" else told.get(name) for name in names})
