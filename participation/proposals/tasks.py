"""What the clock does for proposals: remind the office of what is due."""

from celery import shared_task

from metacity.commons import clocks
from participation.proposals.services.reminders import remind_of_deadlines


@shared_task(name="proposals.remind", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def remind() -> None:
    remind_of_deadlines(at=clocks.now())
