"""The demo sends no mail but keeps the last ones at `/demo/mail/`. Refused in production (`accounts.E003`)."""

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

KEY = "demo-mails"
KEPT = 20
KEPT_FOR_S = 24 * 60 * 60


class DemoMailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        kept = latest()
        for message in email_messages:
            kept.insert(
                0,
                {
                    "at": timezone.now(),
                    "to": ", ".join(message.to),
                    "subject": message.subject,
                    "body": message.body,
                },
            )
        cache.set(KEY, kept[:KEPT], KEPT_FOR_S)
        return len(email_messages)


def latest() -> list[dict[str, Any]]:
    """Newest first: `at`, `to`, `subject`, `body`."""
    kept: list[dict[str, Any]] = cache.get(KEY) or []
    return kept
