"""The room of presence."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PresenceConfig(AppConfig):
    name = "participation.presence"
    label = "presence"
    verbose_name = _("presence")
