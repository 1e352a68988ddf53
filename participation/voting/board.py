"""The board of a vote: its commitments in order and chained, and once the result is published what opens them.

`verify` reads what `as_json` and `as_csv` write.
"""

import csv
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from participation.voting import receipts
from participation.voting.errors import BoardNotReady
from participation.voting.models import Ballot, Choice, Poll

FORMAT = "metacity-board-1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One ballot of the board. Choice and image are empty until the result is published."""

    number: int
    commitment: str
    chain: str
    choice: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    poll: Poll
    entries: list[Entry]

    def as_json(self) -> dict[str, Any]:
        return self._notes() | {"result": self._result(), "ballots": [_fields(entry) for entry in self.entries]}

    def as_csv(self) -> str:
        """Notes as `# name: value`, then one line a ballot."""
        out = io.StringIO()
        for name, value in (self._notes() | (self._result() or {})).items():
            out.write(f"# {name}: {value}\n")
        rows = [_fields(entry) for entry in self.entries]
        writer = csv.DictWriter(out, ["number", "commitment", "chain", "choice", "image"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def _notes(self) -> dict[str, Any]:
        poll = self.poll
        return {"format": FORMAT, "poll": str(poll.id), "head": poll.board_head, "roll": poll.roll_size}

    def _result(self) -> dict[str, int] | None:
        poll = self.poll
        return {choice.value: getattr(poll, choice.value) for choice in Choice} if poll.is_published else None


def board_of(poll: Poll) -> Board:
    """Raises `BoardNotReady` until the poll has closed."""
    if not poll.is_counted:
        raise BoardNotReady
    return Board(poll, list(_entries(poll)))


def _entries(poll: Poll) -> Iterator[Entry]:
    rows = list(Ballot.objects.of_poll(poll).on_board().values_list("commitment", "choice", "image"))
    links = receipts.chained(poll.id, (commitment for commitment, _choice, _image in rows))
    for number, ((commitment, choice, image), link) in enumerate(zip(rows, links, strict=True), 1):
        opening = (choice, image) if poll.is_published else ("", "")
        yield Entry(number, commitment, link, *opening)


def head_of_ballots(poll_id: uuid.UUID, ballots: list[Ballot]) -> str:
    return receipts.head_of(poll_id, sorted(ballot.commitment for ballot in ballots))


def _fields(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {"number": entry.number, "commitment": entry.commitment, "chain": entry.chain}
    return told | ({"choice": entry.choice, "image": entry.image} if entry.image else {})
