"""What every view of the API shares: coded refusals, numbered pages, a careful parser, who asks and how often."""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from metacity.commons.errors import CityError, Forbidden, Invalid, NotFound, NotSignedIn, TooLarge, TooMany
from metacity.commons.http import as_json

DEEPEST_JSON = 50


class Malformed(Invalid):
    code = "malformed"


class MethodNotAllowed(CityError):
    code = "method_not_allowed"
    status = 405


class NotAcceptable(CityError):
    code = "not_acceptable"
    status = 406


class UnsupportedMediaType(CityError):
    code = "unsupported_media_type"
    status = 415


# The first that fits; the message is the framework's own, which is translated.
_CODED: tuple[tuple[type[Exception], type[CityError]], ...] = (
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, Forbidden),
    (exceptions.NotFound, NotFound),
    (exceptions.MethodNotAllowed, MethodNotAllowed),
    (exceptions.NotAcceptable, NotAcceptable),
    (exceptions.UnsupportedMediaType, UnsupportedMediaType),
    (exceptions.Throttled, TooMany),
    (exceptions.ParseError, Malformed),
    (exceptions.APIException, Invalid),
)
# Here the message is ours: what Django says is for the log.
_QUIETLY_CODED: tuple[tuple[type[Exception], type[CityError]], ...] = (
    (Http404, NotFound),
    (PermissionDenied, Forbidden),
    (RequestDataTooBig, TooLarge),
    (SuspiciousOperation, Malformed),
)


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Every refusal as `{code, message, fields}`; `None` for what is no refusal but a fault of ours."""
    error = _coded(exc)
    if error is None:
        return None
    headers = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if error.status == 401 and (challenge := getattr(exc, "auth_header", None)):
        headers["WWW-Authenticate"] = challenge
    return Response(as_json(error), status=error.status, headers=headers)


def _coded(exc: Exception) -> CityError | None:
    if isinstance(exc, CityError):
        return exc
    if isinstance(exc, exceptions.ValidationError):
        return Invalid(fields=dict(_fields(exc.detail)))
    for kind, error in _CODED:
        if isinstance(exc, kind):
            return error(str(exc.detail))  # type: ignore[attr-defined]
    for kind, error in _QUIETLY_CODED:
        if isinstance(exc, kind):
            return error()
    return None


def _fields(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Errors of nested serializers, flat: `design.changes.0.storeys`. What is about no field is about `""`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _fields(inner, ".".join(filter(None, (path, own))))
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        for number, inner in enumerate(detail):
            if inner:
                yield from _fields(inner, f"{path}.{number}" if path else str(number))
    else:
        yield path, [str(item) for item in (detail if isinstance(detail, list) else [detail])]


class CarefulJSONParser(JSONParser):
    """JSON that is neither deeper than anything we read nor holds characters that no text holds."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            data = super().parse(stream, media_type, dict(parser_context or {}))
            _check(data)
        except RecursionError:
            raise exceptions.ParseError("Too deep.") from None
        except UnicodeEncodeError:
            raise exceptions.ParseError("Not Unicode text.") from None
        return data


def _check(data: Any) -> None:
    """Raises for half of a surrogate pair, which no database takes, and beyond the depth that anything here has."""
    json.dumps(data, ensure_ascii=False).encode()
    if _depth(data) > DEEPEST_JSON:
        raise RecursionError


def _depth(data: Any) -> int:
    level, depth = [data], 0
    while level:
        depth += 1
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


class SignedInBySession(SessionAuthentication):
    """The session of the pages. With a challenge, so that nobody in particular is answered 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class NumberedPages(PageNumberPagination):
    """`?page=` and `?size=`; answers `{count, page, pages, results}`."""

    page_size = 20
    page_size_query_param = "size"
    max_page_size = 100

    def get_paginated_response(self, data: Any) -> Response:
        assert self.page is not None  # noqa: S101 — the framework calls this after the page was read
        paginator = self.page.paginator
        return Response(
            {"count": paginator.count, "page": self.page.number, "pages": paginator.num_pages, "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer"}
        return {
            "type": "object",
            "required": ["count", "page", "pages", "results"],
            "properties": {"count": number, "page": number, "pages": number, "results": schema},
        }
