"""A meeting as a calendar file (RFC 5545)."""

import datetime as dt

from metacity.commons.i18n import localised
from participation.meetings.kinds import MeetingState
from participation.meetings.models import Meeting

LONGEST_LINE_BYTES = 75


def calendar_of(meeting: Meeting, *, address: str, now: dt.datetime) -> str:
    """One event, named so that a later file replaces it."""
    status = "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MetaCity//Meetings//KO",
        "BEGIN:VEVENT",
        f"UID:{meeting.id}@metacity",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(meeting.starts_at)}",
        f"DTEND:{_utc(meeting.ends_at)}",
        f"SUMMARY:{_text(localised(meeting, 'title'))}",
        f"LOCATION:{_text(meeting.place_shown)}",
        f"DESCRIPTION:{_text(localised(meeting, 'summary'))}",
        f"URL:{address}",
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """Escaped as RFC 5545, 3.3.11 asks."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes; each that goes on begins with a blank (RFC 5545, 3.1). No character is cut."""
    parts = [""]
    for character in line:
        if len((parts[-1] + character).encode()) > LONGEST_LINE_BYTES:
            parts.append(" ")
        parts[-1] += character
    return parts
