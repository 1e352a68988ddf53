"""How templates show a proposal's state, its photos, and what stands in somebody's way."""

from urllib.parse import urlencode

from django import template
from django.forms import Form
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks
from metacity.commons.errors import CityError
from participation.proposals.models import Draft, Photo, Proposal
from participation.proposals.officework import today_of
from participation.proposals.photos import photo_url, srcset
from participation.proposals.states import State

register = template.Library()

_BADGES = {
    State.SUBMITTED: "neutral",
    State.SUPPLEMENT_REQUESTED: "warning",
    State.TRANSFERRED: "neutral",
    State.MERGED: "neutral",
    State.RETURNED: "neutral",
    State.IN_REVIEW: "information",
    State.INTERIM_ANSWER: "information",
    State.ACCEPTED: "success",
    State.PARTLY_ACCEPTED: "success",
    State.NOT_ACCEPTED: "neutral",
    State.UNDER_WAY: "primary",
    State.WITHDRAWN: "neutral",
}
_WAYS_ON = {
    "not_signed_in": ("account_login", _("Confirm who I am and continue")),
    "identity_required": ("accounts:identity", _("Confirm my identity")),
    "consent_required": ("accounts:consents", _("Read and agree")),
    "guardian_required": ("accounts:guardian", _("Ask my guardian")),
}


@register.filter
def badge_kind(state: str) -> str:
    """The kind of badge for a state; the word in it carries the meaning."""
    return _BADGES[State(state)]


@register.filter
def is_late(proposal: Proposal) -> bool:
    """Whether its deadline has passed today."""
    return proposal.clock is not None and proposal.is_late(today_of(proposal, clocks.now()))


@register.simple_tag
def photo_image(of: Proposal | Draft, photo: Photo, sizes: str) -> SafeString:
    """A photo of a proposal or draft, in the size that suits; `sizes` says how wide it stands on the page."""
    width, height = photo.stored.measures("medium")
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">',
        photo_url(of, photo, "medium"), srcset(of, photo), sizes, width, height, photo.alt,
    )  # fmt: skip


@register.simple_tag
def photo_address(of: Proposal | Draft, photo: Photo) -> str:
    """Where a photo is seen as large as it is kept."""
    return photo_url(of, photo)


@register.simple_tag
def way_on(obstacle: CityError | None, back: str) -> dict[str, str] | None:
    """Where somebody goes who is refused for now, and what that is called; nothing where one can only wait."""
    if obstacle is None or obstacle.code not in _WAYS_ON:
        return None
    name, label = _WAYS_ON[obstacle.code]
    return {"url": f"{reverse(name)}?{urlencode({'next': back})}", "label": str(label)}


@register.filter
def form_named(forms: dict[str, Form], name: str) -> Form | None:
    """The form of an act whose name a template cannot write after a dot."""
    return forms.get(name)
