"""What can be reported and hidden: anything a person wrote, whichever room holds it.

A room registers each kind in its `ready()`:

    register_kind(SubjectKind("comment", _("Comment"), find=…, hide=…, show=…))

Moderation knows a subject by its kind and id alone, so that it stays the innermost room of participation.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A kind of subject and what its room does about it."""

    name: str
    label: "StrOrPromise"
    # The subject as this visitor may see it: hidden ones only for their author and for moderators. `None` otherwise.
    find: Callable[[Visitor, uuid.UUID], Subject | None]
    # Within moderation's transaction: take it from everybody's eyes but the author's, and give it back. Announces it.
    hide: Callable[[uuid.UUID, datetime], None]
    show: Callable[[uuid.UUID, datetime], None]


_kinds: dict[str, SubjectKind] = {}


def register_kind(kind: SubjectKind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> SubjectKind:
    """Raises `NotFound`."""
    try:
        return _kinds[name]
    except KeyError:
        raise NotFound from None


def subject_for(user: Visitor, kind: str, pk: uuid.UUID) -> Subject:
    """The subject as `user` may see it. Raises `NotFound`: absent and forbidden look alike."""
    found = kind_named(kind).find(user, pk)
    if found is None:
        raise NotFound
    return found
