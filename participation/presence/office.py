"""The moderators' page of people who are kept out of the city: who, why, until when; keeping out and letting in."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from metacity.accounts.access import office_required, require_signed_in
from metacity.accounts.models import User
from metacity.accounts.roles import Role
from metacity.commons import clocks
from metacity.commons.addresses import city_url
from metacity.commons.errors import CityError
from metacity.commons.pagination import paginate
from participation.presence.forms import RemovalForm
from participation.presence.models import Removal
from participation.presence.services import lift_removal, remove_from_world
from twin.mirror.models import City
from twin.mirror.services import city_for

MOST_FOUND = 10
LONGEST_QUERY = 254


@never_cache
@office_required(Role.MODERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def removals(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Those kept out now, the latest first; a POST takes somebody out who was found by `q`."""
    shown_city, asked = city_for(city, request.user), request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = people_called(asked)
    form = RemovalForm(request.POST or None, people=found, initial={"person": found[0].pk if len(found) == 1 else None})
    if request.method != "POST":
        return _page(request, shown_city, asked, found, form, 200)
    if not form.is_valid():
        return _page(request, shown_city, asked, found, form, 400)
    person, now = next(one for one in found if str(one.pk) == form.cleaned_data["person"]), clocks.now()
    moderator = require_signed_in(request.user)
    try:
        remove_from_world(
            person=person, city=shown_city, until=now + form.length, reason=form.reason, by=moderator, at=now
        )
    except CityError as refusal:
        form.refused(refusal)
        return _page(request, shown_city, asked, found, form, refusal.status)
    messages.success(request, _("Taken out of the city. The person has been told why and until when."))
    return HttpResponseRedirect(city_url("presence:removals", shown_city), status=303)


@office_required(Role.MODERATOR)
@require_POST
def lift(request: HttpRequest, pk: uuid.UUID, city: str | None = None) -> HttpResponse:
    shown_city = city_for(city, request.user)
    removal = get_object_or_404(Removal.objects.select_related("person"), pk=pk, city=shown_city)
    if lift_removal(removal=removal, by=require_signed_in(request.user), at=clocks.now()):
        messages.success(request, _("The person can be in the city again, and has been told."))
    else:
        messages.info(request, _("Nothing kept this person out any more."))
    return HttpResponseRedirect(city_url("presence:removals", shown_city), status=303)


def people_called(asked: str) -> list[User]:
    """Members whose alias or e-mail address is exactly that: nobody is found by trying parts of names."""
    if not asked:
        return []
    named = User.objects.members().with_identity().filter(Q(alias__iexact=asked) | Q(email__iexact=asked))
    return list(named.order_by("date_joined")[:MOST_FOUND])


def _page(
    request: HttpRequest, city: City, asked: str, found: list[User], form: RemovalForm, status: int
) -> HttpResponse:
    in_force = Removal.objects.filter(city=city).in_force(clocks.now()).select_related("person", "by").order_by("-at")
    context: dict[str, Any] = {
        "city": city,
        "asked": asked,
        "found": found,
        "form": form,
        "page": paginate(in_force, request),
        "trail": [(reverse("accounts:office"), _("Office"))],
    }
    return render(request, "presence/office_removals.html", context, status=status)
