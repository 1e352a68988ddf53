"""The sample district's projects, ideas and people. Running it again changes nothing."""

import datetime as dt
import hashlib
import random
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pyproj import Transformer

from metacity.accounts.consents import texts
from metacity.accounts.models import Consent, IdentityCheck, User
from metacity.accounts.models.identity import Method
from metacity.commons.photos import keep
from participation.processes.kinds import DesignKind, Level
from participation.processes.models import Phase, Process
from participation.processes.services import open_process
from participation.proposals.content import Content, Place, ShownPhoto, checked
from participation.proposals.designs import checked_design
from participation.proposals.drawing import ChangeForm
from participation.proposals.handling_seeds import Office
from participation.proposals.models import Proposal, Support
from participation.proposals.places import PlaceRequest, find_place, local_point, place_for
from participation.proposals.services import revise_proposal, submit_proposal
from participation.proposals.services.clock import start_clock
from participation.proposals.services.steps import conclude
from participation.proposals.sketches import sketch
from twin.mirror.designs.changes import ChangeSet
from twin.mirror.models import City
from twin.mirror.sample.places import spot
from twin.mirror.sample.plan import EPSG
from twin.simulation.models import Run
from twin.simulation.services import compute_run

SEEDS = Path(__file__).parent / "seeds"
NAMESPACE = uuid.UUID("6c1f1d6e-52a4-4f0b-9a59-1b0a7e0f6a11")
PEOPLE = 60
FAMILY_NAMES = "김이박최정강조윤장임한오서신권황안송류홍"
LAST_SYLLABLES = "민서준우연현진아은지윤호영희수경선미철석"
ALIASES = (
    "골목 산책",
    "아침 자전거",
    "책 읽는 버스",
    "두 아이 아빠",
    "가온천 오리",
    "시장 단골",
    "새벽 달리기",
    "뫼산 바람",
)


def seed_proposals(city: City, now: dt.datetime) -> str:
    """This room's seed: see `commons.seeding`."""
    new = seed_city(city, now)
    return f"{new} new ideas, {compute_runs(city)} simulations"


@transaction.atomic
def seed_city(city: City, now: dt.datetime) -> int:
    """Projects with their phases around `now`, and ideas with supports. How many ideas are new."""
    people = seed_people(now)
    processes = {entry["slug"]: _process(city, entry, now) for entry in _read("processes.toml")["process"]}
    handling = _read("handling.toml")
    office = Office(city, handling["department"], now)
    new = [_proposal(processes, people, entry, now) for entry in _read("proposals.toml")["proposal"]]
    made = {proposal.content.title: proposal for proposal in new if proposal is not None}
    for history in handling["history"]:
        if history["title"] in made:
            office.handle(made[history["title"]], history["act"])
    return len(made)


def seed_people(now: dt.datetime, count: int = PEOPLE) -> list[User]:
    """People with confirmed identities who can enter nowhere: they have neither e-mail nor password."""
    ids = [uuid.uuid5(NAMESPACE, f"person {number}") for number in range(count)]
    missing = set(ids) - set(User.objects.filter(pk__in=ids).values_list("pk", flat=True))
    people = [_person(pk, number, now) for number, pk in enumerate(ids) if pk in missing]
    User.objects.bulk_create(people)
    IdentityCheck.objects.bulk_create(_check(person, ids.index(person.pk)) for person in people)
    required = [text for text in texts() if text.is_required]
    Consent.objects.bulk_create(
        Consent(user=person, item=text.item, version=text.version, is_required=True)
        for person in people
        for text in required
    )
    return list(User.objects.with_identity().filter(pk__in=ids).order_by("pk"))


def _person(pk: uuid.UUID, number: int, now: dt.datetime) -> User:
    family = FAMILY_NAMES[number % len(FAMILY_NAMES)]
    name = f"{family}*{LAST_SYLLABLES[(number * 7) % len(LAST_SYLLABLES)]}"
    alias = ALIASES[number // 7] if number % 7 == 3 and number // 7 < len(ALIASES) else ""
    joined = now - dt.timedelta(days=300 + number)
    person = User(id=pk, masked_name=name, alias=alias, is_seeded=True, date_joined=joined)
    person.set_unusable_password()
    return person


def _check(person: User, number: int) -> IdentityCheck:
    districts = list(settings.DISTRICTS) or [""]
    return IdentityCheck(
        user=person,
        ci_hmac=hashlib.sha256(f"seeded person {number}".encode()).hexdigest(),
        method=Method.PHONE,
        birth_year=1948 + (number * 17) % 58,
        district=districts[number % len(districts)],
    )


def _process(city: City, entry: dict[str, Any], now: dt.datetime) -> Process:
    known = Process.objects.in_city(city).filter(slug=entry["slug"]).first()
    if known is not None:
        return known
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}
    del fields["phases"]
    phases = [_phase(phase, now) for phase in entry["phases"]]
    process = open_process(city=city, by=None, phases=phases, **fields)
    Process.objects.filter(pk=process.pk).update(created_at=min(phase.opens_at for phase in phases))
    return process


def _phase(entry: dict[str, Any], now: dt.datetime) -> Phase:
    return Phase(
        kind=entry["kind"],
        opens_at=_midnight(now, entry["from"]),
        closes_at=_midnight(now, entry["to"]),
        allows=entry["allows"],
        min_level=Level.IDENTIFIED,
    )


def _midnight(now: dt.datetime, day: int) -> dt.datetime:
    """The midnight that begins the day counted from today, in the service's time zone."""
    local = timezone.localtime(now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=day)


def _proposal(
    processes: dict[str, Process], people: list[User], entry: dict[str, Any], now: dt.datetime
) -> Proposal | None:
    """The idea, where it is new. Its numbers come from a generator seeded by its title, so that they stay the same."""
    key = uuid.uuid5(NAMESPACE, entry["title"])
    if Proposal.objects.filter(versions__submission_key=key).exists():
        return None
    chance = random.Random(entry["title"])  # noqa: S311 — nothing secret
    process, author = processes[entry["process"]], _author(entry, chance.choice(people))
    at = _moment(now, entry["day"], chance)
    place = _place(process.city, entry)
    content = _content(process, place, entry)
    proposal = submit_proposal(process=process, author=author, content=content, key=key, at=at)
    for number, version in enumerate(entry.get("versions", [])):
        _revise(
            proposal, author, entry | version, place, uuid.uuid5(key, str(number)), _moment(now, version["day"], chance)
        )
    goal_at = _midnight(now, entry["goal_day"]) if "goal_day" in entry else None
    others = [person for person in people if person != author]
    _support(proposal, others, entry["supports"], Span(at, goal_at, now), chance)
    return proposal


def _author(entry: dict[str, Any], otherwise: User) -> User:
    """An account of the demo, where one is named and there."""
    return User.objects.filter(email=entry.get("author"), is_seeded=True).first() or otherwise


def _revise(
    proposal: Proposal, author: User, entry: dict[str, Any], place: Place, key: uuid.UUID, at: dt.datetime
) -> None:
    content = _content(proposal.process, place, entry)
    revise_proposal(proposal=proposal, author=author, content=content, key=key, at=at)


def _content(process: Process, place: Place, entry: dict[str, Any]) -> Content:
    return checked(
        title=entry["title"],
        text=entry["text"],
        reason=entry.get("reason", ""),
        place=place,
        design=_design(process, place, entry),
        photos=[ShownPhoto(keep(sketch(photo["sketch"])), photo["alt"]) for photo in entry.get("photos", [])],
    )


def _moment(now: dt.datetime, day: int, chance: random.Random) -> dt.datetime:
    """Some waking hour of that day, and never in the future."""
    return min(_midnight(now, day) + dt.timedelta(minutes=chance.randint(7 * 60, 22 * 60)), now)


def _place(city: City, entry: dict[str, Any]) -> Place:
    """The named place, a spot beside it, or one of the sample's spots; else the whole district."""
    if "at" not in entry and "spot" in entry:
        e, n = _spot(city, entry["spot"])
        return place_for(city, PlaceRequest("point", e=str(e), n=str(n)))
    found = find_place(city, entry["at"]) if "at" in entry else None
    if found is None or found.e is None or found.n is None:
        return Place()
    if "offset" not in entry:
        return found
    east, north = entry["offset"]
    return place_for(city, PlaceRequest("point", e=str(found.e + east), n=str(found.n + north)))


def _spot(city: City, key: str) -> tuple[float, float]:
    """One of the sample's spots, in the city's local frame."""
    told = spot(key)
    lon, lat = Transformer.from_crs(EPSG, 4326, always_xy=True).transform(told.x, told.y)
    return local_point(city, lon, lat)


def _design(process: Process, place: Place, entry: dict[str, Any]) -> ChangeSet | None:
    """The drawing, typed into the same fields as people's, around the spot it names or else the place."""
    if not entry.get("design"):
        return None
    centre = _spot(process.city, entry["spot"]) if "spot" in entry else (place.e or 0.0, place.n or 0.0)
    return checked_design(process=process, raw={"changes": [_change(fields, centre) for fields in entry["design"]]})


def _change(fields: dict[str, Any], centre: tuple[float, float]) -> dict[str, Any]:
    kind = DesignKind(fields["kind"])
    form = ChangeForm({**ChangeForm(kind=kind).initial, **fields}, kind=kind)
    if not form.is_valid():
        raise ValueError(f"{fields}: {form.errors.as_json()}")
    return form.change(centre)


def compute_runs(city: City) -> int:
    """Compute what waits for the city's designs here and now, so that their sheets are there at once. How many."""
    waiting = Run.objects.unfinished().filter(scenarios__design_version__design__city=city).distinct()
    return sum(compute_run(run_id=run_id) is not None for run_id in waiting.values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class Span:
    """From an idea's submission to the present, with the moment at which its supports became enough."""

    since: dt.datetime
    goal_at: dt.datetime | None
    now: dt.datetime

    def moments(self, count: int, goal: int, chance: random.Random) -> list[dt.datetime]:
        """So many moments, in order; the `goal`-th is the moment of the goal where one is told."""
        if self.goal_at is None or count < goal:
            return self._between(self.since, self.now, count, chance)
        before = self._between(self.since, self.goal_at, goal - 1, chance)
        return [*before, self.goal_at, *self._between(self.goal_at, self.now, count - goal, chance)]

    def _between(self, start: dt.datetime, end: dt.datetime, count: int, chance: random.Random) -> list[dt.datetime]:
        return sorted(start + (end - start) * chance.random() for _number in range(count))


def _support(proposal: Proposal, people: list[User], count: int, span: Span, chance: random.Random) -> None:
    """Written at once: nobody follows these events, and the pins are read after the last of them."""
    supporters = chance.sample(people, min(count, len(people)))
    goal = proposal.process.support_goal or len(people) + 1
    moments = span.moments(len(supporters), goal, chance)
    Support.objects.bulk_create(
        Support(person=person, proposal=proposal, created_at=at) for person, at in zip(supporters, moments, strict=True)
    )
    proposal.count_supports(len(supporters))
    if len(supporters) >= goal:
        begun = start_clock(proposal=proposal, at=moments[goal - 1])
        conclude(*filter(None, [begun]))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SEEDS / name).read_text("utf-8"))
