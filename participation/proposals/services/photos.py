"""Photos of drafts: added, described, put in another order, removed; and those that the API's clients send first.

Reading a photo takes up to seconds, so it happens before the transaction that writes its row.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO

from django.db import transaction

from metacity.accounts.access import require_member
from metacity.accounts.models import User
from metacity.commons.photos import keep
from participation.proposals.content import ShownPhoto
from participation.proposals.errors import PhotoNotFound, TooManyPhotoBytes, TooManyPhotos
from participation.proposals.models import Draft, Photo, Proposal
from participation.proposals.models.photos import MOST_ALT_CHARACTERS, MOST_PHOTOS
from participation.proposals.services.drafts import Holder

# Of all drafts of a holder together; a photo of a phone comes to about one.
MOST_MEGABYTES = 40
MOST_WAITING = 2 * MOST_PHOTOS
# How long a photo that was sent waits to be named in a submission.
WAITS = timedelta(days=1)


def add_photo(*, holder: Holder, draft: Draft, file: IO[bytes]) -> None:
    """Add a photo to the end of the holder's own draft; one that is there already changes nothing."""
    _require_room(holder, draft)
    stored = keep(file)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        if draft.photos.filter(digest=stored.digest).exists():
            return
        _require_room(holder, draft)
        last = draft.photos.last()
        Photo.of(stored, draft=draft, position=last.position + 1 if last else 0).save(force_insert=True)


@transaction.atomic
def describe_photos(*, draft: Draft, alts: Mapping[uuid.UUID, str]) -> None:
    """Keep the descriptions as typed; they are checked at submission."""
    for photo in draft.photos.filter(pk__in=list(alts)):
        photo.alt = alts[photo.pk].replace("\x00", "")[:MOST_ALT_CHARACTERS]
        photo.save(update_fields=["alt"])


@transaction.atomic
def move_photo(*, draft: Draft, pk: uuid.UUID, step: int) -> None:
    """One place earlier (−1) or later (+1); at the ends it stays, and what is gone already stays gone."""
    Draft.objects.select_for_update().get(pk=draft.pk)
    photos = list(draft.photos.all())
    here = next((place for place, photo in enumerate(photos) if photo.pk == pk), None)
    if here is None:
        return
    there = min(max(here + step, 0), len(photos) - 1)
    photos.insert(there, photos.pop(here))
    for position, photo in enumerate(photos):
        photo.position = position
    Photo.objects.bulk_update(photos, ["position"])


def remove_photo(*, draft: Draft, pk: uuid.UUID) -> None:
    """Take a photo out of a draft; one that is gone already stays gone."""
    draft.photos.filter(pk=pk).delete()


def send_photo(*, sender: User, file: IO[bytes]) -> Photo:
    """Keep a photo for a submission to come. It waits a day."""
    require_member(sender)
    if Photo.objects.waiting_of(sender).count() >= MOST_WAITING:
        raise TooManyPhotos
    photo = Photo.of(keep(file), sender=sender)
    photo.save(force_insert=True)
    return photo


def named_photos(
    *, author: User, named: Sequence[tuple[uuid.UUID, str]], revises: Proposal | None = None
) -> tuple[ShownPhoto, ...]:
    """Photos by their ids with new descriptions: the author's own that wait, and those of the proposal revised."""
    ids = [pk for pk, _alt in named]
    found = {photo.pk: photo for photo in Photo.objects.waiting_of(author).filter(pk__in=ids)}
    if revises is not None and revises.is_written_by(author):
        found |= {photo.pk: photo for photo in Photo.objects.filter(version__proposal=revises, pk__in=ids)}
    if missing := set(ids) - set(found):
        raise PhotoNotFound(fields={f"photos.{ids.index(pk)}": [str(PhotoNotFound.message)] for pk in missing})
    return tuple(ShownPhoto(found[pk].stored, alt) for pk, alt in named)


def photos_in_use(digests: Collection[str]) -> set[str]:
    """Those of the digests that anything here still shows: see `commons.photos`."""
    return set(Photo.objects.filter(digest__in=digests).values_list("digest", flat=True))


def forget_photos(now: datetime) -> None:
    """Drop what waited in vain. The files go with the next `commons.prune`."""
    Photo.objects.left_since(now - WAITS).delete()


def _require_room(holder: Holder, draft: Draft) -> None:
    if draft.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos
    if Photo.objects.filter(draft__in=holder.drafts).bytes() >= MOST_MEGABYTES * 10**6:
        raise TooManyPhotoBytes
