"""Around every answer: a request id, the security headers, and refusals told as pages."""

import re
import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from metacity.commons.errors import CityError, NotSignedIn

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

log = structlog.get_logger("metacity.requests")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_QUIET = frozenset({"/healthz", "/readyz"})
_API = "/api/"


def client_address(forwarded_for: str, peer: str) -> str:
    """Where a request comes from: what our own proxy saw, where there is one, else the other end of the line.

    The proxy appends; whatever stands further left was written by the client itself.
    """
    seen = forwarded_for.rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
    return seen or peer


class RequestId:
    """Gives every request an id, in the log and in `X-Request-ID`, and writes one line for each answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get("X-Request-ID", "")
        request_id = told if _REQUEST_ID.fullmatch(told) else uuid.uuid4().hex
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if request.path not in _QUIET and not getattr(response, "leaves_no_line", False):
                spent_ms = round((time.perf_counter() - started) * 1000)
                # Without the query: people search for names and addresses.
                log.info("answered", method=request.method, path=request.path, status=response.status_code, ms=spent_ms)
        response.headers["X-Request-ID"] = request_id
        return response


def _policy(frame_ancestors: str) -> str:
    """The content security policy: no inline code, hence no nonces."""
    rules = {
        "default-src": "'self'",
        "script-src": "'self' 'wasm-unsafe-eval'",  # meshopt decodes in WebAssembly
        "worker-src": "'self'",
        "connect-src": "'self' blob:",
        "img-src": "'self' data: blob:",
        "object-src": "'none'",
        "base-uri": "'none'",
        # A form that signs in elsewhere is redirected there, which browsers hold against this rule.
        "form-action": " ".join(["'self'", *settings.CSP_FORM_ACTION]),
        "frame-ancestors": frame_ancestors,
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


class SecurityHeaders:
    """The content security policy and what the browser may not do, on every answer, files included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = _policy("'none'")
        self.embedded_policy = _policy("*")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        embedded = getattr(response, "may_be_embedded", False)
        response.headers["Content-Security-Policy"] = self.embedded_policy if embedded else self.policy
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
        if embedded:
            # Whatever another site frames must not act for whoever is signed in.
            response.cookies.clear()
        return response


def embeddable(view: View) -> View:
    """A read-only page that other sites may show in a frame. It sees nobody: no session, no cookie in or out."""

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        from django.contrib.auth.models import AnonymousUser

        request.COOKIES.clear()
        request.user = AnonymousUser()
        response = view(request, *args, **kwargs)
        response.may_be_embedded = True  # type: ignore[attr-defined]
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        return response

    return cast(View, framed)


def unlogged(view: View) -> View:
    """A page whose answers leave no line in the log: when it was asked for could tell who did what."""

    @wraps(view)
    def quiet(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response.leaves_no_line = True  # type: ignore[attr-defined]
        return response

    return cast(View, quiet)


class Refusals:
    """Turns a `CityError` that a page did not handle itself into a page with its status, or JSON where asked for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return refusal(request, exception) if isinstance(exception, CityError) else None


def refusal(request: HttpRequest, error: CityError) -> HttpResponseBase:
    """`error` as the kind of answer that `request` asked for."""
    if wants_json(request):
        return JsonResponse(as_json(error), status=error.status, json_dumps_params={"ensure_ascii": False})
    if isinstance(error, NotSignedIn) and request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    return page_of(request, error)


def page_of(request: HttpRequest, error: CityError) -> HttpResponse:
    context = {"status": error.status, "message": error.message}
    if isinstance(error, NotSignedIn):
        context |= {"action_url": resolve_url(settings.LOGIN_URL), "action_label": _("Sign in")}
    return render(request, "errors/error.html", context, status=error.status)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(_API) or not request.accepts("text/html")


def as_json(error: CityError) -> dict[str, Any]:
    """`{code, message, fields}`, the shape of every refusal of the API."""
    return {"code": error.code, "message": str(error.message), "fields": error.fields}
