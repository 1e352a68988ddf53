"""Minutes from the end of a meeting to their publication."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.accounts.notices import notify
from metacity.commons import ledger
from metacity.commons.text import clean_text
from participation.meetings.access import require_chair, require_clerk
from participation.meetings.errors import InvalidMeeting, MinutesChanged, MinutesNotHandedIn, StateChanged
from participation.meetings.kinds import MeetingState
from participation.meetings.models import Meeting, Minutes, MinutesVersion
from participation.meetings.models.minutes import MINUTES_LENGTH
from participation.meetings.models.seats import REASON_LENGTH
from participation.meetings.record import assembled
from participation.meetings.telling import tell_change
from participation.moderation.masking import masked


def begin_minutes(*, meeting: Meeting, at: datetime) -> Minutes:
    """Within the transaction that ends the meeting: a first version, assembled from what happened.

    In the office's language, whatever language the chair's own page is in.
    """
    minutes = Minutes.objects.create(meeting=meeting)
    with translation.override(settings.LANGUAGE_CODE):
        text = assembled(meeting)
    MinutesVersion.objects.create(minutes=minutes, number=1, text=text, written_at=at)
    return minutes


@transaction.atomic
def write_minutes(*, minutes: Minutes, clerk: User, seen: int, text: str, at: datetime) -> MinutesVersion:
    """The clerk's next version; `seen` is the number of the one it follows. Minutes that were handed in come back."""
    require_clerk(minutes.meeting, clerk)
    _lock_unapproved(minutes, seen)
    kept = masked(clean_text(text, MINUTES_LENGTH, field="text"))
    if not kept:
        raise InvalidMeeting(fields={"text": [_("Please fill this in.")]})
    version = MinutesVersion.objects.create(
        minutes=minutes, number=seen + 1, text=kept, written_by=clerk, written_at=at
    )
    _change(minutes, handed_in_at=None)
    _record("minutes_written", minutes, clerk, version)
    return version


@transaction.atomic
def hand_in_minutes(*, minutes: Minutes, clerk: User, seen: int, at: datetime) -> None:
    """Ask the chair to approve what the clerk sees."""
    require_clerk(minutes.meeting, clerk)
    version = _lock_unapproved(minutes, seen)
    _change(minutes, handed_in_at=at, returned_reason="")
    _record("minutes_handed_in", minutes, clerk, version)
    _notify(minutes, minutes.meeting.chair, "meetings.minutes_handed_in", f"{version.number}-{uuid.uuid4()}")


@transaction.atomic
def return_minutes(*, minutes: Minutes, chair: User, seen: int, reason: str) -> None:
    """Ask the clerk for changes, with a reason."""
    require_chair(minutes.meeting, chair)
    version = _lock_unapproved(minutes, seen)
    if minutes.handed_in_at is None:
        raise MinutesNotHandedIn
    told = clean_text(reason, REASON_LENGTH, multiline=False, field="reason")
    if not told:
        raise InvalidMeeting(fields={"reason": [_("Please fill this in.")]})
    _change(minutes, handed_in_at=None, returned_reason=told)
    _record("minutes_returned", minutes, chair, version)
    _notify(minutes, minutes.meeting.clerk, "meetings.minutes_returned", f"{version.number}-{uuid.uuid4()}", told)


@transaction.atomic
def approve_minutes(*, minutes: Minutes, chair: User, seen: int, at: datetime) -> None:
    """Publish the minutes as they are; their hash goes to the ledger. They are not changed after that."""
    require_chair(minutes.meeting, chair)
    meeting = Meeting.objects.select_for_update().get(pk=minutes.meeting_id)
    version = _lock_unapproved(minutes, seen)
    if minutes.handed_in_at is None:
        raise MinutesNotHandedIn
    meeting.move_to(MeetingState.PUBLISHED)
    _change(minutes, approved_at=at, sha256=version.digest)
    _record("minutes_published", minutes, chair, version)
    tell_change(meeting, "stage")


def _lock_unapproved(minutes: Minutes, seen: int) -> MinutesVersion:
    """The version that the caller saw, if it is the latest and nothing has been approved; held until the end."""
    kept = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if kept.is_approved:
        raise StateChanged
    minutes.handed_in_at, minutes.returned_reason = kept.handed_in_at, kept.returned_reason
    if minutes.versions.aggregate(last=Max("number"))["last"] != seen:
        raise MinutesChanged
    return minutes.versions.get(number=seen)


def _change(minutes: Minutes, **changes: object) -> None:
    for name, value in changes.items():
        setattr(minutes, name, value)
    minutes.save(update_fields=list(changes))


def _record(act: str, minutes: Minutes, actor: User, version: MinutesVersion) -> None:
    facts: dict[str, str | int] = {"version": version.number, "sha256": version.digest}
    ledger.record(action=f"meeting.{act}", actor=actor.actor_id, subject=minutes.meeting.subject, facts=facts)


def _notify(minutes: Minutes, person: User | None, kind: str, key: str, reason: str = "") -> None:
    if person is None:
        return
    meeting = minutes.meeting
    facts = {"meeting": meeting.title, "reason": reason}
    notify(person=person, kind=kind, facts=facts, url=meeting.minutes_url, key=f"{meeting.pk} {key}")
