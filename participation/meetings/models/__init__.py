"""Meetings, who is there, what they say and vote, and the minutes."""

from participation.meetings.models.meetings import AgendaItem, Meeting
from participation.meetings.models.messages import Message
from participation.meetings.models.minutes import Minutes, MinutesVersion
from participation.meetings.models.polls import LivePoll, RollEntry, Vote
from participation.meetings.models.seats import Restriction, Seat
from participation.meetings.models.speeches import Speech

__all__ = [
    "AgendaItem",
    "LivePoll",
    "Meeting",
    "Message",
    "Minutes",
    "MinutesVersion",
    "Restriction",
    "RollEntry",
    "Seat",
    "Speech",
    "Vote",
]
