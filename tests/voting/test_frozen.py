"""What the database itself refuses, whoever writes: other rules, other counts, other ballots, other rolls."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from participation.processes.kinds import Level
from participation.voting.checks import votes_are_guarded
from participation.voting.guard import FROZEN, GUARD
from participation.voting.models import Ballot, HasVoted, Majority, Poll, RollEntry
from participation.voting.states import State
from tests.factories.processes import a_person
from tests.factories.proposals import a_proposal
from tests.factories.voting import a_draft_poll, a_published_poll, a_tallied_poll, an_announced_poll, an_open_poll, vote

DAY = timedelta(days=1)
RULES: dict[str, Callable[[], Any]] = {
    "question": lambda: "다른 질문일까요?",
    "question_en": lambda: "Another question?",
    "text": lambda: "다른 설명",
    "text_en": lambda: "Another text",
    "meaning": lambda: "다른 뜻",
    "meaning_en": lambda: "Another meaning",
    "min_level": lambda: Level.MEMBER,
    "districts": lambda: ["가온1동"],
    "min_age": lambda: 19,
    "quorum_percent": lambda: 50,
    "majority": lambda: Majority.TWO_THIRDS,
    "opens_at": lambda: F("opens_at") - DAY,
    "version_id": lambda: a_proposal().current_id,
    "proposal_id": lambda: a_proposal().pk,
}


def test_every_column_that_decides_is_tried() -> None:
    assert set(RULES) == set(FROZEN) - {"id", "city_id"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("make", [an_announced_poll, an_open_poll], ids=["announced", "open"])
def test_the_database_refuses_another_rule(make: Callable[[], Poll], name: str) -> None:
    poll, value = make(), RULES[name]()
    before = Poll.objects.filter(pk=poll.pk).values().get()
    with pytest.raises(IntegrityError, match="keeps its rules"), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(**{name: value})
    assert Poll.objects.filter(pk=poll.pk).values().get() == before


@pytest.mark.django_db
def test_a_draft_may_change() -> None:
    poll = a_draft_poll()
    assert Poll.objects.filter(pk=poll.pk).update(question="다른 질문일까요?") == 1


WRONG_MOVES: list[tuple[Callable[[], Poll], dict[str, Any]]] = [
    (an_open_poll, {"state": State.DRAFT}),
    (an_open_poll, {"state": State.TALLIED}),
    (an_open_poll, {"state": State.PUBLISHED}),
    (an_open_poll, {"state": State.CALLED_OFF}),
    (an_open_poll, {"closes_at": F("closes_at") - DAY}),
    (an_open_poll, {"roll_size": 9999}),
    (an_open_poll, {"roll_digest": "0" * 64}),
    (an_open_poll, {"ballots": 3}),
    (an_open_poll, {"yes": 1, "no": 0, "abstain": 0, "ballots": 1}),
    (lambda: a_tallied_poll(an_open_poll()), {"yes": 5, "no": 0, "abstain": 0, "ballots": 5}),
    (lambda: a_tallied_poll(an_open_poll()), {"state": State.OPEN}),
    (lambda: a_tallied_poll(an_open_poll()), {"board_head": "0" * 64}),
    (lambda: a_tallied_poll(an_open_poll()), {"closes_at": F("closes_at") + DAY}),
    (lambda: a_published_poll(an_open_poll()), {"state": State.TALLIED}),
    (lambda: a_published_poll(an_open_poll()), {"turnout": 10}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "changes"), WRONG_MOVES)
def test_the_database_refuses_a_step_out_of_turn_and_other_counts(
    make: Callable[[], Poll], changes: dict[str, Any]
) -> None:
    poll = make()
    before = Poll.objects.filter(pk=poll.pk).values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(**changes)
    assert Poll.objects.filter(pk=poll.pk).values().get() == before


@pytest.mark.django_db
def test_the_database_refuses_other_ballots_marks_and_names_on_the_roll() -> None:
    voter, other = a_person(), a_person(identified=False)
    poll = an_open_poll()
    vote(poll, voter)
    for tamper in (
        lambda: Ballot.objects.update(choice="no"),
        lambda: HasVoted.objects.update(entry=RollEntry.objects.exclude(person=voter).first()),
        lambda: RollEntry.objects.filter(person=voter).update(person=other),
    ):
        with pytest.raises(IntegrityError, match="keeps its rules"), transaction.atomic():
            tamper()
    assert Ballot.objects.get().choice == "yes"
    assert HasVoted.objects.get().entry.person == voter


@pytest.mark.django_db
def test_a_vote_with_a_roll_cannot_be_deleted() -> None:
    a_person()
    poll = an_open_poll()
    with pytest.raises(ProtectedError):
        poll.delete()
    assert Poll.objects.filter(pk=poll.pk).exists()


@pytest.mark.django_db
def test_the_triggers_stand_and_a_check_misses_them_when_they_do_not() -> None:
    assert votes_are_guarded(None, databases=["default"]) == []
    GUARD.remove()
    assert [message.id for message in votes_are_guarded(None, databases=["default"])] == ["voting.E001"]
    GUARD.install()
    GUARD.install()
    assert GUARD.missing() == []


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_again_after_the_table_was_remade() -> None:
    before, after = Poll._meta.get_field("question"), Poll._meta.get_field("question").clone()
    after.set_attributes_from_name("question")
    after.max_length = 140
    after.model = Poll
    for old, new in ((before, after), (after, before)):
        with connection.schema_editor() as editor:
            editor.alter_field(Poll, old, new, strict=True)
    call_command("migrate", verbosity=0)
    assert GUARD.missing() == []
