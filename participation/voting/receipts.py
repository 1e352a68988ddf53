"""Receipts (투표 접수번호), and what is kept of them: images, commitments, and the chain of a board.

A receipt comes from a key that is chosen before the choice is known: by the API's client, or by the page with the
ballot. The same key makes the same receipt, so that a request whose answer was lost can be sent again, and nothing has
to be kept that says whose it is. The price: whoever learns the key of a ballot in flight knows its receipt too.

`verify` states the formulas once more on its own; a test holds the two together.
"""

import hashlib
import uuid
from collections.abc import Iterable

# Without letters and digits that are taken for one another on paper (I, L, O, U, 0, 1).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16  # fifteen that are random, some 74 bits, and one that shows a slip of the pen
GROUP = 4
# Prime to thirty, so that every single wrong letter changes the sum.
_WEIGHTS = (1, 7, 11, 13, 17, 19, 23, 29)


def receipt_of(poll: uuid.UUID, key: uuid.UUID) -> str:
    """The receipt for a key, in capitals without dashes."""
    number = int.from_bytes(hashlib.sha256(f"metacity-receipt\n{poll}\n{key}".encode()).digest(), "big")
    letters = []
    for _ in range(LENGTH - 1):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters) + _check_letter("".join(letters))


def shown(receipt: str) -> str:
    """As it is written down: groups of four."""
    return "-".join(receipt[start : start + GROUP] for start in range(0, len(receipt), GROUP))


def typed(text: str) -> str:
    """What somebody typed, as it is kept: without dashes and blanks, in capitals. Not longer than it is worth."""
    return "".join(letter for letter in text[: 4 * LENGTH].upper() if letter.isalnum())


def is_well_formed(receipt: str) -> bool:
    """Whether it can be a receipt at all: one wrong letter is found here and frightens nobody."""
    known = len(receipt) == LENGTH and not set(receipt) - set(ALPHABET)
    return known and receipt[-1] == _check_letter(receipt[:-1])


def image_of(poll: uuid.UUID, receipt: str) -> str:
    """What is kept of a receipt. It does not lead back to it."""
    return _sha256("metacity-image", str(poll), receipt)


def commitment_of(poll: uuid.UUID, choice: str, image: str) -> str:
    return _sha256("metacity-ballot", str(poll), choice, image)


def chained(poll: uuid.UUID, commitments: Iterable[str]) -> list[str]:
    """The chain's link for each commitment, given in order."""
    links, last = [], _sha256("metacity-board", str(poll))
    for commitment in commitments:
        last = _sha256(last, commitment)
        links.append(last)
    return links


def head_of(poll: uuid.UUID, commitments: Iterable[str]) -> str:
    """Where the chain ends; what the ledger keeps of a board."""
    links = chained(poll, commitments)
    return links[-1] if links else _sha256("metacity-board", str(poll))


def _check_letter(letters: str) -> str:
    total = sum(_WEIGHTS[i % len(_WEIGHTS)] * ALPHABET.index(letter) for i, letter in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
