from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_migrate


class CommonsConfig(AppConfig):
    name = "metacity.commons"
    label = "commons"
    verbose_name = "Commons"

    def ready(self) -> None:
        from metacity.commons import api_schema as api_schema
        from metacity.commons import checks as checks
        from metacity.commons import ledger_triggers

        post_migrate.connect(ledger_triggers.install_after_migrate, sender=self, dispatch_uid="commons.ledger_triggers")
        user_logged_out.connect(_close_sockets, dispatch_uid="commons.close_sockets")


def _close_sockets(*, request: Any, user: Any, **kwargs: Any) -> None:
    from metacity.commons import events

    if user is not None and request.session.session_key:
        events.end_session(user, request.session.session_key)
