"""Whether a publication's files may be had, remembered for a moment so that public files cost no query."""

import uuid
from dataclasses import dataclass

from django.core.cache import cache

from metacity.commons.access import Person
from twin.mirror.access import may_fetch
from twin.mirror.models import Publication

# `forget` makes a change known at once.
KNOWN_FOR_S = 30


@dataclass(slots=True, frozen=True)
class Standing:
    """What became of a publication, as everybody sees it."""

    is_public: bool
    is_withdrawn: bool


def standing_of(publication: uuid.UUID) -> Standing | None:
    """None for what never was a publication."""
    known: tuple[bool, bool] | None = cache.get(_key(publication))
    if known is None:
        row = _publication(publication)
        if row is None:
            return None
        known = may_fetch(None, row), row.state == Publication.State.WITHDRAWN
        cache.set(_key(publication), known, KNOWN_FOR_S)
    return Standing(*known)


def may_have(user: Person, publication: uuid.UUID) -> bool:
    """Whether `user` may have the files of a publication that is not public."""
    row = _publication(publication)
    return row is not None and may_fetch(user, row)


def forget(publication: uuid.UUID) -> None:
    """Have the next request ask the database."""
    cache.delete(_key(publication))


def _publication(publication: uuid.UUID) -> Publication | None:
    return Publication.objects.select_related("city").filter(pk=publication).first()


def _key(publication: uuid.UUID) -> str:
    return f"publication-standing:{publication}"
