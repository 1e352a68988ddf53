"""The clock. Services whose outcome depends on the time take it as an argument, with this as what callers pass."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()
