"""Giving a support and taking it back, from a page."""

import uuid

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from metacity.accounts.models import User
from metacity.commons import clocks
from participation.proposals.access import proposal_for
from participation.proposals.services import give_support, take_back_support


@require_POST
def support(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    """Support, or with `take_back` take the support back; then back to the button. Signing in leads here too."""
    proposal = proposal_for(request.user, pk)
    back = f"{proposal.get_absolute_url()}#support"
    if not isinstance(request.user, User):
        return redirect_to_login(back)
    act = take_back_support if "take_back" in request.POST else give_support
    act(proposal=proposal, person=request.user, at=clocks.now())
    return HttpResponseRedirect(back, status=303)
