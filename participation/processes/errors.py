"""What a process refuses."""

from django.utils.translation import gettext_lazy as _

from metacity.commons.errors import Conflict, Invalid, NotFound


class ProcessNotFound(NotFound):
    code = "process_not_found"
    message = _("There is no such participation process.")


class PhaseClosed(Conflict):
    """The process does not let anyone do this now."""

    code = "phase_closed"
    message = _("This process is not open for that at the moment.")


class PhasesOverlap(Invalid):
    code = "phases_overlap"
    message = _("Two phases of a process cannot run at the same time.")
