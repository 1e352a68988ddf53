from django.apps import AppConfig


class MirrorConfig(AppConfig):
    name = "twin.mirror"
    label = "mirror"

    def ready(self) -> None:
        from metacity.commons import events
        from twin.mirror.access import may_follow

        events.register_room("city", may_follow)
