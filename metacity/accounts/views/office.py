"""The first page of the office: what waits, and where everything else is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from metacity.accounts import office
from metacity.accounts.access import office_required, require_signed_in
from metacity.commons import clocks


@never_cache
@office_required()
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by sort, with what is late first."""
    official = require_signed_in(request.user)
    context = {"trays": office.trays_of(official, clocks.now()), "pages": office.pages_of(official)}
    return render(request, "accounts/office.html", context)
