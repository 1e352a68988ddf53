"""The room of worlds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorldsConfig(AppConfig):
    name = "participation.worlds"
    label = "worlds"
    verbose_name = _("worlds")
