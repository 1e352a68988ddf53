"""What people of the sample district say about its ideas. Running it again changes nothing."""

import datetime as dt
import random
import tomllib
import uuid
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from metacity.accounts.models import User
from participation.deliberation.content import checked
from participation.deliberation.models import Comment
from participation.deliberation.services import add_comment, may_comment
from participation.moderation.models import Case
from participation.moderation.services import decide_case, object_to, report_subject
from participation.moderation.subjects import subject_for
from participation.proposals.models import Proposal
from participation.proposals.seeding import NAMESPACE, seed_people
from twin.mirror.models import City

SEEDS = Path(__file__).parent / "seeds"
Entry = dict[str, Any]


@transaction.atomic
def seed_comments(city: City, now: dt.datetime) -> str:
    """This room's seed: see `commons.seeding`."""
    people = seed_people(now)
    before = Comment.objects.count()
    entries = tomllib.loads((SEEDS / "comments.toml").read_text("utf-8"))["comment"]
    for title, said in groupby(entries, key=itemgetter("on")):
        proposals = Proposal.objects.in_city(city).with_content().select_related("city__publication")
        proposal = proposals.filter(current__title__startswith=title).first()
        if proposal is not None:
            _discuss(proposal, list(said), people, now)
    return f"{Comment.objects.count() - before} new comments"


def _discuss(proposal: Proposal, entries: list[Entry], people: list[User], now: dt.datetime) -> None:
    """What is said about one idea, in order. Whoever is not there, as an official of the demo, says nothing."""
    written: dict[int, Comment] = {}
    at = proposal.submitted_at
    for number, entry in enumerate(entries, start=1):
        chance = random.Random(entry["text"])  # noqa: S311 — nothing secret
        at = min(max(_morning(now, entry["day"]), at) + dt.timedelta(minutes=chance.randint(20, 300)), now)
        author = _author(entry, people, chance, {comment.author for comment in written.values()} | {proposal.author})
        answered = written.get(entry.get("to", 0))
        if author is None or not may_comment(proposal, author, at) or ("to" in entry and answered is None):
            continue
        written[number] = add_comment(
            proposal=proposal,
            author=author,
            remark=checked(city=proposal.city, text=entry["text"], scene=_view(proposal, entry)),
            key=uuid.uuid5(NAMESPACE, f"comment {entry['on']} {number}"),
            at=at,
            answers=answered.pk if answered else None,
        )
        if "hidden" in entry:
            _moderate(written[number], entry["hidden"], chance.choice(people), now)


def _moderate(comment: Comment, told: Entry, reporter: User, now: dt.datetime) -> None:
    """Reported, hidden with a reason, and objected to, within the hours after it was written; once."""
    moderator = User.objects.with_identity().filter(email="moderator@example.org").first()
    if moderator is None or comment.author is None or Case.objects.filter(subject_id=comment.pk).exists():
        return
    hours = [min(comment.written_at + dt.timedelta(hours=hour), now) for hour in (1, 3, 6)]
    subject = subject_for(reporter, "comment", comment.pk)
    case = report_subject(person=reporter, subject=subject, reason=told["rule"], words="", at=hours[0]).case
    case.refresh_from_db()
    decision = decide_case(
        case=case,
        moderator=moderator,
        outcome="hide",
        rule=told["rule"],
        words=told["words"],
        revision=case.revision,
        at=hours[1],
    )
    object_to(decision=decision, author=comment.author, words=told["objection"], at=hours[2])


def _author(entry: Entry, people: list[User], chance: random.Random, spoken: set[User | None]) -> User | None:
    """The account that is named, else somebody who has not spoken yet."""
    if "by" in entry:
        return User.objects.with_identity().filter(email=entry["by"]).first()
    return chance.choice([person for person in people if person not in spoken])


def _view(proposal: Proposal, entry: Entry) -> str:
    """Down to where the idea stands, as the link of the city says it."""
    content = proposal.content
    if "view" not in entry or not content.has_place:
        return ""
    return f"#lon={content.lon}&lat={content.lat}&{entry['view']}"


def _morning(now: dt.datetime, day: int) -> dt.datetime:
    """Seven o'clock of the day counted from today, in the service's time zone."""
    local = timezone.localtime(now) + dt.timedelta(days=day)
    return local.replace(hour=7, minute=0, second=0, microsecond=0)
