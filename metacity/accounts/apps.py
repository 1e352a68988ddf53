from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "metacity.accounts"
    label = "accounts"
