"""System checks: what can be deployed wrongly, said before somebody is harmed by it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from metacity.commons import ledger_triggers

DEPLOYMENT = "deployment"


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


def refuse_unsafe_deployment() -> None:
    """Servers do not run system checks by themselves: this stops one in production that would be unsafe."""
    faults = [message for message in run_checks(tags=[DEPLOYMENT]) if message.is_serious()]
    if faults and settings.MODE == "production":
        raise ImproperlyConfigured("\n".join(str(fault) for fault in faults))
