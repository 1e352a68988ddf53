from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "metacity.accounts"
    label = "accounts"

    def ready(self) -> None:
        from metacity.accounts import checks, data, office, sockets
        from metacity.accounts.roles import Role
        from metacity.accounts.services import erasure

        checks.register()
        data.register_exporter("account", erasure.export_account)
        data.register_eraser("account", erasure.erase_account_rows)
        sockets.connect()
        office.register_page(
            office.OfficePage("accounts:desk", _("Identity at the desk"), "person", (Role.OFFICIAL, Role.APPROVER))
        )
