"""System checks of this room."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from participation.voting.guard import GUARD


@register(Tags.database)
def votes_are_guarded(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The triggers stand that keep the rules of votes which people have been told of."""
    return [
        Error(
            f"Rules of running votes can be changed: {', '.join(absent)} missing in the database {alias!r}.",
            hint="`manage.py migrate --skip-checks` puts the triggers back; then look at what was changed meanwhile.",
            id="voting.E001",
        )
        for alias in databases or ()
        if (absent := GUARD.missing(alias))
    ]
