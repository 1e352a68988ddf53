from django.apps import AppConfig


class WorldsConfig(AppConfig):
    name = "participation.worlds"
    label = "worlds"
