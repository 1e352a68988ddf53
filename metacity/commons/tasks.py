"""What the clock does for the ground: find lost work, forget old events and jobs, and photos that nobody shows."""

from celery import shared_task

from metacity.commons import clocks, events, jobs, photos


@shared_task(name="commons.requeue_lost_jobs", soft_time_limit=50, time_limit=60)  # type: ignore[untyped-decorator]
def requeue_lost_jobs() -> None:
    jobs.requeue_lost(clocks.now())


@shared_task(name="commons.prune", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def prune() -> None:
    events.prune(clocks.now())
    jobs.prune(clocks.now())
    photos.prune(clocks.now())
