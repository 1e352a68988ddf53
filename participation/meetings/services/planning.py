"""Planning a meeting: what the office does before it begins."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from metacity.accounts.access import require_office
from metacity.accounts.models import Topic, User
from metacity.accounts.notices import notify
from metacity.accounts.roles import Role
from metacity.commons import ledger
from participation.meetings.errors import InvalidMeeting, NotEditable
from participation.meetings.kinds import MeetingState
from participation.meetings.models import AgendaItem, Meeting
from participation.meetings.telling import tell_change
from twin.mirror.models import City

PLANNERS = (Role.OFFICIAL, Role.APPROVER)
# An agenda is told whole, in one event.
MOST_ITEMS = 20


@transaction.atomic
def plan_meeting(*, city: City, by: User, **fields: Any) -> Meeting:
    """A new meeting, announced to the author of the proposal that it is about. `fields` are those of `Meeting`."""
    require_office(by, *PLANNERS)
    meeting = Meeting(city=city, **_consistent(fields))
    _refuse_double_offices(meeting)
    meeting.save(force_insert=True)
    ledger.record(action="meeting.planned", actor=by.actor_id, subject=meeting.subject)
    _tell_author(meeting, meeting.starts_at)
    return meeting


@transaction.atomic
def replan_meeting(*, meeting: Meeting, by: User, **fields: Any) -> Meeting:
    """Change what was planned, as long as the meeting has not begun."""
    require_office(by, *PLANNERS)
    meeting = _planned(meeting)
    starts_at = meeting.starts_at
    meeting.change(**_refusing_double_offices(meeting, _consistent(fields)))
    ledger.record(action="meeting.replanned", actor=by.actor_id, subject=meeting.subject)
    if meeting.starts_at != starts_at:
        _tell_author(meeting, meeting.starts_at)
    tell_change(meeting, "plan", "stage")
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User) -> None:
    """Call it off; its page says so from now on."""
    require_office(by, *PLANNERS)
    meeting = _planned(meeting)
    meeting.move_to(MeetingState.CANCELLED)
    ledger.record(action="meeting.cancelled", actor=by.actor_id, subject=meeting.subject)
    _tell_author(meeting, meeting.starts_at, "meetings.cancelled")
    tell_change(meeting, "stage")


@transaction.atomic
def add_item(*, meeting: Meeting, by: User, **fields: Any) -> AgendaItem:
    """One more item at the end of the agenda. `fields` are those of `AgendaItem`."""
    require_office(by, *PLANNERS)
    meeting = _planned(meeting)
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    if meeting.items.count() >= MOST_ITEMS:
        raise InvalidMeeting(_("An agenda has at most %(most)d items.") % {"most": MOST_ITEMS})
    item = AgendaItem.objects.create(meeting=meeting, position=last + 1, **fields)
    _agenda_changed(meeting, by)
    return item


@transaction.atomic
def remove_item(*, meeting: Meeting, by: User, item: uuid.UUID) -> None:
    require_office(by, *PLANNERS)
    meeting = _planned(meeting)
    meeting.items.filter(pk=item).delete()
    for position, left in enumerate(meeting.items.all(), start=1):
        left.position = position
        left.save(update_fields=["position"])
    _agenda_changed(meeting, by)


@transaction.atomic
def move_item_up(*, meeting: Meeting, by: User, item: uuid.UUID) -> None:
    """Swap an item with the one before it; the first stays."""
    require_office(by, *PLANNERS)
    meeting = _planned(meeting)
    items = list(meeting.items.all())
    index = next((index for index, known in enumerate(items) if known.pk == item), 0)
    if index == 0:
        return
    before, moved = items[index - 1], items[index]
    upper, lower = before.position, moved.position
    # Positions are unique at every moment: one steps aside.
    for each, position in ((moved, 0), (before, lower), (moved, upper)):
        each.position = position
        each.save(update_fields=["position"])
    _agenda_changed(meeting, by)


def _planned(meeting: Meeting) -> Meeting:
    """The meeting as it is now, held until the end; `NotEditable` once it has begun."""
    kept = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if not kept.is_coming:
        raise NotEditable
    return kept


def _consistent(fields: dict[str, Any]) -> dict[str, Any]:
    """A meeting about a proposal belongs to the proposal's process."""
    proposal = fields.get("proposal")
    return fields | {"process": proposal.process} if proposal is not None else fields


def _refusing_double_offices(meeting: Meeting, fields: dict[str, Any]) -> dict[str, Any]:
    for name, value in fields.items():
        setattr(meeting, name, value)
    _refuse_double_offices(meeting)
    return fields


def _refuse_double_offices(meeting: Meeting) -> None:
    offices = [pk for pk in (meeting.chair_id, meeting.deputy_id, meeting.clerk_id) if pk is not None]
    if len(set(offices)) < len(offices):
        told = _("Chair, deputy and clerk are three different people.")
        raise InvalidMeeting(fields={"clerk": [told]})


def _agenda_changed(meeting: Meeting, by: User) -> None:
    ledger.record(action="meeting.agenda_changed", actor=by.actor_id, subject=meeting.subject)
    tell_change(meeting, "agenda")


def _tell_author(meeting: Meeting, starts_at: datetime, kind: str = "meetings.planned") -> None:
    proposal = meeting.proposal
    if proposal is None or proposal.author is None:
        return
    when = starts_at.isoformat()
    facts = {"meeting": meeting.title, "proposal": proposal.content.title, "starts_at": when}
    url, key = meeting.get_absolute_url(), f"{meeting.pk} {when}"
    notify(person=proposal.author, kind=kind, facts=facts, url=url, key=key, topic=Topic.MEETINGS)
