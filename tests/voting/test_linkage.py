"""Attempts to join a person to a ballot, each by the trace it is named for.

Wherever a trace exists while a vote runs, the attempt is first made then and has to succeed: that is what the page of
every vote says in plain words, and it shows that the attempt would find something. After the close it finds nothing.
"""

import json
import logging
import os
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from metacity.accounts.data import export_all
from metacity.accounts.models import Notice, User
from metacity.commons import clocks
from metacity.commons.models import Event, Job, LedgerEntry
from participation.voting import clock, receipts, serializers, traces
from participation.voting.models import Ballot, HasVoted, Poll, RollEntry
from participation.voting.services import call_off_poll, suspend_poll, tell_turnout
from participation.voting.services.closing import seal
from participation.voting.states import State
from tests.factories.accounts import signed_in
from tests.factories.processes import a_person
from tests.factories.voting import a_closed_poll, a_published_poll, an_official, an_open_poll, vote, voted_by

PEOPLE = 30
# By chance alone about one pair in all is right; nine or more once in a million times.
BY_CHANCE = 8
ON_POSTGRESQL = connection.vendor == "postgresql"
postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="a trace of PostgreSQL")
sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="a trace of SQLite")
Whose = dict[str, uuid.UUID]


def an_election() -> tuple[Poll, Whose]:
    """An open vote in which everybody has voted, one after another; and whose ballot is whose, by its image."""
    people = [a_person() for _ in range(PEOPLE)]
    choices = [("yes", "no", "abstain")[number % 3] for number in range(PEOPLE)]
    poll, given = voted_by(people, choices)
    return poll, {receipts.image_of(poll.id, receipt): person.pk for receipt, person in given.items()}


def right_pairs(people: Sequence[uuid.UUID | None], images: Sequence[str], whose: Whose) -> int:
    """How many are right when the first person is given the first ballot, and so on."""
    assert len(people) == len(images) == PEOPLE
    return sum(whose[image] == person for person, image in zip(people, images, strict=True))


def rows_by(trace: str) -> tuple[list[uuid.UUID], list[str]]:
    """People who have voted and images of ballots, each in the order of a column that the database keeps for itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.person_id FROM voting_hasvoted v JOIN voting_rollentry r ON r.id = v.entry_id ORDER BY v.{trace}"  # noqa: S608 — one of the names below
        )
        people = [row[0] if isinstance(row[0], uuid.UUID) else uuid.UUID(row[0]) for row in cursor.fetchall()]
        cursor.execute(f"SELECT image FROM voting_ballot ORDER BY {trace}")  # noqa: S608
        return people, [row[0] for row in cursor.fetchall()]


def column(table: str, name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({name} AS text) FROM {table}")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def everything() -> str:
    """Every row of every table as text."""
    rows = [list(model._default_manager.values()) for model in apps.get_models()]
    return json.dumps(rows, default=str)


# What the database keeps for itself


@postgresql
@pytest.mark.django_db(transaction=True)
def test_by_the_transaction_that_wrote_a_row_xmin() -> None:
    poll, whose = an_election()
    assert right_pairs(*rows_by("xmin::text::bigint"), whose) == PEOPLE
    a_closed_poll(poll)
    assert len({*column("voting_ballot", "xmin"), *column("voting_hasvoted", "xmin")}) == 1


@postgresql
@pytest.mark.django_db(transaction=True)
def test_by_the_transaction_that_locked_a_row_xmax() -> None:
    """A checked relation would leave the number of the casting transaction on the roll and on the account."""
    poll, _whose = an_election()
    casting = set(column("voting_ballot", "xmin"))
    for table in ("voting_rollentry", "accounts_user", "accounts_identitycheck", "accounts_ledgeridentity"):
        assert not casting & {*column(table, "xmax"), *column(table, "xmin")}
    a_closed_poll(poll)
    assert set(column("voting_ballot", "xmax")) == {"0"}


@pytest.mark.django_db(transaction=True)
def test_by_the_place_of_a_row_ctid_or_rowid() -> None:
    place = "ctid" if ON_POSTGRESQL else "rowid"
    poll, whose = an_election()
    assert right_pairs(*rows_by(place), whose) == PEOPLE
    a_closed_poll(poll)
    assert right_pairs(*rows_by(place), whose) <= BY_CHANCE


@pytest.mark.django_db(transaction=True)
def test_by_the_order_in_which_rows_were_inserted() -> None:
    """Without any ORDER BY a database tends to answer in that order."""
    poll, whose = an_election()
    a_closed_poll(poll)
    person_of = dict(RollEntry.objects.values_list("pk", "person_id"))
    people = [person_of[mark.entry_id] for mark in HasVoted.objects.all()]
    assert right_pairs(people, list(Ballot.objects.values_list("image", flat=True)), whose) <= BY_CHANCE


@pytest.mark.django_db(transaction=True)
def test_by_the_order_of_keys_and_by_keys_seen_before_the_close() -> None:
    poll, whose = an_election()
    before = {*Ballot.objects.values_list("pk", flat=True), *HasVoted.objects.values_list("pk", flat=True)}
    a_closed_poll(poll)
    after = {*Ballot.objects.values_list("pk", flat=True), *HasVoted.objects.values_list("pk", flat=True)}
    assert not before & after
    assert right_pairs(*rows_by("id"), whose) <= BY_CHANCE


@pytest.mark.django_db
def test_by_sequence_values() -> None:
    """None of the tables has a counter that would number its rows."""
    for model in (Ballot, HasVoted, RollEntry):
        assert isinstance(model._meta.pk, models.UUIDField)
        with connection.cursor() as cursor:
            assert connection.introspection.get_sequences(cursor, model._meta.db_table) == [] or not ON_POSTGRESQL


@pytest.mark.django_db
def test_by_timestamps() -> None:
    for model in (Ballot, HasVoted, RollEntry):
        kinds = [type(field) for field in model._meta.get_fields() if isinstance(field, models.Field)]
        assert not {models.DateTimeField, models.DateField, models.TimeField, models.DurationField} & set(kinds)
        assert set(kinds) <= {models.UUIDField, models.ForeignKey, models.OneToOneField, models.CharField}


def raw_files() -> bytes:
    """What lies on disk of the two tables, or of the whole of SQLite."""
    if not ON_POSTGRESQL:
        name = str(connection.settings_dict["NAME"])
        return b"".join(Path(part).read_bytes() for part in (name, f"{name}-wal") if Path(part).exists())
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        parts = []
        for table in ("voting_ballot", "voting_hasvoted"):
            cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
            parts.append(bytes(cursor.fetchone()[0]))
        return b"".join(parts)


def on_disk(pk: uuid.UUID) -> bytes:
    return pk.bytes if ON_POSTGRESQL else pk.hex.encode()


def wipe_at_last() -> None:
    """As the job does that is tried again: until whoever began before has ended, in whatever database."""
    for _attempt in range(10):
        with suppress(traces.OldRowsSeen):
            traces.wipe()
            return
    pytest.fail("somebody has been working in this server's databases for minutes")


@pytest.mark.django_db(transaction=True)
def test_by_dead_rows_on_disk_once_the_clock_has_closed_the_vote() -> None:
    """VACUUM FULL on PostgreSQL; `secure_delete` and an emptied write-ahead log on SQLite."""
    poll, _whose = an_election()
    before = [*Ballot.objects.values_list("pk", flat=True), *HasVoted.objects.values_list("pk", flat=True)]
    files = raw_files()
    assert all(on_disk(pk) in files for pk in before)
    clock.close_now(poll.pk, poll.closes_at)
    if Job.objects.filter(task=traces.WIPE).exists():
        wipe_at_last()
    files = raw_files()
    assert not any(on_disk(pk) in files for pk in before)
    assert all(on_disk(pk) in files for pk in Ballot.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_by_dead_rows_on_disk_of_a_vote_that_was_called_off() -> None:
    poll, _whose = an_election()
    before = [*Ballot.objects.values_list("pk", flat=True), *HasVoted.objects.values_list("pk", flat=True)]
    official = an_official()
    suspend_poll(poll=poll, reason="질문이 틀렸습니다.", by=official, at=poll.opens_at)
    call_off_poll(poll=poll, reason="다시 준비합니다.", by=official, at=poll.opens_at)
    assert Job.objects.filter(task=traces.WIPE).count() == 1
    wipe_at_last()
    files = raw_files()
    assert not any(on_disk(pk) in files for pk in before)


@postgresql
@pytest.mark.django_db(transaction=True)
def test_rows_that_somebody_may_still_see_are_wiped_out_when_they_have_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poll, _whose = an_election()
    before = [*Ballot.objects.values_list("pk", flat=True), *HasVoted.objects.values_list("pk", flat=True)]
    with psycopg.connect(os.environ["TEST_DATABASE_URL"]) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        monkeypatch.setattr(traces, "PATIENCE_S", 0.0)
        clock.close_now(poll.pk, poll.closes_at)
        poll.refresh_from_db()
        assert poll.state == State.TALLIED
        assert Job.objects.filter(task=traces.WIPE).count() == 1
        with pytest.raises(traces.OldRowsSeen):
            traces.wipe()
    monkeypatch.undo()
    wipe_at_last()
    assert not any(on_disk(pk) in raw_files() for pk in before)


@pytest.mark.django_db
def test_wiping_that_failed_is_tried_again_in_a_while() -> None:
    failed_at = clocks.now()
    times = {"created_at": failed_at, "due_at": failed_at, "finished_at": failed_at}
    Job.objects.create(task=traces.WIPE, key=traces.WIPE, state=Job.State.FAILED, **times)
    clock.keep_time(failed_at + timedelta(minutes=1))
    assert Job.objects.active().count() == 0
    clock.keep_time(failed_at + clock.TRIED_AGAIN_AFTER)
    assert Job.objects.active().filter(task=traces.WIPE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_by_whatever_closing_by_halves_would_leave() -> None:
    """The rewriting and the board are one transaction: when the second fails, the first has not happened."""
    poll, _whose = an_election()
    before = set(Ballot.objects.values_list("pk", flat=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("participation.voting.services.closing.announce", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            a_closed_poll(poll)
    assert set(Ballot.objects.values_list("pk", flat=True)) == before
    assert Poll.objects.get(pk=poll.pk).board_head == ""


# What other rooms keep


@pytest.mark.django_db(transaction=True)
def test_by_any_value_that_a_ballot_shares_with_any_other_row() -> None:
    """No query over all tables of a published vote can join on anything but the vote itself."""
    poll, _whose = an_election()
    a_published_poll(poll)
    marks = {str(value) for row in HasVoted.objects.values_list("pk") for value in row}
    ballots = {str(value) for row in Ballot.objects.values_list("pk", "image", "commitment") for value in row}
    others = json.dumps(
        [list(m._default_manager.values()) for m in apps.get_models() if m not in (Ballot, HasVoted)], default=str
    )
    assert not [value for value in marks | ballots if value in others or value.replace("-", "") in others]
    assert not marks & ballots


Cast = Callable[[Poll, User, str], Client]


def cast_on_the_page(poll: Poll, person: User, choice: str) -> Client:
    client, address = signed_in(person), reverse("voting:ballot", args=[poll.pk])
    key = str(uuid.uuid4())
    client.get(address)
    client.post(address, {"step": "check", "choice": choice, "key": key})
    answer = client.post(address, {"step": "cast", "choice": choice, "key": key}, headers={"x-request-id": REQUEST_ID})
    assert answer.status_code == 200
    return client


def cast_by_the_api(poll: Poll, person: User, choice: str) -> Client:
    client = signed_in(person)
    answer = client.post(
        reverse("api-vote-ballot", args=[poll.pk]),
        {"choice": choice, "key": str(uuid.uuid4())},
        content_type="application/json",
        headers={"x-request-id": REQUEST_ID},
    )
    assert answer.status_code == 201
    return client


REQUEST_ID = "a-request-id-to-look-for"
by_page_and_api = pytest.mark.parametrize("cast", [cast_on_the_page, cast_by_the_api], ids=["page", "api"])


@by_page_and_api
@pytest.mark.django_db
def test_by_ledger_events_jobs_and_notices(cast: Cast) -> None:
    voter = a_person()
    poll = an_open_poll()
    kept = (LedgerEntry, Event, Job, Notice)
    before = [model._default_manager.count() for model in kept]
    cast(poll, voter, "yes")
    assert Ballot.objects.count() == 1
    assert [model._default_manager.count() for model in kept] == before


@by_page_and_api
@pytest.mark.django_db
def test_by_the_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    voter = a_person()
    poll = an_open_poll()
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    cast(poll, voter, "abstain")
    assert Ballot.objects.count() == 1
    assert not [record for record in caplog.records if str(poll.pk) in record.getMessage()]
    assert "abstain" not in caplog.text
    signed_in(voter).get(poll.get_absolute_url())
    assert [record for record in caplog.records if str(poll.pk) in record.getMessage()], "other pages are logged"


@by_page_and_api
@pytest.mark.django_db
def test_by_sessions(cast: Cast) -> None:
    voter = a_person()
    poll = an_open_poll()
    client = cast(poll, voter, "yes")
    session = Session.objects.get(session_key=client.cookies["sessionid"].value).get_decoded()
    assert set(session) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash"}


@by_page_and_api
@pytest.mark.django_db
def test_by_keys_of_the_cache(cast: Cast) -> None:
    voter = a_person()
    poll = an_open_poll()
    cache.clear()
    cast(poll, voter, "yes")
    client = cache._cache.get_client()  # type: ignore[attr-defined]
    assert [key for key in client.keys("*") if b"throttle" in key or b"limit" in key or b"vot" in key] == []


@by_page_and_api
@pytest.mark.django_db
def test_by_request_ids(cast: Cast) -> None:
    voter = a_person()
    poll = an_open_poll()
    cast(poll, voter, "yes")
    assert Ballot.objects.count() == 1
    assert REQUEST_ID not in everything()


@by_page_and_api
@pytest.mark.django_db
def test_by_what_is_kept_of_the_account(cast: Cast) -> None:
    """Neither the account nor anything of it is written when its holder votes."""
    voter = a_person()
    poll = an_open_poll()
    signed_in(voter)
    before = User.objects.filter(pk=voter.pk).values().get() | {"last_login": None}
    cast(poll, voter, "yes")
    assert User.objects.filter(pk=voter.pk).values().get() | {"last_login": None} == before


@pytest.mark.django_db
def test_by_the_export_of_ones_data() -> None:
    one, other = a_person(), a_person()
    poll = an_open_poll()
    vote(poll, one, "yes")
    vote(poll, other, "no")
    a_published_poll(poll)
    told = [export_all(person)["votes"] for person in (one, other)]
    assert told[0] == told[1] == [{"vote": str(poll.pk), "question": poll.question, "voted": True}]


@pytest.mark.django_db
def test_by_the_turnout() -> None:
    """Told when the clock asks, and in whole steps: not at a ballot, and not for one."""
    people = [a_person() for _ in range(21)]
    poll = an_open_poll()
    told = []
    for person in people:
        vote(poll, person)
        assert Poll.objects.get(pk=poll.pk).turnout == (told or [0])[-1]
        if tell_turnout(poll=poll):
            told.append(Poll.objects.get(pk=poll.pk).turnout)
    assert told == [10, 20]
    events = Event.objects.filter(room_id=poll.room, kind="poll.turnout").order_by("seq")
    assert [event.payload["turnout"] for event in events] == [10, 20]


@pytest.mark.django_db
def test_by_the_exact_number_before_the_close() -> None:
    people = [a_person() for _ in range(13)]
    poll = an_open_poll()
    for person in people:
        vote(poll, person)
    tell_turnout(poll=poll)
    told = Client().get(reverse("api-vote", args=[poll.pk])).json()
    assert (told["turnout"], told["ballots"], told["result"]) == (10, None, None)
    page = Client().get(poll.get_absolute_url()).content.decode()
    assert "10명 이상" in page
    assert "13명" not in page
    assert Client().get(reverse("voting:board_json", args=[poll.pk])).status_code == 404


@pytest.mark.django_db
def test_by_fields_of_the_api_that_tell_a_time() -> None:
    told = {
        name: set(getattr(serializers, name)().fields)
        for name in ("BallotOut", "ReceiptOut", "BoardEntryOut", "StandingOut", "BallotIn")
    }
    assert told == {
        "BallotOut": {"receipt"},
        "ReceiptOut": {"well_formed", "recorded", "number", "choice"},
        "BoardEntryOut": {"number", "commitment", "chain", "choice", "image"},
        "StandingOut": {"on_roll", "has_voted", "may_vote", "refusal", "missing"},
        "BallotIn": {"choice", "key"},
    }


@pytest.mark.django_db(transaction=True)
def test_by_the_order_of_the_published_board() -> None:
    poll, whose = an_election()
    in_casting_order = list(whose)
    published = a_published_poll(poll)
    board = Client().get(reverse("voting:board_json", args=[published.pk])).json()["ballots"]
    images = [entry["image"] for entry in board]
    assert [entry["commitment"] for entry in board] == sorted(entry["commitment"] for entry in board)
    assert sum(one == other for one, other in zip(images, in_casting_order, strict=True)) <= BY_CHANCE


@pytest.mark.django_db(transaction=True)
def test_two_closes_of_the_same_rows_end_in_different_orders() -> None:
    """The order comes from fresh randomness, not from anything that could be computed again."""
    poll, _whose = an_election()
    orders = []
    for _ in range(2):
        seal(poll)
        orders.append(rows_by("ctid" if ON_POSTGRESQL else "rowid"))
    assert orders[0][0] != orders[1][0]
    assert orders[0][1] != orders[1][1]
