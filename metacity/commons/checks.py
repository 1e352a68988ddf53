"""System checks: what can be deployed wrongly, said before somebody is harmed by it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from metacity.commons import ledger_triggers
from metacity.commons.colour import TEXT_CONTRAST, WHITE, contrast, is_colour

KEY_LENGTH = 32
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def refuse_unsafe_deployment() -> None:
    """Servers run no system checks by themselves: this stops one that would be unsafe in production."""
    if settings.MODE != "production":
        return
    faults = [message for message in run_checks(tags=[Tags.security]) if message.is_serious()]
    if faults:
        raise ImproperlyConfigured("\n".join(str(fault) for fault in faults))


@register(Tags.security)
def deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Settings that are right for a demo and wrong for a city."""
    if settings.MODE != "production":
        return []
    return [message for check in _CHECKS for message in check()]


@register(Tags.database)
def ledger_is_guarded(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The ledger's triggers stand in the database."""
    return [
        Error(
            f"The ledger can be changed: {', '.join(absent)} missing in the database {alias!r}.",
            hint="`manage.py migrate --skip-checks` puts the triggers back; then run `manage.py verify_ledger`.",
            id="commons.E020",
        )
        for alias in databases or ()
        if (absent := ledger_triggers.missing(alias))
    ]


@register()
def service_colour(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Words in white can be read on the service's own colour."""
    colour = settings.SERVICE["colour"]
    if not is_colour(colour):
        return [Error(f"SERVICE_COLOUR={colour!r} is not written as #rrggbb.", id="commons.E021")]
    measured = contrast(colour, WHITE)
    if measured >= TEXT_CONTRAST:
        return []
    told = f"White on SERVICE_COLOUR={colour} reaches {measured:.1f}:1; buttons need {TEXT_CONTRAST}:1 to be read."
    return [Error(told, hint="Choose a darker colour.", id="commons.E022")]


def _secret_key() -> Iterator[CheckMessage]:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:  # Django's way of saying that it is empty
        key = ""
    if len(key) < KEY_LENGTH or "protects-nothing" in key:
        yield Error(
            f"SECRET_KEY must be a random text of {KEY_LENGTH} characters or more.",
            hint="Make one with `openssl rand -hex 32`, and keep it out of the repository.",
            id="commons.E001",
        )


def _debug() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG shows the inside of the service to everybody.", hint="Unset DEBUG.", id="commons.E002")


def _public_url() -> Iterator[CheckMessage]:
    address = urlsplit(settings.PUBLIC_URL)
    if address.scheme != "https":
        yield Error(
            "PUBLIC_URL is not https: passwords and sessions could be read on their way.",
            hint="Set PUBLIC_URL=https://…, with a proxy in front that holds the certificate.",
            id="commons.E003",
        )
    elif not settings.BEHIND_PROXY:
        yield Error(
            "PUBLIC_URL is https, but nothing is said of the proxy that speaks it: every form would be refused.",
            hint="Set BEHIND_PROXY=true once the proxy sets X-Forwarded-Proto and appends to X-Forwarded-For.",
            id="commons.E004",
        )
    if address.hostname in _LOOPBACK:
        yield Error(
            "PUBLIC_URL is an address of this machine alone: links in mails and cards would lead nowhere.",
            id="commons.E005",
        )


def _hosts() -> Iterator[CheckMessage]:
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS lets any name through: sockets and password mails trust it.",
            hint="Name each host, or leave ALLOWED_HOSTS empty for that of PUBLIC_URL.",
            id="commons.E006",
        )


def _database() -> Iterator[CheckMessage]:
    if str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
        yield Warning(
            "SQLite takes one writer at a time, on one machine.",
            hint="Set DATABASE_URL=postgresql://… for a city.",
            id="commons.W007",
        )


def _mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Warning("Mails go to the log instead of to people.", hint="Set EMAIL_HOST.", id="commons.W008")


_CHECKS: Sequence[Callable[[], Iterator[CheckMessage]]] = (
    _secret_key,
    _debug,
    _public_url,
    _hosts,
    _database,
    _mail,
)
