"""What can be deployed wrongly here: where city files are kept, and what reading them may cost."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

_RANGES = {
    "CITY_UPLOAD_MB": (1, 1 << 20),
    "CITY_IMPORT_MEMORY_MB": (512, 1 << 20),
    "CITY_IMPORT_TIME_S": (60, 7 * 86_400),
}


@register()
def import_limits(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Limits of the upload and of the process that reads it."""
    return [
        Error(f"{name}={getattr(settings, name)} is not between {least} and {most}.", id="mirror.E001")
        for name, (least, most) in _RANGES.items()
        if not least <= getattr(settings, name) <= most
    ]


@register()
def private_deliveries(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """City files that were handed in lie where nothing is served from."""
    kept = Path(settings.DELIVERIES_ROOT).resolve()
    served = [settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.PUBLICATIONS_ROOT, *settings.STATICFILES_DIRS]
    if not any(kept.is_relative_to(Path(folder).resolve()) for folder in served):
        return []
    return [
        Error(
            f"CITY_DELIVERIES={kept} lies in a folder from which files are served.",
            hint="Leave it empty, or name a folder of its own that only this service can read.",
            id="mirror.E002",
        )
    ]
