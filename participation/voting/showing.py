"""How pages show a vote: its rule in sentences, the time that is left, its result as shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metacity.accounts.districts import district_label
from metacity.commons.models import LedgerEntry
from participation.processes.kinds import Level
from participation.voting.models import Choice, Majority, Poll
from participation.voting.outcome import Outcome, outcome_of, quorum_of
from participation.voting.states import State

_BADGES = {
    State.OPEN: "primary",
    State.ANNOUNCED: "information",
    State.SUSPENDED: "warning",
    State.CALLED_OFF: "warning",
    State.PUBLISHED: "success",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A vote as lists show it."""

    poll: Poll
    badge: str
    time_left: str
    has_voted: bool
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Share:
    """One answer of the result. `offset` and `percent` are for the bar, of a hundred."""

    choice: Choice
    count: int
    percent: float
    offset: float


def cards_of(polls: Iterable[Poll], now: datetime) -> list[Card]:
    """Cards in the order of the polls, which were asked for as `seen_by` the visitor."""
    return [card_of(poll, now) for poll in polls]


def card_of(poll: Poll, now: datetime) -> Card:
    outcome = outcome_of(poll) if poll.is_published else None
    return Card(poll, badge_of(poll), time_left(poll, now), getattr(poll, "has_voted", False), outcome)


def badge_of(poll: Poll) -> str:
    """The kind of badge for its state; the word in it carries the meaning."""
    return _BADGES.get(State(poll.state), "neutral")


def time_left(poll: Poll, now: datetime) -> str:
    """Until it closes, or until it opens; nothing when neither is to come."""
    if poll.takes_ballots(now):
        return _("%(time)s left") % {"time": in_words(poll.closes_at - now)}
    if poll.state == State.ANNOUNCED and poll.opens_at > now:
        return _("opens in %(time)s") % {"time": in_words(poll.opens_at - now)}
    return ""


def in_words(length: timedelta) -> str:
    """Days, else hours, else minutes; rounded down, but never to nothing."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes >= 48 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if minutes >= 120:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def who_may(poll: Poll) -> list[str]:
    """The conditions of the roll, one sentence each."""
    told = []
    if poll.min_level == Level.IDENTIFIED:
        told.append(_("People whose identity was confirmed before the vote opens"))
    else:
        told.append(_("Everybody with an account before the vote opens. One person may hold more than one account."))
    if poll.districts:
        places = ", ".join(district_label(name) for name in poll.districts)
        told.append(_("Living in: %(places)s") % {"places": places})
    if poll.min_age:
        year = {"age": poll.min_age, "year": poll.born_until}
        told.append(_("Born in %(year)d or before (%(age)d years by year of birth)") % year)
    return told


def how_decided(poll: Poll) -> list[str]:
    """Majority and quorum, one sentence each."""
    told = [
        _("Accepted if at least two thirds of yes and no are yes.")
        if poll.majority == Majority.TWO_THIRDS
        else _("Accepted if there is more yes than no. With as many of each it is not accepted."),
        _("Abstentions count as taking part, for neither side."),
    ]
    if poll.quorum_percent is None:
        return [*told, _("There is no least number of people who have to take part.")]
    told.append(
        _("At least %(percent)d%% of the people on the roll have to take part, abstentions included.")
        % {"percent": poll.quorum_percent}
    )
    return told


def shares_of(poll: Poll) -> list[Share]:
    """The answers of a tallied poll, as shares of all ballots."""
    shares, offset = [], 0.0
    for choice in Choice:
        count = getattr(poll, choice.value) or 0
        percent = 100 * count / poll.ballots if poll.ballots else 0.0
        shares.append(Share(choice, count, percent, offset))
        offset += percent
    return shares


def result_in_words(poll: Poll) -> list[str]:
    """How the rule turns the figures into the outcome."""
    yes, no, ballots = poll.yes or 0, poll.no or 0, poll.ballots or 0
    told = []
    quorum = quorum_of(poll)
    if quorum is not None:
        figures = {"quorum": f"{quorum:,}", "ballots": f"{ballots:,}"}
        told.append(
            _("%(ballots)s people took part; at least %(quorum)s were needed. That is enough.") % figures
            if ballots >= quorum
            else _("%(ballots)s people took part; at least %(quorum)s were needed. That is too few.") % figures
        )
    figures = {"yes": f"{yes:,}", "no": f"{no:,}"}
    told.append(_("Yes: %(yes)s. No: %(no)s.") % figures)
    return [*told, _RULES[outcome_of(poll)]()]


def history_of(poll: Poll) -> list[tuple[LedgerEntry, str]]:
    """What the ledger holds of the poll, each entry with what it means."""
    entries = LedgerEntry.objects.filter(subject=poll.subject).order_by("number")
    return [(entry, str(STEPS.get(entry.action, entry.action))) for entry in entries]


STEPS = {
    "poll.drafted": gettext_lazy("The draft was made."),
    "poll.edited": gettext_lazy("The draft was changed."),
    "poll.checked": gettext_lazy("The draft was checked."),
    "poll.announced": gettext_lazy("The vote was announced. Its rules stay from here on."),
    "poll.taken_back": gettext_lazy("The announcement was taken back."),
    "poll.opened": gettext_lazy("The roll was written, and the vote opened."),
    "poll.extended": gettext_lazy("The vote was extended."),
    "poll.suspended": gettext_lazy("The vote was suspended."),
    "poll.resumed": gettext_lazy("The vote went on."),
    "poll.called_off": gettext_lazy("The vote was called off."),
    "poll.closed": gettext_lazy("The vote closed, and the board of commitments was fixed."),
    "poll.tallied": gettext_lazy("The ballots were counted."),
    "poll.published": gettext_lazy("The result was certified and published."),
}
_RULES = {
    Outcome.ACCEPTED: lambda: _("By the rule of this vote the proposal is accepted."),
    Outcome.NOT_ACCEPTED: lambda: _("By the rule of this vote the proposal is not accepted."),
    Outcome.TIE: lambda: _("With as many yes as no, the proposal is not accepted."),
    Outcome.QUORUM_MISSED: lambda: _("So the vote has no result, whatever the answers were."),
}
