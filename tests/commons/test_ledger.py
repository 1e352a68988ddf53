"""The ledger: one chain, append-only, without anything that is a person's."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from metacity.commons import ledger, ledger_triggers
from metacity.commons.checks import ledger_is_guarded
from metacity.commons.models import LedgerEntry, LedgerHead
from tests.ledger_triggers import lifted

ACTOR = uuid.UUID("6f1b4d7e-52c3-4a52-9d3a-0a4a3c1c2b11")


def record(**changes: object) -> LedgerEntry:
    told = {"action": "proposal.submitted", "actor": ACTOR, "subject": f"proposal:{uuid.uuid4()}", "facts": {}}
    with transaction.atomic():
        return ledger.record(**(told | changes))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_entries_are_numbered_and_chained() -> None:
    first, second = record(facts={"version": 1}), record(actor=None)
    assert second.number == first.number + 1
    assert second.previous == first.hash
    assert first.hash == LedgerEntry.objects.get(pk=first.pk).computed_hash()
    assert LedgerHead.objects.get().hash == second.hash
    assert ledger.first_break() is None


@pytest.mark.django_db
def test_what_is_rolled_back_was_never_recorded() -> None:
    before = record()
    with transaction.atomic():
        ledger.record(action="proposal.submitted", actor=ACTOR, subject="proposal:1")
        transaction.set_rollback(True)
    assert record().number == before.number + 1
    assert ledger.first_break() is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        ledger.record(action="proposal.submitted", actor=ACTOR, subject="proposal:1")
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value", ["홍길동", "hong@example.org", "Hong Gildong", "010-1234-5678", "01012345678", "", 1.5, True, 2**60, ["a"]]
)
def test_facts_that_could_be_a_persons_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="neither an id"):
        record(facts={"what": value})
    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("value", [ACTOR, str(ACTOR), "ab" * 32, "state.open", 0, -5, 2**53])
def test_ids_hashes_codes_and_whole_numbers_are_facts(value: ledger.Fact) -> None:
    entry = record(facts={"what": value})
    entry.refresh_from_db()
    assert entry.facts == {"what": str(value) if isinstance(value, uuid.UUID) else value}
    assert entry.computed_hash() == entry.hash


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["hong@example.org", "홍길동", "010-1234-5678", "", "a" * 200])
def test_a_subject_is_a_name_and_an_id(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        record(subject=subject)


def _replace() -> None:
    # SQLite's REPLACE removes the old row without asking the triggers on removal.
    if connection.vendor == "postgresql":
        raise IntegrityError("the ledger is append-only")
    with connection.cursor() as cursor:
        cursor.execute("REPLACE INTO commons_ledgerentry SELECT * FROM commons_ledgerentry")


def _forge() -> None:
    LedgerEntry.objects.create(
        number=7, at="2026-01-01T00:00Z", action="x", subject="x", previous="1" * 64, hash="2" * 64
    )


def _truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{'TRUNCATE' if connection.vendor == 'postgresql' else 'DELETE FROM'} commons_ledgerentry")


TAMPERING: list[Callable[[], object]] = [
    lambda: LedgerEntry.objects.update(action="proposal.withdrawn"),
    lambda: LedgerEntry.objects.all().delete(),
    lambda: LedgerHead.objects.update(number=0),
    lambda: LedgerHead.objects.all().delete(),
    _replace,
    _forge,
    _truncate,
]


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", TAMPERING)
def test_the_database_refuses_changes(tamper: Callable[[], object]) -> None:
    record()
    record()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        tamper()
    assert LedgerEntry.objects.count() == 2
    assert ledger.first_break() is None


@pytest.mark.django_db
def test_the_command_says_that_a_chain_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    call_command("verify_ledger")
    assert "whole: 1 entries" in capsys.readouterr().out


BREAKS: list[tuple[Callable[[], object], int, str]] = [
    (lambda: LedgerEntry.objects.filter(number=2).update(action="x"), 2, "content"),
    (lambda: LedgerEntry.objects.filter(number=2).update(facts={"n": 2}), 2, "content"),
    (lambda: LedgerEntry.objects.filter(number=2).delete(), 2, "missing"),
    (lambda: LedgerEntry.objects.filter(number=4).delete(), 4, "missing"),
    (lambda: LedgerEntry.objects.filter(number=3).update(previous="0" * 63 + "1"), 3, "continue"),
    (lambda: LedgerHead.objects.update(hash="f" * 64), 4, "end"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("tamper", "number", "reason"), BREAKS)
def test_the_command_names_the_first_broken_link(tamper: Callable[[], object], number: int, reason: str) -> None:
    for _ in range(4):
        record()
    with lifted():
        tamper()
    with pytest.raises(CommandError, match=rf"entry {number}: .*{reason}") as refusal:
        call_command("verify_ledger")
    assert refusal.value.returncode == 1


@pytest.mark.django_db
def test_a_rewritten_entry_is_found_even_with_its_hash_made_anew() -> None:
    for _ in range(3):
        record()
    with lifted():
        forged = LedgerEntry.objects.get(number=2)
        forged.action = "proposal.withdrawn"
        LedgerEntry.objects.filter(number=2).update(action=forged.action, hash=forged.computed_hash())
    assert ledger.first_break() == ledger.Break(3, "it does not continue the entry before")


@pytest.mark.django_db
def test_the_triggers_stand_and_a_check_misses_them_when_they_do_not() -> None:
    assert ledger_triggers.missing() == []
    assert ledger_is_guarded(None, databases=["default"]) == []
    ledger_triggers.remove()
    assert [message.id for message in ledger_is_guarded(None, databases=["default"])] == ["commons.E020"]
    ledger_triggers.install()
    ledger_triggers.install()
    assert ledger_triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_again_after_the_table_was_remade() -> None:
    record()
    before, after = LedgerEntry._meta.get_field("action"), LedgerEntry._meta.get_field("action").clone()
    after.set_attributes_from_name("action")
    after.max_length = 80
    after.model = LedgerEntry
    with connection.schema_editor() as editor:
        editor.alter_field(LedgerEntry, before, after, strict=True)
    with connection.schema_editor() as editor:
        editor.alter_field(LedgerEntry, after, before, strict=True)
    call_command("migrate", verbosity=0)
    assert ledger_triggers.missing() == []
    assert ledger.first_break() is None


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain() -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                record()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert LedgerEntry.objects.count() == 20
    assert ledger.first_break() is None
