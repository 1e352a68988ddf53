"""The room of presence."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PresenceConfig(AppConfig):
    name = "participation.presence"
    label = "presence"
    verbose_name = _("presence")

    def ready(self) -> None:
        from metacity.accounts.notices import register_words
        from participation.presence import notices

        register_words("presence.removed", notices.of_removal)
        register_words("presence.readmitted", notices.of_readmission)
