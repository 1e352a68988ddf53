"""Who may vote: the rule of a poll as a query that fills its roll, and in words for one person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from metacity.accounts.access import Visitor, require_member
from metacity.accounts.districts import district_label
from metacity.accounts.models import User
from metacity.commons.errors import CityError
from participation.processes.kinds import Level
from participation.voting.errors import AlreadyVoted, NotOnTheRoll, PollClosed, PollNotOpen, PollSuspended
from participation.voting.models import Poll, RollEntry
from participation.voting.states import State


def eligible(poll: Poll) -> models.QuerySet[User]:
    """Everybody whom the poll's rule puts on the roll, as things stand."""
    people = User.objects.members()
    if poll.min_level == Level.IDENTIFIED:
        people = people.filter(identity_check__isnull=False)
    if poll.districts:
        people = people.filter(identity_check__district__in=poll.districts)
    if poll.born_until is not None:
        people = people.filter(identity_check__birth_year__lte=poll.born_until)
    return people


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands towards a poll.

    Before the roll is written, `is_on_roll` says whether the person would be on it as things stand. `missing` says in
    sentences what keeps somebody off it; `refusal` is what stands in the way of casting a ballot now, if anything does.
    """

    is_on_roll: bool = False
    has_voted: bool = False
    missing: list[str] = field(default_factory=list)
    refusal: CityError | None = None

    @property
    def may_vote(self) -> bool:
        return self.refusal is None

    @property
    def waits_for_person(self) -> bool:
        """Whether it is the person who can do something about it: sign in, agree, ask a guardian."""
        return self.refusal is not None and self.refusal.status in {401, 403} and not self.missing


def standing_of(poll: Poll, user: Visitor, now: datetime) -> Standing:
    mine = RollEntry.objects.of_poll(poll).filter(person=user.pk).select_related("voted")
    entry = mine.first() if isinstance(user, User) else None
    has_voted = entry is not None and hasattr(entry, "voted")
    missing = _missing(poll, user) if isinstance(user, User) and entry is None else []
    is_on_roll = entry is not None or (poll.roll_size is None and isinstance(user, User) and not missing)
    return Standing(is_on_roll, has_voted, missing, _refusal(poll, user, now, entry is not None, has_voted))


def when_refusal(poll: Poll, now: datetime) -> CityError | None:
    """What the poll itself has against a ballot now."""
    if poll.state in {State.DRAFT, State.ANNOUNCED}:
        return PollNotOpen()
    if poll.state == State.SUSPENDED:
        return PollSuspended()
    return None if poll.takes_ballots(now) else PollClosed()


def _refusal(poll: Poll, user: Visitor, now: datetime, is_on_roll: bool, has_voted: bool) -> CityError | None:
    if (closed := when_refusal(poll, now)) is not None:
        return closed
    if has_voted:
        return AlreadyVoted()
    try:
        require_member(user)
    except CityError as refusal:
        return refusal
    return None if is_on_roll else NotOnTheRoll()


def _missing(poll: Poll, user: User) -> list[str]:
    """Every condition of the rule that the person does not meet; for whoever meets all by now: that it was too late."""
    if poll.min_level == Level.IDENTIFIED and not user.is_identified:
        return [_("Your identity has not been confirmed.")]
    missing = []
    if poll.districts and user.district not in poll.districts:
        lives = district_label(user.district) or _("outside the district")
        missing.append(
            _("This vote is for other neighbourhoods. Your identity check says: %(place)s.") % {"place": lives}
        )
    if poll.born_until is not None and (user.birth_year or poll.born_until + 1) > poll.born_until:
        missing.append(_("This vote is for people born in %(year)d or before.") % {"year": poll.born_until})
    if not missing and poll.roll_size is not None:
        missing.append(
            _("The roll was closed when the vote opened, and you did not meet its conditions at that moment.")
        )
    return missing
