"""How a visitor wants to see the pages: text size and contrast, kept in two cookies, without an account or a script."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

TEXT_SIZES: Final = ("small", "normal", "large", "largest")
CONTRASTS: Final = ("normal", "high")
_CHOICES: Final = {"text_size": TEXT_SIZES, "contrast": CONTRASTS}
_YEAR_S: Final = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Look:
    """What stands as `data-text-size` and `data-contrast` on `<html>`."""

    text_size: str = "normal"
    contrast: str = "normal"


def look_of(request: HttpRequest) -> Look:
    """The visitor's choice; an unknown value in a cookie counts as none."""
    chosen = {name: request.COOKIES.get(name, "") for name in _CHOICES}
    return Look(**{name: value for name, value in chosen.items() if value in _CHOICES[name]})


@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep `text_size` and `contrast` where named and known, then go back to `next` on this site.

    A script that already changed the page asks for `application/json` and is answered with 204.
    """
    response: HttpResponse
    if request.headers.get("accept") == "application/json":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(_back(request))
    for name, options in _CHOICES.items():
        value = request.POST.get(name)
        if value in options:
            response.set_cookie(
                name, value, max_age=_YEAR_S, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
            )
    return response


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else "/"


@require_GET
@cache_control(public=True, max_age=3600)
def service_style(request: HttpRequest) -> HttpResponse:
    """The service's own colour as a style sheet: the content security policy allows no style in pages."""
    return HttpResponse(f":root{{--service:{settings.SERVICE['colour']}}}\n", content_type="text/css")


urlpatterns = [
    path("preferences/", set_preferences, name="preferences"),
    path("service.css", service_style, name="service_style"),
]
