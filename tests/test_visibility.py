"""What is hidden, withdrawn or not yet published is found by nobody who may not see it: on no page, in no answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.factories.designs import SQUARE, open_process
from tests.factories.proposals import a_place, a_proposal
from tests.factories.town import a_town
from tests.visibility import (
    COMMON,
    EVERYBODY,
    NOBODY,
    ROLES,
    WRITING,
    Answer,
    Planted,
    Stage,
    Walker,
    cast,
    planted_on,
    routes,
    secret,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(tmp_path: Path, settings: Any) -> Stage:
    """A town with an open project, and an idea that everybody may read."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    town, people = a_town(tmp_path), cast()
    town.is_default = True
    town.save()
    process = open_process(town)
    public = a_proposal(
        process, people["author"], title=f"{COMMON} {secret('public')}", place=a_place(process, *SQUARE)
    )
    return Stage(town, process, public, people)


@pytest.fixture
def planted(stage: Stage) -> list[Planted]:
    return [Planted("public", EVERYBODY, at=[("proposals:detail", {"pk": stage.proposal.pk})]), *planted_on(stage)]


def test_every_route_is_walked(stage: Stage, planted: list[Planted]) -> None:
    missing = sorted({route.plain for route in routes() if not route.addresses(stage)})
    assert not missing, f"Say in a planting.py with which arguments to walk: {missing} (see tests/visibility.py)"


def test_everything_planted_is_about_something(stage: Stage, planted: list[Planted]) -> None:
    assert len({thing.name for thing in planted}) == len(planted)
    known = {route.name for route in routes()}
    assert not [route for thing in planted for route, _arguments in thing.at if route not in known]
    assert all(set(thing.seen_by) <= EVERYBODY for thing in planted)
    assert [thing.name for thing in planted if bool(thing.seen_by) == thing.is_sealed] == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_finds_what_they_may_not_see(stage: Stage, planted: list[Planted], role: str) -> None:
    cache.clear()  # also the counts of requests, of which this makes many
    walker = Walker(None if role == NOBODY else stage.people[role])
    answers = list(walk(walker, stage))
    leaks = [
        f"{answer.method} {answer.address} ({answer.status}) says {thing.word}"
        for answer in answers
        for thing in planted
        if role not in thing.seen_by and thing.word in answer.text
    ]
    assert not leaks, "\n".join(leaks)
    assert not [f"{answer.method} {answer.address}" for answer in answers if answer.status >= 500]
    unseen = [
        thing.name
        for thing in planted
        if role in thing.seen_by and not any(thing.word in answer.text for answer in answers)
    ]
    assert not unseen, f"Planted where {role} should find it, and found nowhere: {unseen}"


@pytest.mark.parametrize("role", ROLES)
def test_what_is_about_a_hidden_thing_alone_answers_only_those_who_may_see_it(
    stage: Stage, planted: list[Planted], role: str
) -> None:
    walker = Walker(None if role == NOBODY else stage.people[role])
    wrong = []
    for thing in planted:
        for name, arguments in thing.at:
            route = next(route for route in routes() if route.name == name)
            stage.visits[name] = [arguments]
            [address] = route.addresses(stage)
            status = walker.ask("GET", address).status
            if (status == 200) != (role in thing.seen_by):
                wrong.append(f"{address} ({thing.name}) answers {status}")
    assert not wrong, "\n".join(wrong)


def walk(walker: Walker, stage: Stage) -> Iterator[Answer]:
    """Every address by GET, and by every other method that it may take."""
    for route in routes():
        for number, address in enumerate(route.addresses(stage)):
            yield walker.ask("GET", address)
            if route.is_of_a_list:
                yield walker.ask("GET", f"{address}?q={COMMON}")
            for method in WRITING if number == 0 else route.writing(address):
                yield walker.ask(method, address)
