"""What changes votes."""

from participation.voting.services.casting import Found, cast_ballot, look_up
from participation.voting.services.checking import Finding, check_poll
from participation.voting.services.closing import close_poll, publish_poll, tally_poll
from participation.voting.services.drafts import announce_poll, discard_poll, draft_poll, edit_poll, take_back_poll
from participation.voting.services.running import (
    call_off_poll,
    extend_poll,
    open_poll,
    resume_poll,
    suspend_poll,
    tell_turnout,
)

__all__ = [
    "Finding",
    "Found",
    "announce_poll",
    "call_off_poll",
    "cast_ballot",
    "check_poll",
    "close_poll",
    "discard_poll",
    "draft_poll",
    "edit_poll",
    "extend_poll",
    "look_up",
    "open_poll",
    "publish_poll",
    "resume_poll",
    "suspend_poll",
    "take_back_poll",
    "tally_poll",
    "tell_turnout",
]
