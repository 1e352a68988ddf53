"""Refusals: every one has a stable code, an HTTP status and words for the person who meets it.

Rooms subclass these with a code of their own. Two handlers turn them into answers: `commons.api.exception_handler` into
`{code, message, fields}`, and `commons.http.Refusals` into a page.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Fields = Mapping[str, list[str]]


class CityError(Exception):
    """Something that the city does not do, and why. `fields` names what was wrong in which field of a form."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: "StrOrPromise" = _("This could not be done.")

    def __init__(self, message: "StrOrPromise | None" = None, *, fields: Fields | None = None) -> None:
        if message is not None:
            self.message = message
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Invalid(CityError):
    code = "invalid"
    message = _("Some of what was entered needs another look.")


class NotSignedIn(CityError):
    code = "not_signed_in"
    status = 401
    message = _("Sign in to continue.")


class Forbidden(CityError):
    code = "forbidden"
    status = 403
    message = _("You do not have permission for this.")


class NotFound(CityError):
    code = "not_found"
    status = 404
    message = _("What you are looking for is not here.")


class Conflict(CityError):
    code = "conflict"
    status = 409
    message = _("This has changed in the meantime. Look at it again.")


class Gone(CityError):
    code = "gone"
    status = 410
    message = _("This is no longer available.")


class TooLarge(CityError):
    code = "too_large"
    status = 413
    message = _("This is too large to accept.")


class TooMany(CityError):
    code = "too_many"
    status = 429
    message = _("That was too many requests. Wait a moment and try again.")


class Unavailable(CityError):
    code = "unavailable"
    status = 503
    message = _("This is not available right now. Try again in a moment.")
