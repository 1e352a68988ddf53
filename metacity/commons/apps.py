from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommonsConfig(AppConfig):
    name = "metacity.commons"
    label = "commons"
    verbose_name = "Commons"

    def ready(self) -> None:
        from metacity.commons import checks as checks
        from metacity.commons import ledger_triggers

        post_migrate.connect(ledger_triggers.install_after_migrate, sender=self, dispatch_uid="commons.ledger_triggers")
