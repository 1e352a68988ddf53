"""Drafts from the first word to submission, for people who have signed in and for those who have not."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from metacity.accounts.access import Visitor
from metacity.accounts.models import User
from participation.processes.models import Process
from participation.proposals.content import ShownPhoto, checked
from participation.proposals.designs import checked_design
from participation.proposals.errors import DraftNotFound, TooManyDrafts
from participation.proposals.models import Draft, Photo, Proposal
from participation.proposals.models.drafts import DraftQuerySet
from participation.proposals.places import PlaceRequest, place_for
from participation.proposals.services.submission import revise_proposal, submit_proposal
from twin.mirror.models import City

Json = dict[str, Any]
MOST_DRAFTS = 20
# More than fits a proposal, so that too long a text is kept for its author to shorten.
MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose drafts: an account's, or those of a session nobody has signed in to."""

    user: Visitor
    session_key: str = ""

    @property
    def drafts(self) -> DraftQuerySet:
        if isinstance(self.user, User):
            return Draft.objects.of_person(self.user)
        return Draft.objects.of_session(self.session_key)


@transaction.atomic
def begin_draft(
    *,
    holder: Holder,
    city: City,
    fields: dict[str, str],
    changes: Sequence[Json] = (),
    revises: Proposal | None = None,
) -> Draft:
    """Keep what somebody began to type and draw. At most `MOST_DRAFTS` a holder.

    A draft that revises a proposal begins with its photos.
    """
    if holder.drafts.count() >= MOST_DRAFTS:
        raise TooManyDrafts
    owner = holder.user if isinstance(holder.user, User) else None
    data = {**_bounded(fields), "changes": list(changes)}
    session_key = "" if owner else holder.session_key
    draft = Draft.objects.create(city=city, owner=owner, session_key=session_key, revises=revises, data=data)
    if revises is not None:
        Photo.objects.bulk_create(
            Photo.of(photo.stored, draft=draft, position=photo.position, alt=photo.alt)
            for photo in revises.content.photos.all()
        )
    return draft


@transaction.atomic
def keep_fields(*, draft: Draft, fields: dict[str, str]) -> None:
    """Add to the draft, as it is by now, what was typed, checked or not: other fields typed elsewhere stay."""
    _lock(draft)
    draft.keep(_bounded(fields))


@transaction.atomic
def redraw(*, draft: Draft, process: Process, add: Sequence[Json] = (), without: Sequence[Json] = ()) -> None:
    """Take changes from the drawing of a draft, as it is by now, and add others; refused, it stays as it was.

    What is taken is named by what it says, so that nothing else goes where somebody drew in another window meanwhile.
    With what is added, the whole is held against the city and the project: see `designs.checked_design`. Without, what
    is left is kept even where the project no longer opens it: taking away helps.
    """
    _lock(draft)
    changes = draft.changes
    for gone in without:
        if gone in changes:
            changes.remove(gone)
    if add:
        changes = checked_design(process=process, raw={"changes": [*changes, *add]}).as_json()["changes"]
    draft.keep({"changes": changes})


def _lock(draft: Draft) -> None:
    """Brings the draft up to date and holds it until the transaction ends; absent, if it has been submitted."""
    try:
        draft.refresh_from_db(fields=["data"], from_queryset=Draft.objects.select_for_update())
    except Draft.DoesNotExist:
        raise DraftNotFound from None


def draft_of(holder: Holder, pk: uuid.UUID) -> Draft:
    """The holder's own draft; anybody else's looks absent."""
    draft = holder.drafts.select_related("city__publication", "revises__process__city").filter(pk=pk).first()
    if draft is None:
        raise DraftNotFound
    return draft


def photos_of(draft: Draft) -> tuple[ShownPhoto, ...]:
    """Its photos in their order, as described so far."""
    return tuple(ShownPhoto(photo.stored, photo.alt) for photo in draft.photos.all())


def delete_draft(*, draft: Draft) -> None:
    draft.delete()


def claim_drafts(*, session_key: str | None, user: User) -> int:
    """Give the drafts of an anonymous session to whom it turned out to be. How many there were."""
    return Draft.objects.of_session(session_key or "").update(owner=user, session_key="")


@transaction.atomic
def submit_draft(*, draft: Draft, process: Process, author: User, at: datetime) -> Proposal:
    """Turn a draft into a proposal or a new version; the draft is gone afterwards. Refusals leave it as it was."""
    content = checked(
        title=draft.data.get("title", ""),
        text=draft.data.get("text", ""),
        reason=draft.data.get("reason", ""),
        place=place_for(draft.city, PlaceRequest.from_fields(draft.data)),
        design=checked_design(process=process, raw=draft.design) if draft.changes else None,
        photos=photos_of(draft),
    )
    if draft.revises is not None:
        proposal = revise_proposal(proposal=draft.revises, author=author, content=content, key=draft.id, at=at)
    else:
        proposal = submit_proposal(process=process, author=author, content=content, key=draft.id, at=at)
    draft.delete()
    return proposal


def submitted_from(*, key: uuid.UUID, author: Visitor) -> Proposal | None:
    """What a draft that is gone became: for the second click and the way back."""
    if not isinstance(author, User):
        return None
    return Proposal.objects.filter(versions__submission_key=key, author=author).select_related("city").first()


def forget_drafts(now: datetime) -> None:
    """Drop what nobody can come back to."""
    Draft.objects.out_of_reach(now).delete()


def _bounded(fields: dict[str, str]) -> dict[str, str]:
    # NUL cannot be stored by PostgreSQL; everything else is kept as typed and cleaned at submission.
    return {name: value.replace("\x00", "")[:MOST_CHARACTERS] for name, value in fields.items()}
