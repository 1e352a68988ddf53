from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from metacity.commons.models import Job


class SimulationConfig(AppConfig):
    name = "twin.simulation"
    label = "simulation"

    def ready(self) -> None:
        from metacity.commons import jobs

        jobs.ended.connect(_job_ended, dispatch_uid="simulation.job_ended")


def _job_ended(job: "Job", **_more: object) -> None:
    """A job that was given up leaves no run behind that seems to wait."""
    from twin.simulation import services

    if job.task == services.TASK and job.state == job.State.FAILED:
        services.give_up(run_id=job.args["run"])
