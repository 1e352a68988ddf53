"""Who is here now, as a page, and how one is seen."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from metacity.commons.addresses import city_url
from participation.presence.looks import keep_look, read_look
from participation.presence.sections import look_context
from participation.presence.whereabouts import company_in
from twin.mirror.services import city_for


@never_cache
@require_safe
def people(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Everybody who can be seen, by the place they are near; and how one is seen oneself."""
    shown_city = city_for(city, request.user)
    context = {
        "city": shown_city,
        "company": company_in(shown_city),
        "look_url": city_url("presence:look", shown_city),
        "trail": [(city_url("worlds:places", shown_city), _("Places"))],
        **look_context(request),
    }
    return render(request, "presence/people.html", context)


@require_POST
def look(request: HttpRequest, city: str | None = None) -> HttpResponse:
    """Keep how one wants to be seen, then go back to `next` on this site."""
    shown_city = city_for(city, request.user)
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(target if is_ours else city_url("presence:people", shown_city), status=303)
    keep_look(request, response, read_look(request.POST.get("look")))
    return response
