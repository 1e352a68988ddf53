"""Tasks: fetch by id, call the service."""

import uuid

from celery import shared_task
from django.conf import settings

from metacity.commons import clocks
from metacity.commons.jobs import job_task
from twin.mirror.deliveries import services


# The process that reads has its own limit; the worker must outlive it to clean up after it.
@job_task(services.TASK, time_limit_s=settings.CITY_IMPORT_TIME_S + 300)
def take_in(delivery: str) -> None:
    services.read(delivery_id=uuid.UUID(delivery))


@shared_task(name="mirror.forget_files", soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def forget_files() -> None:
    services.forget_files(clocks.now())
