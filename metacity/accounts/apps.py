from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "metacity.accounts"
    label = "accounts"

    def ready(self) -> None:
        from metacity.accounts import checks, data, sockets
        from metacity.accounts.services import erasure

        checks.register()
        data.register_exporter("account", erasure.export_account)
        data.register_eraser("account", erasure.erase_account_rows)
        sockets.connect()
