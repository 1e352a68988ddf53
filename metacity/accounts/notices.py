"""Telling people what concerns them, in their own pages.

A room names the words of each kind of notice in its `ready()`, and a service tells people within its transaction:

    register_words("moderation.hidden", lambda facts: Words(_("Your comment was hidden"), facts["reason"]))
    notify(person=author, kind="moderation.hidden", facts={"reason": …}, url=…, key=str(decision.pk))
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from metacity.accounts.models import Notice, QuietTopic, Topic, User
from metacity.commons import clocks
from metacity.commons.errors import NotFound

Facts = Mapping[str, Any]
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as its reader sees it."""

    title: str
    text: str = ""


_words: dict[str, Callable[[Facts], Words]] = {}


def register_words(kind: str, say: Callable[[Facts], Words]) -> None:
    """`say(facts)` is called while the page is made, so that it answers in the reader's language."""
    _words[kind] = say


def words_of(notice: Notice) -> Words:
    """Raises `KeyError` for a kind that no room has words for."""
    return _words[notice.kind](notice.facts)


@transaction.atomic
def notify(
    *, person: User, kind: str, url: str, key: str, facts: Facts | None = None, topic: Topic | None = None
) -> None:
    """Tells a person something once: a second notice of the same `kind` and `key` changes nothing.

    `url` is a path of this site, `facts` what JSON can hold. Whoever has left is told nothing. What has a `topic` is
    told only to those who have not switched it off; what the law or fairness requires has none.
    """
    if kind not in _words:
        raise KeyError(f"No room has words for the notice {kind!r}.")
    if not person.is_active or (topic and person.quiet_topics.filter(topic=topic).exists()):
        return
    notice = Notice(person=person, kind=kind, facts=dict(facts or {}), url=url, key=key, made_at=clocks.now())
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


@transaction.atomic
def notify_all(
    *, people: QuerySet[User], kind: str, url: str, key: str, facts: Facts | None = None, topic: Topic | None = None
) -> None:
    """As `notify`, for many at once and in few statements."""
    if kind not in _words:
        raise KeyError(f"No room has words for the notice {kind!r}.")
    told = {"kind": kind, "facts": dict(facts or {}), "url": url, "key": key, "made_at": clocks.now()}
    listening = people.filter(is_active=True)
    if topic:
        listening = listening.exclude(quiet_topics__topic=topic)
    ids = listening.values_list("pk", flat=True)
    Notice.objects.bulk_create((Notice(person_id=pk, **told) for pk in ids), ignore_conflicts=True, batch_size=AT_ONCE)


def see(*, person: User, pk: uuid.UUID) -> str:
    """Marks one of the person's notices as seen; where it leads. Raises `NotFound`."""
    notice = Notice.objects.filter(person=person, pk=pk).first()
    if notice is None:
        raise NotFound
    Notice.objects.unseen().filter(pk=pk).update(seen_at=clocks.now())
    return notice.url


@transaction.atomic
def choose_topics(*, person: User, wanted: Collection[Topic]) -> None:
    """From now on the person is told of these topics and of no others; what was told before stays."""
    QuietTopic.objects.filter(person=person).exclude(topic__in=set(Topic) - set(wanted)).delete()
    quiet = (QuietTopic(person=person, topic=topic) for topic in Topic if topic not in wanted)
    QuietTopic.objects.bulk_create(quiet, ignore_conflicts=True)


def topics_of(person: User) -> list[tuple[Topic, bool]]:
    """Every topic, and whether the person wants to be told of it."""
    quiet = set(person.quiet_topics.values_list("topic", flat=True))
    return [(topic, topic not in quiet) for topic in Topic]


def see_all(*, person: User) -> None:
    Notice.objects.unseen().filter(person=person).update(seen_at=clocks.now())
