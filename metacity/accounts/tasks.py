"""What the clock does for people: forget what nobody needs any more."""

from celery import shared_task

from metacity.accounts.services.forgetting import forget as forget_service
from metacity.commons import clocks


@shared_task(name="accounts.forget", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def forget() -> None:
    forget_service(clocks.now())
