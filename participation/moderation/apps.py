"""The room of moderation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "participation.moderation"
    label = "moderation"
    verbose_name = _("moderation")

    def ready(self) -> None:
        from metacity.accounts import data, office
        from participation.moderation import aliases, notices, personal, queue
        from participation.moderation.access import MODERATORS
        from participation.moderation.subjects import register_kind

        register_kind(aliases.KIND)
        notices.register()
        office.register_tray(MODERATORS, queue.cases_tray)
        office.register_tray(MODERATORS, queue.appeals_tray)
        office.register_page(office.OfficePage("moderation:hidden", _("Hidden now"), "eye", MODERATORS))
        data.register_exporter("moderation", personal.export_moderation)
        data.register_eraser("moderation", personal.erase_moderation)
