"""What waits in the office: meetings to lead, minutes to write and to approve."""

import datetime as dt

from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.office import Item, Tray, first_of
from participation.meetings.kinds import RUNNING, MeetingState
from participation.meetings.models import Meeting

# How early a meeting waits for its chair.
AHEAD = dt.timedelta(days=2)


def to_lead(official: User, now: dt.datetime) -> Tray:
    """Meetings that this person leads: those on now, and those that begin soon."""
    soon = Meeting.objects.led_by(official).filter(state=MeetingState.PLANNED, starts_at__lt=now + AHEAD)
    on_now = Meeting.objects.led_by(official).filter(state__in=RUNNING)
    waiting = (soon | on_now).select_related("city").order_by("starts_at")
    count, meetings = first_of(waiting)
    items = [
        Item(
            title=meeting.title,
            url=meeting.get_absolute_url(),
            since=meeting.created_at,
            note=str(meeting.get_state_display()),
            due=meeting.starts_at,
            is_late=meeting.is_coming and meeting.starts_at < now,
        )
        for meeting in meetings
    ]
    return Tray("meetings-to-lead", _("Meetings to lead"), count, items)


def minutes_waiting(official: User, now: dt.datetime) -> Tray:
    """Minutes that wait for this person: as chair to approve, as clerk to write."""
    ended = Meeting.objects.filter(state=MeetingState.CLOSED).select_related("city", "minutes").order_by("closed_at")
    to_approve = ended.filter(chair=official, minutes__handed_in_at__isnull=False)
    to_write = ended.filter(clerk=official, minutes__handed_in_at=None)
    count, meetings = first_of(to_approve | to_write)
    items = [
        Item(
            title=meeting.title,
            url=meeting.minutes_url,
            since=meeting.closed_at or now,
            note=_("to approve") if meeting.minutes.handed_in_at else _("to write"),
        )
        for meeting in meetings
    ]
    return Tray("minutes", _("Minutes to approve or to write"), count, items)
