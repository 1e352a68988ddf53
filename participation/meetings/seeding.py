"""The sample district's meetings: one with its minutes, one on now, one to come. Running it again changes nothing."""

import datetime as dt
import tomllib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from metacity.accounts.models import User
from participation.meetings.kinds import Choice, SpeechKind
from participation.meetings.models import Meeting, Seat
from participation.meetings.services import chairing
from participation.meetings.services.attendance import attend
from participation.meetings.services.chat import keep_message
from participation.meetings.services.minutes import approve_minutes, hand_in_minutes
from participation.meetings.services.planning import add_item, plan_meeting
from participation.meetings.services.polls import vote
from participation.meetings.services.speaking import ask_to_speak
from participation.processes.models import Process
from participation.proposals.models import Proposal
from participation.proposals.places import find_place
from participation.proposals.seeding import seed_people
from twin.mirror.models import City

SEEDS = Path(__file__).parent / "seeds"
NAMESPACE = uuid.UUID("0d9a7f0e-6a83-4a55-9c0f-2f6f2b1c7f21")
CHAIR, DEPUTY, CLERK = "official@example.org", "approver@example.org", "clerk@example.org"
Line = dict[str, Any]


def seed_meetings(city: City, now: dt.datetime) -> str:
    """This room's seed: see `commons.seeding`. Without the demo's accounts nobody could lead a meeting."""
    leaders = {user.email: user for user in User.objects.filter(email__in=(CHAIR, DEPUTY, CLERK))}
    if len(leaders) < 3:
        return "no meetings: the demo's accounts are missing"
    with SEEDS.joinpath("meetings.toml").open("rb") as file:
        entries = tomllib.load(file)["meeting"]
    new = sum(Rehearsal(city, leaders, entry, now).play() for entry in entries)
    return f"{new} new meetings"


class Rehearsal:
    """One meeting of the table, played through the same services as any."""

    def __init__(self, city: City, leaders: dict[str | None, User], entry: dict[str, Any], now: dt.datetime) -> None:
        self.city, self.entry, self.now = city, entry, now
        self.chair, self.deputy, self.clerk = leaders[CHAIR], leaders[DEPUTY], leaders[CLERK]
        self.people: list[User] = []
        self.starts_at = _start(entry, now)

    @transaction.atomic
    def play(self) -> bool:
        """Whether the meeting was new."""
        pk = uuid.uuid5(NAMESPACE, f"{self.city.pk} {self.entry['key']}")
        if Meeting.objects.filter(pk=pk).exists():
            return False
        self.meeting = self._planned(pk)
        if self.entry["script"]:
            self._begin()
        for line in self.entry["script"]:
            self._play(line)
        return True

    def _planned(self, pk: uuid.UUID) -> Meeting:
        told = {name: self.entry[name].strip() for name in ("title", "title_en", "summary", "summary_en")}
        found = find_place(self.city, self.entry["place"])
        meeting = plan_meeting(
            city=self.city,
            by=self.chair,
            id=pk,
            starts_at=self.starts_at,
            ends_at=self.starts_at + dt.timedelta(minutes=self.entry["lasts"]),
            place_words=self.entry["place"],
            place_words_en=self.entry["place_en"],
            place_object_id=found.object_id if found else None,
            proposal=self._proposal(self.entry.get("proposal")),
            process=Process.objects.in_city(self.city).filter(slug=self.entry.get("process", "")).first(),
            chair=self.chair,
            deputy=self.deputy,
            clerk=self.clerk,
            **told,
        )
        for item in self.entry["items"]:
            add_item(meeting=meeting, by=self.chair, **item | {"proposal": self._proposal(item.get("proposal"))})
        return meeting

    def _proposal(self, title: str | None) -> Proposal | None:
        if not title:
            return None
        known = Proposal.objects.in_city(self.city).select_related("process", "current", "author")
        return known.filter(current__title__startswith=title).first()

    def _begin(self) -> None:
        self.people = seed_people(self.now)[: self.entry["people"]]
        self._lead(chairing.open_meeting, at=self.starts_at)
        for person in self.people:
            attend(meeting=self.meeting, user=person, at=self.starts_at)
        # Nobody sits before these pages: made-up people stay for as long as the meeting is planned.
        Seat.objects.filter(meeting=self.meeting).update(seen_at=self.meeting.ends_at)

    def _play(self, line: Line) -> None:
        self.at = self.starts_at + dt.timedelta(minutes=line["at"])
        acts: dict[str, Callable[[Line], object]] = {
            "says": self._says,
            "asks": self._asks,
            "order": self._asks,
            "floor": self._floor,
            "ends": lambda line: self._lead(chairing.end_speech, at=self.at),
            "next": lambda line: self._lead(chairing.take_up_item, at=self.at),
            "decides": self._decides,
            "poll": self._polls,
            "asks_all": lambda line: self._lead(chairing.start_poll, question=line["asks_all"], at=self.at),
            "closes": lambda line: self._lead(chairing.close_meeting, at=self.at),
            "publishes": self._publishes,
        }
        next(act for name, act in acts.items() if name in line)(line)

    def _lead(self, service: Callable[..., object], **told: Any) -> None:
        self.meeting = Meeting.objects.with_people().get(pk=self.meeting.pk)
        service(meeting=self.meeting, chair=self.chair, turn=self.meeting.turn, **told)

    def _says(self, line: Line) -> None:
        keep_message(meeting=self.meeting, person=self.people[line["who"]], text=line["says"], at=self.at)

    def _asks(self, line: Line) -> None:
        kind = SpeechKind.POINT_OF_ORDER if "order" in line else SpeechKind.ORDINARY
        ask_to_speak(meeting=self.meeting, person=self.people[line["who"]], kind=kind, at=self.at)

    def _floor(self, line: Line) -> None:
        waiting = self.meeting.speeches.waiting().get(seat__person=self.people[line["floor"]])
        self._lead(chairing.give_floor, speech=waiting.pk, at=self.at)

    def _decides(self, line: Line) -> None:
        item = Meeting.objects.get(pk=self.meeting.pk).current_item_id
        self._lead(chairing.record_decision, item=item, text=line["decides"])

    def _polls(self, line: Line) -> None:
        self._lead(chairing.start_poll, question=line["poll"], at=self.at)
        poll = self.meeting.polls.open().get()
        voters = iter(self.people)
        for choice in Choice:
            for _number in range(line[choice.value]):
                vote(meeting=self.meeting, person=next(voters), poll=poll.pk, choice=choice, at=self.at)
        self._lead(chairing.stop_poll, at=self.at + dt.timedelta(minutes=2))

    def _publishes(self, line: Line) -> None:
        minutes = self.meeting.minutes
        minutes.meeting = self.meeting
        hand_in_minutes(minutes=minutes, clerk=self.clerk, seen=1, at=self.at)
        approve_minutes(minutes=minutes, chair=self.chair, seen=1, at=self.at)


def _start(entry: dict[str, Any], now: dt.datetime) -> dt.datetime:
    if "began" in entry:
        return now - dt.timedelta(minutes=entry["began"])
    local = timezone.localtime(now).replace(hour=entry["hour"], minute=entry["minute"], second=0, microsecond=0)
    return local + dt.timedelta(days=entry["day"])
