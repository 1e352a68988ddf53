"""How one version of a text differs from another, word by word, readable by eye and by ear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from participation.proposals.models import Photo, ProposalVersion

# A word with the blanks after it; line breaks stand alone, so that a new paragraph does not change the word before it.
_WORDS = re.compile(r"\n+|[^\s]+[^\S\n]*|[^\S\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that stayed, was added or was removed."""

    change: str  # "same", "added" or "removed"
    text: str

    @property
    def is_added(self) -> bool:
        return self.change == "added"

    @property
    def is_removed(self) -> bool:
        return self.change == "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two versions of a proposal."""

    title: list[Piece]
    text: list[Piece]
    place: list[Piece]

    @property
    def words_added(self) -> int:
        return sum(len(piece.text.split()) for piece in self._pieces() if piece.is_added)

    @property
    def words_removed(self) -> int:
        return sum(len(piece.text.split()) for piece in self._pieces() if piece.is_removed)

    def _pieces(self) -> list[Piece]:
        return [*self.title, *self.text, *self.place]


@dataclass(frozen=True, slots=True)
class PhotoDifference:
    """A photo that stayed, came, went, or is described in other words."""

    change: str  # "same", "added", "removed" or "described"
    photo: Photo


def photos_between(earlier: ProposalVersion, later: ProposalVersion) -> list[PhotoDifference]:
    """The later version's photos in their order, then those that went. Nothing where neither has any."""
    before = {photo.digest: photo for photo in earlier.photos.all()}
    after = {photo.digest: photo for photo in later.photos.all()}
    gone = [PhotoDifference("removed", photo) for digest, photo in before.items() if digest not in after]
    return [PhotoDifference(_change_of(before.get(photo.digest), photo), photo) for photo in after.values()] + gone


def photos_are_reordered(earlier: ProposalVersion, later: ProposalVersion) -> bool:
    """Whether those that stayed stand in another order."""
    before, after = ([photo.digest for photo in version.photos.all()] for version in (earlier, later))
    return [digest for digest in before if digest in after] != [digest for digest in after if digest in before]


def _change_of(before: Photo | None, after: Photo) -> str:
    if before is None:
        return "added"
    return "same" if before.alt == after.alt else "described"


def between(earlier: ProposalVersion, later: ProposalVersion) -> Difference:
    return Difference(
        title=compare(earlier.title, later.title),
        text=compare(earlier.text, later.text),
        place=compare(earlier.place_words, later.place_words),
    )


def compare(earlier: str, later: str) -> list[Piece]:
    """Pieces in reading order; the removed ones come before what replaced them.

    Without the added pieces they spell `earlier`, without the removed ones `later`. Texts of which every hundredth word
    is the same are compared roughly (difflib's “popular” words), which bounds the time.
    """
    return list(_joined(_pieces(_WORDS.findall(earlier), _WORDS.findall(later))))


def _pieces(earlier: list[str], later: list[str]) -> Iterator[Piece]:
    for change, a, b, c, d in SequenceMatcher(None, earlier, later, autojunk=True).get_opcodes():
        if change == "equal":
            yield Piece("same", "".join(earlier[a:b]))
            continue
        if b > a:
            yield Piece("removed", "".join(earlier[a:b]))
        if d > c:
            yield Piece("added", "".join(later[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    for change, run in groupby(pieces, key=lambda piece: piece.change):
        yield Piece(change, "".join(piece.text for piece in run))
