"""Designs in proposals: what a project lets people draw, and what a proposal's design says and does.

The change set itself is the mirror's (`twin.mirror.designs`), its effects are the simulation's.
"""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from metacity.accounts.access import Visitor
from participation.processes.kinds import Land
from participation.processes.models import Process
from participation.proposals.errors import DesignNotOpen
from participation.proposals.models import Proposal, ProposalVersion
from twin.mirror.access import may_see
from twin.mirror.designs import words
from twin.mirror.designs.changes import Building, ChangeSet, Removal
from twin.mirror.designs.models import Design
from twin.mirror.designs.services import check_design, names_of_objects, off_public_land
from twin.mirror.models import City, CityObjectVersion
from twin.simulation.models import Run
from twin.simulation.sheet import latest_run

# Buildings that are the public's, by what city files say they are used for.
PUBLIC_USES = ("public", "library", "police", "fire_station")


def checked_design(*, process: Process, raw: object) -> ChangeSet:
    """The change set, held against the city and against what the project opens.

    Raises
    ------
    DesignRefused
        If it is no change set of this city.
    DesignNotOpen
        If the project takes no such change, or not on this land; `fields` tells every change at fault in words.
    """
    design = check_design(city=process.city, raw=raw)
    faults = {**_closed_kinds(process, design), **_closed_land(process, design)}
    if faults:
        raise DesignNotOpen(fields={f"changes.{number}": [text] for number, text in sorted(faults.items())})
    return design


def _closed_kinds(process: Process, design: ChangeSet) -> dict[int, str]:
    opened = process.design_kinds()
    return {
        number: _("“%(kind)s” cannot be drawn in this project.") % {"kind": words.kind_label(change.kind)}
        for number, change in enumerate(design.changes)
        if change.kind not in opened
    }


def _closed_land(process: Process, design: ChangeSet) -> dict[int, str]:
    if process.open_land != Land.PUBLIC:
        return {}
    told = describe(process.city, design)
    faults = {
        number: _("This stands on land that is not known to be public: %(change)s") % {"change": told[number]}
        for number in off_public_land(process.city, design)
    }
    private = _private_objects(process.city, design)
    return faults | {
        number: _("This building is not known to be public: %(change)s") % {"change": told[number]}
        for number, change in enumerate(design.changes)
        if isinstance(change, Building | Removal) and change.object in private
    }


def _private_objects(city: City, design: ChangeSet) -> set[str]:
    """Ids of the buildings that go and are not known to be public facilities."""
    shown = CityObjectVersion.objects.shown_in_city(city).filter(object_id__in=list(design.objects))
    public = shown.filter(Q(attributes__use__in=PUBLIC_USES) | Q(attributes__public_land=True))
    return set(design.objects) - {str(identifier) for identifier in public.values_list("object_id", flat=True)}


def describe(city: City, design: ChangeSet) -> list[str]:
    """One sentence for each change, in the language of the page."""
    return words.describe(design, names_of_objects(city, design))


def described(proposal: Proposal, version: ProposalVersion | None = None) -> list[str]:
    """The design of a version in words; nothing for ideas in words alone."""
    design = (version or proposal.content).design
    return describe(proposal.city, design) if design else []


def differences(proposal: Proposal, earlier: ProposalVersion, later: ProposalVersion) -> list[words.Difference]:
    """What the later version's design adds to and takes from the earlier one's."""
    old, new = earlier.design, later.design
    both = ChangeSet((old.changes if old else ()) + (new.changes if new else ()))
    return words.differences(old, new, names_of_objects(proposal.city, both))


def run_of(version: ProposalVersion) -> Run | None:
    """The run that tells what the version's design does to the sun; none where it does nothing to it."""
    return latest_run(version.design_version) if version.design_version else None


def may_see_design(user: Visitor, design: Design) -> bool:
    """A design is seen by whoever may read its proposal."""
    proposals = Proposal.objects.readable_by(user).filter(versions__design_version__design=design)
    return may_see(user, design.city) and proposals.exists()


def told_of_run(run: Run | None) -> dict[str, Any] | None:
    """How far a run is, as events tell it."""
    return {"run": str(run.id), "state": run.state, "progress": run.progress} if run else None
