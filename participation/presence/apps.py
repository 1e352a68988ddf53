"""The room of presence."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PresenceConfig(AppConfig):
    name = "participation.presence"
    label = "presence"
    verbose_name = _("presence")

    def ready(self) -> None:
        from metacity.accounts import data
        from metacity.accounts.notices import register_words
        from metacity.accounts.office import OfficePage, register_page
        from metacity.accounts.roles import Role
        from participation.presence import notices, personal, sections
        from participation.presence.parity import ACTIONS
        from participation.worlds import parity, parts

        register_words("presence.removed", notices.of_removal)
        register_words("presence.readmitted", notices.of_readmission)
        data.register_exporter("presence", personal.export_presence)
        data.register_eraser("presence", personal.erase_presence)
        parts.city_top.register(sections.people_of)
        parts.city.register(sections.first_words)
        parts.map_panel.register(sections.people_on_map)
        parts.places.register(sections.people_near)
        parity.register(*ACTIONS)
        register_page(OfficePage("presence:removals", _("Kept out of the 3D city"), "people", (Role.MODERATOR,)))
