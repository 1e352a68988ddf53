"""What beat asks of this room."""

from celery import shared_task

from metacity.commons import clocks
from participation.meetings.services.attendance import see_off


@shared_task(name="meetings.see_off", soft_time_limit=25, time_limit=30)  # type: ignore[untyped-decorator]
def see_off_the_silent() -> None:
    """Whoever's page has been silent for a while has left."""
    see_off(clocks.now())
