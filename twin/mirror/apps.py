from django.apps import AppConfig


class MirrorConfig(AppConfig):
    name = "twin.mirror"
    label = "mirror"
