from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from metacity.commons.models import Job


class MirrorConfig(AppConfig):
    name = "twin.mirror"
    label = "mirror"

    def ready(self) -> None:
        from metacity.accounts.office import OfficePage, register_page, register_tray
        from metacity.commons import events, jobs
        from twin.mirror import checks  # noqa: F401 - registers itself
        from twin.mirror.access import OFFICE_ROLES, PUBLISHERS, may_follow, may_follow_delivery
        from twin.mirror.inbox import imports_to_decide

        events.register_room("city", may_follow)
        events.register_room("delivery", may_follow_delivery)
        register_page(OfficePage("mirror:cities", _("Cities"), "building", OFFICE_ROLES))
        register_tray(PUBLISHERS, imports_to_decide)
        jobs.ended.connect(_job_ended, dispatch_uid="mirror.job_ended")


def _job_ended(job: "Job", **_more: object) -> None:
    """A job that was given up leaves no delivery behind that seems to be read."""
    from twin.mirror.deliveries import services

    if job.task == services.TASK and job.state == job.State.FAILED:
        services.give_up(delivery_id=job.args["delivery"])
