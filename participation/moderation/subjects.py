"""What can be reported and hidden: anything a person wrote, whichever room holds it.

A room registers each kind in its `ready()`:

    register_kind(SubjectKind("comment", _("Comment"), find=…, hide=…, show=…))

Moderation knows a subject by its kind and id alone, so that it stays the innermost room of participation. What the
room told in events before something was hidden is told no more: `events.withhold`.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from metacity.commons.errors import NotFound

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a person wrote, as moderation sees it."""

    kind: str
    pk: uuid.UUID
    # Null once the author has left.
    author: User | None
    # One line that names it, and all that it says.
    title: str
    text: str
    # The page where it stands.
    url: str
    written_at: datetime
    is_hidden: bool

    @property
    def sha256(self) -> str:
        """What the ledger keeps of the text."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()


Announcement = Callable[[], object]


def _untitled(user: Visitor, pks: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    return {}


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of subject and what its room does about it."""

    name: str
    label: "StrOrPromise"
    # The subject as this visitor may see it: hidden ones only for their author and for moderators. `None` otherwise.
    find: Callable[[Visitor, uuid.UUID], Subject | None]
    # Within moderation's transaction: take it from everybody's eyes but the author's, and give it back. Both write the
    # room's own rows, do nothing where the subject is gone, and return what is to be announced once the ledger is
    # written: locks are taken in this order everywhere (rows, ledger, rooms).
    hide: Callable[[uuid.UUID, datetime], Announcement | None]
    show: Callable[[uuid.UUID, datetime], Announcement | None]
    # One line for each of these that the visitor may see, for lists: one query, however many they are.
    titles: Callable[[Visitor, Collection[uuid.UUID]], Mapping[uuid.UUID, str]] = field(default=_untitled)


_kinds: dict[str, SubjectKind] = {}


def register_kind(kind: SubjectKind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> SubjectKind:
    """Raises `NotFound`."""
    try:
        return _kinds[name]
    except KeyError:
        raise NotFound from None


def label_of(name: str) -> str:
    """What a kind is called on pages; the name itself while its room is not installed."""
    return str(_kinds[name].label) if name in _kinds else name


def titles_of(user: Visitor, subjects: Iterable[tuple[str, uuid.UUID]]) -> dict[uuid.UUID, str]:
    """What lists call these subjects, as far as `user` may see them: one query a kind."""
    by_kind: dict[str, set[uuid.UUID]] = {}
    for name, pk in subjects:
        by_kind.setdefault(name, set()).add(pk)
    known = [(_kinds[name], pks) for name, pks in by_kind.items() if name in _kinds]
    return {pk: title for kind, pks in known for pk, title in kind.titles(user, pks).items()}


def subject_for(user: Visitor, kind: str, pk: uuid.UUID) -> Subject:
    """The subject as `user` may see it. Raises `NotFound`: absent and forbidden look alike."""
    found = kind_named(kind).find(user, pk)
    if found is None:
        raise NotFound
    return found
