"""Answers to machines that watch the service, and to people when something goes wrong."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from metacity.commons.errors import CityError, Forbidden, Invalid, NotFound
from metacity.commons.health import readiness
from metacity.commons.http import as_json, refusal, wants_json

log = logging.getLogger(__name__)


class FormOutdated(Forbidden):
    code = "csrf_failed"
    message = _("This page was open for too long. Go back, load it again, and send it once more.")


class Broken(CityError):
    code = "server_error"
    status = 500
    message = _("Something went wrong on our side. It has been noted, and nothing you sent was kept by halves.")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process runs."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The process could answer people: 503 otherwise."""
    parts = readiness()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return refusal(request, Invalid())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return refusal(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return refusal(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    log.warning("A form was refused: %s", reason)
    return refusal(request, FormOutdated())


def server_error(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """Asks neither database nor session nor menu: any of them may be what is broken."""
    error = Broken()
    if wants_json(request):
        return JsonResponse(as_json(error), status=error.status, json_dumps_params={"ensure_ascii": False})
    # Without the request there are no context processors.
    return HttpResponse(render_to_string("errors/500.html", {"error": error}), status=error.status)
