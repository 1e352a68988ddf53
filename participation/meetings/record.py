"""The first version of minutes: what the rows of a meeting say, in words, and how minutes are laid out.

Minutes are plain text in the service's own language, with `## ` before headings and `- ` before entries of a list.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from metacity.commons.i18n import localised
from participation.meetings.kinds import SpeechKind
from participation.meetings.models import AgendaItem, LivePoll, Meeting, Speech

HEADING, ENTRY = "## ", "- "


@dataclass(slots=True)
class Block:
    """A heading, a paragraph or a list of minutes, as a page shows it."""

    kind: str
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Minutes cut into what a page shows."""
    found: list[Block] = []
    for line in text.split("\n"):
        kind, said = _kind_of(line)
        if found and found[-1].kind == kind and kind != "heading":
            found[-1].lines.append(said)
        else:
            found.append(Block(kind, [said]))
    return [block for block in found if any(block.lines)]


def _kind_of(line: str) -> tuple[str, str]:
    if line.startswith(HEADING):
        return "heading", line.removeprefix(HEADING)
    if line.startswith(ENTRY):
        return "list", line.removeprefix(ENTRY)
    return ("paragraph" if line.strip() else "gap"), line


def assembled(meeting: Meeting) -> str:
    """Everything that happened, in the order of the agenda."""
    with override(settings.LANGUAGE_CODE):
        return "\n".join(_lines(meeting))


def _lines(meeting: Meeting) -> Iterator[str]:
    yield HEADING + _("About the meeting")
    yield from _about(meeting)
    speeches = list(meeting.speeches.spoken().with_person())
    polls = list(meeting.polls.all())
    for item in meeting.items.all():
        yield ""
        yield f"{HEADING}{item.position}. {localised(item, 'title')}"
        yield from _of_item(item, speeches, polls)
    before = [speech for speech in speeches if speech.item_id is None]
    if before:
        yield ""
        yield HEADING + _("Outside the agenda")
        yield from (_speech(speech) for speech in before)


def _about(meeting: Meeting) -> Iterator[str]:
    yield ENTRY + _("Meeting: %(title)s") % {"title": localised(meeting, "title")}
    yield ENTRY + _("Time: %(time)s") % {"time": _span(meeting.opened_at, meeting.closed_at, with_date=True)}
    yield ENTRY + _("Place: %(place)s") % {"place": meeting.place_shown}
    for words, person in ((_("Chair: %(name)s"), meeting.chair), (_("Clerk: %(name)s"), meeting.clerk)):
        if person is not None:
            yield ENTRY + words % {"name": person.display_name}
    yield ENTRY + _("People who took part with an account: %(n)d") % {"n": meeting.seats.of_people().count()}
    yield ENTRY + _("Messages in the chat: %(n)d") % {"n": meeting.message_count}


def _of_item(item: AgendaItem, speeches: list[Speech], polls: list[LivePoll]) -> Iterator[str]:
    if item.taken_up_at is None:
        yield ENTRY + _("This item was not taken up.")
        return
    yield ENTRY + _("Time: %(time)s") % {"time": _span(item.taken_up_at, item.ended_at)}
    yield from (_speech(speech) for speech in speeches if speech.item_id == item.pk)
    yield from (_poll(poll) for poll in polls if poll.item_id == item.pk)
    if item.decision:
        yield ENTRY + _("Decision: %(decision)s") % {"decision": item.decision}


def _speech(speech: Speech) -> str:
    minutes, seconds = divmod(speech.spoken_s, 60)
    name = speech.seat.name or _("somebody who has left")
    told = {"time": _time(speech.started_at), "name": name, "min": minutes, "s": seconds}
    if speech.kind == SpeechKind.POINT_OF_ORDER:
        return ENTRY + _("%(time)s %(name)s spoke on a point of order (%(min)d min %(s)d s)") % told
    return ENTRY + _("%(time)s %(name)s spoke (%(min)d min %(s)d s)") % told


def _poll(poll: LivePoll) -> str:
    told = {name: getattr(poll, name) for name in ("question", "yes", "no", "abstain", "entitled")}
    return (
        ENTRY
        + _("Vote “%(question)s”: %(yes)d in favour, %(no)d against, %(abstain)d abstained; %(entitled)d were entitled")
        % told
    )


def _span(start: dt.datetime | None, end: dt.datetime | None, *, with_date: bool = False) -> str:
    day = f"{date_format(timezone.localtime(start), 'DATE_FORMAT')} " if start and with_date else ""
    return f"{day}{_time(start)} – {_time(end)}"


def _time(at: dt.datetime | None) -> str:
    return date_format(timezone.localtime(at), "TIME_FORMAT") if at else ""
