"""Reports on the sample district's ideas, with decisions and objections. Running it again changes nothing."""

import datetime as dt
import random
import tomllib
import uuid
from typing import Any

from django.db import transaction

from metacity.accounts.models import User
from metacity.accounts.roles import Role
from participation.moderation.models import Appeal, Case, Decision
from participation.moderation.services import decide_appeal, decide_case, object_to, report_subject
from participation.moderation.subjects import Subject, subject_for
from participation.processes.models import Process
from participation.proposals.content import checked
from participation.proposals.models import Proposal
from participation.proposals.seeding import NAMESPACE, SEEDS, seed_people
from participation.proposals.services import submit_proposal
from twin.mirror.models import City

Entry = dict[str, Any]


def seed_reports(city: City, now: dt.datetime) -> str:
    """This part of the room's seed: see `commons.seeding`. Without moderators nothing is decided."""
    told = tomllib.loads((SEEDS / "reports.toml").read_text("utf-8"))
    moderators = list(User.objects.members().filter(role_grants__role=Role.MODERATOR).order_by("date_joined")[:2])
    if len(moderators) < 2:
        return "no reports: there are no two moderators"
    for entry in told["idea"]:
        _idea(city, entry, now)
    people = seed_people(now)
    new = [_case(city, entry, people, moderators, now) for entry in told["case"]]
    return f"{sum(new)} reported ideas"


def _idea(city: City, entry: Entry, now: dt.datetime) -> None:
    key = uuid.uuid5(NAMESPACE, entry["title"])
    author = User.objects.members().filter(email=entry["author"]).first()
    process = Process.objects.in_city(city).filter(slug=entry["process"]).first()
    if author is None or process is None or Proposal.objects.filter(versions__submission_key=key).exists():
        return
    content = checked(title=entry["title"], text=entry["text"])
    submit_proposal(process=process, author=author, content=content, key=key, at=_moment(now, entry))


@transaction.atomic
def _case(city: City, entry: Entry, people: list[User], moderators: list[User], now: dt.datetime) -> bool:
    """Whether it was new. Who reports comes from a generator seeded by the title, so that it stays the same."""
    proposal = Proposal.objects.in_city(city).filter(current__title=entry["title"]).first()
    if proposal is None or Case.objects.of_subject("proposal", proposal.pk).exists():
        return False
    subject = subject_for(moderators[0], "proposal", proposal.pk)
    chance = random.Random(entry["title"])  # noqa: S311 — nothing secret
    others = [person for person in people if person != subject.author]
    case = _reported(subject, entry["reports"], chance.sample(others, len(entry["reports"])), now)
    if "decision" in entry:
        decision = _decided(case, entry["decision"], moderators, now)
        if "appeal" in entry:
            _objected(decision, entry, moderators, now)
    return True


def _reported(subject: Subject, reports: list[Entry], people: list[User], now: dt.datetime) -> Case:
    for number, (person, told) in enumerate(zip(people, reports, strict=True)):
        at = _moment(now, told) + dt.timedelta(minutes=25 * number)
        report = report_subject(
            person=person, subject=subject, reason=told["reason"], words=told.get("words", ""), at=at
        )
    return report.case


def _decided(case: Case, told: Entry, moderators: list[User], now: dt.datetime) -> Decision:
    return decide_case(
        case=case,
        moderator=moderators[told["by"]],
        outcome=told["outcome"],
        rule=told["rule"],
        words=told["words"],
        revision=case.revision,
        at=_moment(now, told),
    )


def _objected(decision: Decision, entry: Entry, moderators: list[User], now: dt.datetime) -> None:
    if decision.author is None:
        return
    told = entry["appeal"]
    appeal: Appeal = object_to(decision=decision, author=decision.author, words=told["words"], at=_moment(now, told))
    if "answer" in entry:
        answer = entry["answer"]
        decide_appeal(
            appeal=appeal,
            moderator=moderators[answer["by"]],
            grants=answer["grants"],
            words=answer["words"],
            at=_moment(now, answer),
        )


def _moment(now: dt.datetime, told: Entry) -> dt.datetime:
    """As many days from now, at this time of day."""
    return now + dt.timedelta(days=told["day"])
