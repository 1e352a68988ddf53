"""Who speaks next: the published rule as a table of cases, and what it never does."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.meetings.fairness import Reason, Wish, ordered

START = dt.datetime(2026, 12, 21, 19, 0, tzinfo=dt.UTC)
SEATS = {name: uuid.uuid5(uuid.NAMESPACE_OID, name) for name in "abcde"}


def a_wish(name: str, asked: int, *, order: bool = False, called: int | None = None) -> Wish:
    """`asked` and `called` in minutes after the beginning."""
    called_at = None if called is None else START + dt.timedelta(minutes=called)
    return Wish(
        uuid.uuid5(uuid.NAMESPACE_OID, f"{name}{order}"),
        SEATS[name],
        START + dt.timedelta(minutes=asked),
        order,
        called_at,
    )


CASES: dict[str, tuple[list[Wish], dict[str, int], str, list[Reason]]] = {
    "nobody": ([], {}, "", []),
    "first come among those who have not spoken": (
        [a_wish("b", 2), a_wish("a", 1)],
        {},
        "ab",
        [Reason.FIRST_TIME, Reason.FIRST_TIME],
    ),
    "whoever has not spoken before whoever has": (
        [a_wish("a", 1), a_wish("b", 9)],
        {"a": 30},
        "ba",
        [Reason.FIRST_TIME, Reason.LEAST_TIME],
    ),
    "the least time first": (
        [a_wish("a", 1), a_wish("b", 2), a_wish("c", 3)],
        {"a": 90, "b": 30, "c": 60},
        "bca",
        [Reason.LEAST_TIME] * 3,
    ),
    "first come among equal times": (
        [a_wish("b", 2), a_wish("a", 1)],
        {"a": 30, "b": 30},
        "ab",
        [Reason.LEAST_TIME] * 2,
    ),
    "a speech of no length is a speech": (
        [a_wish("a", 1), a_wish("b", 2)],
        {"a": 0},
        "ba",
        [Reason.FIRST_TIME, Reason.LEAST_TIME],
    ),
    "a point of order before everybody, however much was spoken": (
        [a_wish("a", 1), a_wish("b", 9, order=True)],
        {"b": 600},
        "ba",
        [Reason.POINT_OF_ORDER, Reason.FIRST_TIME],
    ),
    "points of order in the order of asking": (
        [a_wish("b", 3, order=True), a_wish("a", 2, order=True)],
        {"a": 600},
        "ab",
        [Reason.POINT_OF_ORDER] * 2,
    ),
    "called forward by the chair, after points of order": (
        [a_wish("a", 1), a_wish("b", 5, called=6), a_wish("c", 7, order=True)],
        {"b": 300},
        "cba",
        [Reason.POINT_OF_ORDER, Reason.CALLED, Reason.FIRST_TIME],
    ),
    "called forward in the order of calling": (
        [a_wish("a", 1, called=9), a_wish("b", 5, called=8)],
        {},
        "ba",
        [Reason.CALLED] * 2,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_queue_follows_the_rule(case: str) -> None:
    wishes, spoken, expected, reasons = CASES[case]
    queue = ordered(wishes, {SEATS[name]: seconds for name, seconds in spoken.items()})
    names = {seat: name for name, seat in SEATS.items()}
    assert "".join(names[standing.wish.seat] for standing in queue) == expected
    assert [standing.reason for standing in queue] == reasons
    assert [standing.number for standing in queue] == list(range(1, len(queue) + 1))


wishes = st.lists(
    st.builds(a_wish, st.sampled_from("abcde"), st.integers(0, 90), order=st.just(False)),
    unique_by=lambda wish: wish.seat,
)
seconds = st.dictionaries(st.sampled_from(sorted(SEATS.values())), st.integers(0, 3600))


@given(wishes, seconds, st.randoms())
def test_the_order_depends_on_the_rule_and_not_on_how_rows_arrive(wishes: list[Wish], spoken: dict, chance) -> None:  # type: ignore[type-arg, no-untyped-def]
    shuffled = list(wishes)
    chance.shuffle(shuffled)
    assert ordered(shuffled, spoken) == ordered(wishes, spoken)


@given(wishes.filter(bool), seconds)
def test_nobody_waits_for_ever(wishes: list[Wish], spoken: dict[uuid.UUID, int]) -> None:
    """However eagerly the others ask again, everybody has spoken after as many minutes as the rule owes the others."""
    last = ordered(wishes, spoken)[-1].wish.seat
    owed = spoken.get(last, 0)
    clock = max(wish.asked_at for wish in wishes)
    for _turn in range(len(wishes) * (owed // 60 + 2)):
        speaker = ordered(wishes, spoken)[0].wish
        if speaker.seat == last:
            return
        spoken = spoken | {speaker.seat: spoken.get(speaker.seat, 0) + 60}
        clock += dt.timedelta(minutes=1)
        again = Wish(uuid.uuid4(), speaker.seat, clock)
        wishes = [wish for wish in wishes if wish != speaker] + [again]
    raise AssertionError("Somebody was never called.")
