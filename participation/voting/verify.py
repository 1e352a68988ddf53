"""Counts a published vote again: `python verify.py BOARD_FILE [RECEIPT …]`. Needs nothing but Python.

It reads the board that a vote's page offers as JSON or CSV, and checks that every commitment opens to one of the three
answers, that the commitments are sorted and chained and end in the head that was published, that none stands there
twice, that there are not more than people on the roll, and that the answers add up to the published result. A receipt
given along is looked for.

It shares no line with the service that made the board:

    image      = SHA256("metacity-image\\n" poll "\\n" receipt)
    commitment = SHA256("metacity-ballot\\n" poll "\\n" choice "\\n" image)
    chain(0)   = SHA256("metacity-board\\n" poll)
    chain(n)   = SHA256(chain(n-1) "\\n" commitment(n))

with every hash in lower-case hexadecimal digits, and the receipt in capitals without dashes.
"""

import csv
import hashlib
import io
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

CHOICES = ("yes", "no", "abstain")


def sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def image_of(poll: str, receipt: str) -> str:
    typed = "".join(letter for letter in receipt.upper() if letter.isalnum())
    return sha256("metacity-image", poll, typed)


def read(text: str) -> dict[str, Any]:
    """A board from JSON; or from CSV, whose first lines are `# name: value`."""
    if text.lstrip("\ufeff").lstrip().startswith("{"):
        board: dict[str, Any] = json.loads(text.lstrip("\ufeff"))
        return board
    lines = text.lstrip("\ufeff").splitlines()
    notes = [line[1:].split(":", 1) for line in lines if line.startswith("#")]
    told: dict[str, Any] = {name.strip(): value.strip() for name, value in notes}
    rows = csv.DictReader(io.StringIO("\n".join(line for line in lines if not line.startswith("#"))))
    told["ballots"] = [dict(row) for row in rows]
    told["roll"] = int(told["roll"])
    told["result"] = {choice: int(told[choice]) for choice in CHOICES} if "yes" in told else None
    return told


def faults_of(board: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a board, in words; empty when it holds."""
    poll, ballots = str(board["poll"]), board["ballots"]
    faults = [*_chain_faults(poll, ballots, str(board["head"]))]
    if len(ballots) > int(board["roll"]):
        faults.append(f"There are {len(ballots)} ballots, but only {board['roll']} people on the roll.")
    if board.get("result"):
        faults += _opening_faults(poll, ballots) + _result_faults(ballots, board["result"])
    return faults


def _chain_faults(poll: str, ballots: list[dict[str, str]], head: str) -> list[str]:
    faults = []
    chain, before = sha256("metacity-board", poll), ""
    for number, ballot in enumerate(ballots, 1):
        commitment = ballot["commitment"]
        if commitment <= before:
            faults.append(f"Ballot {number} stands there twice or out of order.")
        chain, before = sha256(chain, commitment), commitment
        if ballot["chain"] != chain:
            faults.append(f"The chain breaks at ballot {number}.")
            break
    if chain != head:
        faults.append("The chain does not end in the published head.")
    return faults


def _opening_faults(poll: str, ballots: list[dict[str, str]]) -> list[str]:
    faults = []
    for number, ballot in enumerate(ballots, 1):
        if ballot["choice"] not in CHOICES:
            faults.append(f"Ballot {number} holds no answer that was on the ballot.")
        if sha256("metacity-ballot", poll, ballot["choice"], ballot["image"]) != ballot["commitment"]:
            faults.append(f"The commitment of ballot {number} does not open to what it is said to hold.")
    images = Counter(ballot["image"] for ballot in ballots)
    return faults + [f"The image {image} belongs to {count} ballots." for image, count in images.items() if count > 1]


def _result_faults(ballots: list[dict[str, str]], result: dict[str, int]) -> list[str]:
    counted = Counter(ballot["choice"] for ballot in ballots)
    wrong = [choice for choice in CHOICES if counted[choice] != result[choice]]
    return [f"“{choice}” was counted {counted[choice]} times, but {result[choice]} are published." for choice in wrong]


def find(board: dict[str, Any], receipt: str) -> str:
    """What a receipt was counted as, in words."""
    image = image_of(str(board["poll"]), receipt)
    for number, ballot in enumerate(board["ballots"], 1):
        if ballot.get("image") == image:
            return f"{receipt}: ballot {number}, counted as “{ballot['choice']}”."
    return f"{receipt}: not on this board."


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    try:
        board = read(Path(arguments[0]).read_text("utf-8"))
        faults = faults_of(board)
        found = [find(board, receipt) for receipt in arguments[1:]] if board.get("result") else []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(f"This cannot be read as a board: {error!r}\n")
        return 2
    for line in faults or [_summary(board)]:
        sys.stdout.write(f"{line}\n")
    for line in found:
        sys.stdout.write(f"{line}\n")
    return 1 if faults else 0


def _summary(board: dict[str, Any]) -> str:
    told = (
        f"{len(board['ballots'])} ballots of {board['roll']} people on the roll. The chain holds. Head: {board['head']}"
    )
    if not board.get("result"):
        return f"{told}\nThe openings are not published yet."
    answers = ", ".join(f"{choice} {board['result'][choice]}" for choice in CHOICES)
    return f"{told}\nEvery commitment opens. Counted again: {answers}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
