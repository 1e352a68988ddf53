"""What the clock does for proposals: forget what nobody can come back to, and remind of what is due."""

from celery import shared_task

from metacity.commons import clocks
from participation.proposals.services.drafts import forget_drafts
from participation.proposals.services.photos import forget_photos
from participation.proposals.services.reminders import remind_of_deadlines


@shared_task(name="proposals.forget", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def forget() -> None:
    forget_drafts(clocks.now())
    forget_photos(clocks.now())


@shared_task(name="proposals.remind", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def remind() -> None:
    remind_of_deadlines(at=clocks.now())
