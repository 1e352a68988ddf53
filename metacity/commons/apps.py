from django.apps import AppConfig


class CommonsConfig(AppConfig):
    name = "metacity.commons"
    label = "commons"
