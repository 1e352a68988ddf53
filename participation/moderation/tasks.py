"""What the clock does for moderation: temporary measures end."""

from celery import shared_task

from metacity.commons import clocks
from participation.moderation.services import end_measures as end_measures_service


@shared_task(name="moderation.end_measures", soft_time_limit=240, time_limit=300)  # type: ignore[untyped-decorator]
def end_measures() -> None:
    end_measures_service(clocks.now())
