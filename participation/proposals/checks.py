"""What can be deployed wrongly here: periods in which nobody could answer."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_LEAST = {"ANSWER_DAYS": 1, "EXTENSION_DAYS": 1, "INTERIM_DAYS": 1, "MOST_EXTENSIONS": 0}
# More working days than a year has: a slip of the keyboard.
_MOST = 250


@register()
def periods(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Periods are counted in whole working days."""
    return [
        Error(f"{name}={getattr(settings, name)} is not between {least} and {_MOST}.", id="proposals.E001")
        for name, least in _LEAST.items()
        if not least <= getattr(settings, name) <= _MOST
    ]
