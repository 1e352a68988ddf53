"""Who may see and who may stop a run."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from metacity.accounts.models import User
from metacity.commons.errors import Forbidden, NotFound
from twin.mirror.designs.access import may_see
from twin.simulation.models import Run

Visitor = User | AnonymousUser


def run_for(user: Visitor, pk: UUID | str) -> Run:
    """A run that belongs to a design this person may see.

    Raises
    ------
    NotFound
        If there is none, or none for this person.
    """
    run = Run.objects.filter(pk=pk).first()
    if run is None:
        raise NotFound
    scenarios = run.scenarios.select_related("design_version__design")
    if not any(may_see(user, scenario.design_version.design) for scenario in scenarios):
        raise NotFound
    return run


def may_cancel(user: Visitor, run: Run) -> bool:
    """Who asked for a run may stop it, and so may officials."""
    return user.is_authenticated and (run.requested_by_id == user.pk or user.has_role("official"))


def require_cancel(user: Visitor, run: Run) -> None:
    if not may_cancel(user, run):
        raise Forbidden
