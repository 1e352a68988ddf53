from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MirrorConfig(AppConfig):
    name = "twin.mirror"
    label = "mirror"

    def ready(self) -> None:
        from metacity.accounts.office import OfficePage, register_page
        from metacity.accounts.roles import OFFICE_ROLES
        from metacity.commons import events
        from twin.mirror.access import may_follow

        events.register_room("city", may_follow)
        register_page(OfficePage("mirror:cities", _("Cities"), "building", tuple(OFFICE_ROLES)))
