"""Tasks: fetch by id, call the service."""

import uuid

from metacity.commons.jobs import job_task
from twin.simulation import services


@job_task(services.TASK)
def run(run: str) -> None:
    services.compute_run(run_id=uuid.UUID(run))
