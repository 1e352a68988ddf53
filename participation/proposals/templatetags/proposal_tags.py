"""How templates show a proposal's state and what stands in somebody's way."""

from urllib.parse import urlencode

from django import template
from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metacity.commons import clocks
from metacity.commons.errors import CityError
from participation.proposals.models import Proposal
from participation.proposals.officework import today_of
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
