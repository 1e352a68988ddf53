"""Photos on the first screen, and the pictures themselves, for whoever may see what they belong to."""

import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from metacity.accounts.limits import client_address, consume
from metacity.commons import photos
from metacity.commons.errors import CityError
from participation.proposals.access import proposal_for
from participation.proposals.errors import PhotoNotFound, TooManyPhotos
from participation.proposals.forms import ALT
from participation.proposals.models import Draft, Photo
from participation.proposals.models.photos import MOST_PHOTOS
from participation.proposals.services.drafts import Holder, draft_of
from participation.proposals.services.photos import add_photo, describe_photos, move_photo, remove_photo

# A workshop shares one address; whoever has signed in is counted alone.
PHOTOS_AN_HOUR = 60
_ID = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ACTION = re.compile(rf"photo-(earlier|later|remove)-{_ID}")
_ALT = re.compile(rf"{ALT}{_ID}")
_ACTS: dict[str, Callable[..., None]] = {
    "earlier": partial(move_photo, step=-1),
    "later": partial(move_photo, step=1),
    "remove": remove_photo,
}


def is_about_photos(action: str) -> bool:
    """Whether a button of the first screen adds, moves or removes photos, and does not lead on."""
    return action == "photos" or _ACTION.fullmatch(action) is not None


def keep_photos(request: HttpRequest, holder: Holder, draft: Draft) -> list[str]:
    """Do what the first screen asks with photos: describe, move or remove, add. Why some were not added."""
    describe_photos(draft=draft, alts=_typed_alts(request))
    if found := _ACTION.fullmatch(request.POST.get("action", "")):
        _ACTS[found[1]](draft=draft, pk=uuid.UUID(found[2]))
    return [told for file in request.FILES.getlist("photos") if (told := _refusal(request, holder, draft, file))]


def count_photo(request: HttpRequest) -> None:
    """Refuse whoever sends photos without end."""
    user = request.user
    key = str(user.pk) if user.is_authenticated else client_address(request)
    consume(scope="photo", key=key, limit=PHOTOS_AN_HOUR, window_s=3600)


def _refusal(request: HttpRequest, holder: Holder, draft: Draft, file: Any) -> str:
    """Add a file; why it was not added, with its name, or nothing."""
    try:
        if draft.photos.count() >= MOST_PHOTOS:  # before it counts as an attempt
            raise TooManyPhotos
        count_photo(request)
        add_photo(holder=holder, draft=draft, file=file)
    except CityError as refusal:
        return f"{file.name[:80]}: {refusal.message}"
    return ""


def _typed_alts(request: HttpRequest) -> dict[uuid.UUID, str]:
    names = ((name, _ALT.fullmatch(name)) for name in request.POST)
    return {uuid.UUID(found[1]): request.POST[name] for name, found in names if found}


@require_safe
def proposal_photo(
    request: HttpRequest, pk: uuid.UUID, photo: uuid.UUID, size: str, city: str | None = None
) -> HttpResponseBase:
    """A photo of any version of a proposal."""
    proposal = proposal_for(request.user, pk)
    found = Photo.objects.filter(version__proposal=proposal, pk=photo).first()
    return _answer(request, found, size)


@require_safe
@never_cache
def draft_photo(
    request: HttpRequest, pk: uuid.UUID, photo: uuid.UUID, size: str, city: str | None = None
) -> HttpResponseBase:
    """A photo of one's own draft."""
    draft = draft_of(Holder(request.user, request.session.session_key or ""), pk)
    return _answer(request, draft.photos.filter(pk=photo).first(), size)


def _answer(request: HttpRequest, photo: Photo | None, size: str) -> HttpResponseBase:
    if photo is None:
        raise PhotoNotFound
    return photos.answer(request, photo.digest, size)
