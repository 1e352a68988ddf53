"""What this room hears from within and tells those who read proposals."""

from metacity.commons import events
from participation.proposals.designs import told_of_run
from participation.proposals.models import Proposal
from twin.mirror.designs.models import DesignVersion
from twin.simulation.models import Run


def tell_of_run(sender: object, *, run: Run, **kwargs: object) -> None:
    """How far a run is, in the room of every proposal that shows its design now; in the order of their names."""
    for proposal in Proposal.objects.showing(DesignVersion.objects.filter(scenarios__runs=run)):
        events.announce(room=proposal.room, kind="run.progressed", payload=told_of_run(run) or {})
