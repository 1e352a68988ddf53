"""The board and the script that counts it again: what it accepts, and every way of tampering that it finds."""

import copy
import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from metacity.commons.models import LedgerEntry
from participation.voting import receipts, verify
from participation.voting.board import board_of
from participation.voting.errors import BallotsDiffer, BoardNotReady
from participation.voting.models import Ballot, Choice, HasVoted, Poll, RollEntry
from participation.voting.outcome import Outcome, outcome_of, quorum_of
from participation.voting.services import close_poll, tally_poll
from participation.voting.states import State
from tests.factories.processes import a_person
from tests.factories.voting import a_closed_poll, a_published_poll, an_open_poll, vote, voted_by

Board = dict[str, Any]
SCRIPT = Path(verify.__file__)


def a_board(choices: str = "yynana") -> tuple[Poll, Board, list[str]]:
    """A published board as it is downloaded, and the receipts."""
    words = {"y": "yes", "n": "no", "a": "abstain"}
    poll, given = voted_by([a_person() for _ in choices], [words[letter] for letter in choices])
    published = a_published_poll(poll)
    board = Client().get(reverse("voting:board_json", args=[poll.pk])).json()
    return published, board, list(given)


def run(file: Path, *receipts_: str) -> subprocess.CompletedProcess[str]:
    """As anybody runs it: with Python alone, isolated from what is installed here."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(file), *receipts_], capture_output=True, text=True, check=False
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_the_script_counts_the_downloaded_board_again_and_finds_a_receipt(tmp_path: Path, kind: str) -> None:
    poll, _board, given = a_board()
    answer = Client().get(reverse(f"voting:board_{kind}", args=[poll.pk]))
    assert "attachment" in answer["Content-Disposition"]
    file = tmp_path / f"board.{kind}"
    file.write_bytes(answer.content)
    done = run(file, receipts.shown(given[0]), receipts.receipt_of(poll.id, uuid.uuid4()))
    assert done.returncode == 0, done.stdout
    assert "6 ballots" in done.stdout
    assert "yes 2, no 2, abstain 2" in done.stdout
    assert "counted as “yes”" in done.stdout
    assert "not on this board" in done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["json", "csv"])
def test_before_the_result_the_board_shows_commitments_without_openings(tmp_path: Path, kind: str) -> None:
    poll, _given = voted_by([a_person() for _ in range(3)], ["yes", "no", "no"])
    a_closed_poll(poll)
    content = Client().get(reverse(f"voting:board_{kind}", args=[poll.pk])).content
    for row in Ballot.objects.all():
        assert row.commitment.encode() in content
        assert row.image.encode() not in content
    file = tmp_path / "board"
    file.write_bytes(content)
    done = run(file)
    assert (done.returncode, "not published yet" in done.stdout) == (0, True), done.stdout


@pytest.mark.django_db
def test_there_is_no_board_before_the_close() -> None:
    poll = an_open_poll()
    with pytest.raises(BoardNotReady):
        board_of(poll)
    for kind in ("json", "csv"):
        assert Client().get(reverse(f"voting:board_{kind}", args=[poll.pk])).status_code == 404


def _forged(board: Board, choice: str) -> dict[str, Any]:
    image = receipts.image_of(uuid.UUID(board["poll"]), receipts.receipt_of(uuid.uuid4(), uuid.uuid4()))
    commitment = receipts.commitment_of(uuid.UUID(board["poll"]), choice, image)
    return {"number": 0, "commitment": commitment, "chain": "0" * 64, "choice": choice, "image": image}


def _rechained(board: Board) -> None:
    """A forger who knows the formulas makes the chain fit again."""
    ballots = sorted(board["ballots"], key=lambda ballot: ballot["commitment"])
    links = receipts.chained(uuid.UUID(board["poll"]), (ballot["commitment"] for ballot in ballots))
    for number, (ballot, link) in enumerate(zip(ballots, links, strict=True), 1):
        ballot["number"], ballot["chain"] = number, link
    board["ballots"] = ballots


def _flip(board: Board) -> None:
    ballot = next(ballot for ballot in board["ballots"] if ballot["choice"] == "yes")
    ballot["choice"] = "no"
    board["result"] = {"yes": 1, "no": 3, "abstain": 2}


TAMPERING: dict[str, Callable[[Board], object]] = {
    "a ballot dropped": lambda board: board["ballots"].pop(),
    "a ballot dropped and the chain made to fit": lambda board: (board["ballots"].pop(0), _rechained(board)),
    "a ballot added": lambda board: (board["ballots"].append(_forged(board, "yes")), _rechained(board)),
    "an answer changed": _flip,
    "two ballots exchanged": lambda board: board["ballots"].reverse(),
    "a ballot counted twice": lambda board: board["ballots"].insert(1, board["ballots"][0]),
    "another result": lambda board: board["result"].update(yes=3),
    "another head": lambda board: board.update(head="0" * 64),
    "more ballots than people": lambda board: board.update(roll=5),
    "a choice outside the ballot": lambda board: board["ballots"][0].update(choice="maybe"),
    "the board of another vote": lambda board: board.update(poll=str(uuid.uuid4())),
}


@pytest.mark.django_db
def test_every_way_of_tampering_is_found() -> None:
    _poll, board, _given = a_board()
    assert verify.faults_of(board) == []
    unfound = []
    for what, tamper in TAMPERING.items():
        tampered = copy.deepcopy(board)
        tamper(tampered)
        if not verify.faults_of(tampered):
            unfound.append(what)
    assert unfound == []


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "{", "commitment,chain\n", "# poll: x\n", '{"poll": 1, "ballots": 3}']
)
def test_what_is_no_board_is_told_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "board"
    file.write_text(text)
    done = run(file)
    assert (done.returncode, done.stderr) == (2, "")
    assert "cannot be read" in done.stdout


def test_without_a_file_the_script_explains_itself() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert "Needs nothing but Python" in done.stdout


def test_the_script_imports_nothing_but_the_standard_library() -> None:
    source = SCRIPT.read_text()
    assert "import participation" not in source
    assert "from participation" not in source
    assert "django" not in source.lower()


@given(st.uuids(), st.uuids(), st.sampled_from(Choice.values))
def test_script_and_service_agree_on_every_formula(poll: uuid.UUID, key: uuid.UUID, choice: str) -> None:
    receipt = receipts.receipt_of(poll, key)
    image = receipts.image_of(poll, receipt)
    assert image == verify.image_of(str(poll), receipts.shown(receipt).lower())
    assert receipts.commitment_of(poll, choice, image) == verify.sha256("metacity-ballot", str(poll), choice, image)
    assert receipts.head_of(poll, []) == verify.sha256("metacity-board", str(poll))


@pytest.mark.django_db
def test_the_head_of_the_board_is_in_the_ledger_before_anything_is_opened() -> None:
    poll, _given = voted_by([a_person(), a_person()], ["yes", "no"])
    closed = a_closed_poll(poll)
    entry = LedgerEntry.objects.get(subject=poll.subject, action="poll.closed")
    assert entry.facts == {"board": closed.board_head, "ballots": 2}


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", ["dropped", "exchanged"])
def test_ballots_that_were_changed_after_the_close_are_not_tallied(tamper: str) -> None:
    poll, _given = voted_by([a_person(), a_person()], ["yes", "no"])
    closed = a_closed_poll(poll)
    victim = Ballot.objects.get(choice="no")
    victim.delete()
    if tamper == "exchanged":
        image = receipts.image_of(poll.id, receipts.receipt_of(poll.id, uuid.uuid4()))
        commitment = receipts.commitment_of(poll.id, "yes", image)
        Ballot.objects.create(poll=poll, choice="yes", image=image, commitment=commitment)
    with pytest.raises(BallotsDiffer):
        tally_poll(poll=closed)
    assert Poll.objects.get(pk=poll.pk).state == State.CLOSED


@pytest.mark.django_db
def test_a_ballot_without_a_voter_stops_the_close() -> None:
    poll, _given = voted_by([a_person(), a_person()], ["yes", "no"])
    HasVoted.objects.filter(entry=RollEntry.objects.filter(voted__isnull=False).first()).delete()
    with pytest.raises(BallotsDiffer):
        close_poll(poll=poll, at=poll.closes_at)
    assert Poll.objects.get(pk=poll.pk).state == State.OPEN


@pytest.mark.django_db
def test_a_vote_in_which_nobody_voted_has_an_empty_board() -> None:
    poll = a_published_poll(an_open_poll())
    board = board_of(poll).as_json()
    assert (board["ballots"], verify.faults_of(board)) == ([], [])
    assert outcome_of(poll) == Outcome.TIE


@given(
    yes=st.integers(0, 500),
    no=st.integers(0, 500),
    abstain=st.integers(0, 500),
    spare=st.integers(0, 2000),
    quorum=st.none() | st.integers(1, 100),
)
@hypothesis.settings(max_examples=200)
def test_the_rule_is_applied_in_whole_numbers(yes: int, no: int, abstain: int, spare: int, quorum: int | None) -> None:
    ballots = yes + no + abstain
    poll = Poll(yes=yes, no=no, abstain=abstain, ballots=ballots, roll_size=ballots + spare, quorum_percent=quorum)
    missed = quorum is not None and ballots * 100 < (ballots + spare) * quorum
    assert (outcome_of(poll) == Outcome.QUORUM_MISSED) == missed
    if not missed:
        simple = Outcome.TIE if yes == no else Outcome.ACCEPTED if yes > no else Outcome.NOT_ACCEPTED
        assert outcome_of(poll) == simple
        poll.majority = "two_thirds"
        assert (outcome_of(poll) == Outcome.ACCEPTED) == (yes > 0 and yes >= 2 * no)
    assert quorum_of(poll) is None or quorum_of(poll) <= ballots + spare  # type: ignore[operator]


@pytest.mark.django_db
def test_the_order_of_casting_changes_nothing() -> None:
    people = [a_person() for _ in range(6)]
    results = []
    for choices in (["yes", "yes", "no", "no", "abstain", "yes"], ["yes", "abstain", "no", "yes", "no", "yes"]):
        poll = an_open_poll()
        for person, choice in zip(people, choices, strict=True):
            vote(poll, person, choice)
        published = a_published_poll(poll)
        results.append((published.yes, published.no, published.abstain))
    assert results[0] == results[1] == (3, 2, 1)


@pytest.mark.django_db
def test_a_board_file_survives_a_round_trip_through_json() -> None:
    poll, board, _given = a_board("ya")
    assert verify.read(json.dumps(board)) == board
    assert verify.read(board_of(poll).as_csv())["result"] == {"yes": 1, "no": 0, "abstain": 1}
