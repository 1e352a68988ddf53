"""Where the photos of proposals and drafts are found, in which sizes."""

from typing import Any

from metacity.commons.addresses import city_url
from metacity.commons.photo_child import SIDES_PX
from participation.proposals.models import Draft, Photo, Proposal


def photo_url(of: Proposal | Draft, photo: Photo, size: str = "large") -> str:
    """The address of a photo of a proposal, or of a draft."""
    name = "proposals:draft_photo" if isinstance(of, Draft) else "proposals:photo"
    return city_url(name, of.city, of.id, photo.id, size)


def srcset(of: Proposal | Draft, photo: Photo) -> str:
    """The sizes by their widths, for browsers to choose from; those of a small photo are all the same."""
    by_width = {photo.stored.measures(size)[0]: size for size in reversed(SIDES_PX)}
    return ", ".join(f"{photo_url(of, photo, size)} {width}w" for width, size in sorted(by_width.items()))


def told_of(proposal: Proposal, photo: Photo) -> dict[str, Any]:
    """A photo as the API tells it."""
    urls = {size: photo_url(proposal, photo, size) for size in SIDES_PX}
    return {"id": photo.id, "alt": photo.alt, "width": photo.width, "height": photo.height, **urls}
