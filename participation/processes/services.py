"""What changes processes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import transaction

from metacity.accounts.models import User
from metacity.commons import ledger
from participation.processes.errors import PhasesOverlap
from participation.processes.models import Phase, Process
from twin.mirror.models import City


@transaction.atomic
def open_process(*, city: City, by: User | None, phases: Sequence[Phase], **fields: Any) -> Process:
    """Publish a process with its phases, which may touch but not overlap.

    `fields` are those of `Process`; `phases` are unsaved.
    """
    refuse_overlaps(phases)
    process = Process.objects.create(city=city, state=Process.State.PUBLISHED, **fields)
    for phase in phases:
        phase.process = process
    Phase.objects.bulk_create(phases)
    ledger.record(action="process.opened", actor=by.actor_id if by else None, subject=f"process:{process.id}")
    return process


def refuse_overlaps(phases: Sequence[Phase]) -> None:
    """Raise `PhasesOverlap` where two of the phases run at the same time."""
    ordered = sorted(phases, key=lambda phase: phase.opens_at)
    if any(earlier.overlaps(later) for earlier, later in pairwise(ordered)):
        raise PhasesOverlap
