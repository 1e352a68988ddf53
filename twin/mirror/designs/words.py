"""A design told in the reader's language: what it changes, and what one version changes of another."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely import Polygon

from twin.mirror.designs.changes import Building, Change, ChangeSet, Furnishing, Park, Removal, Street, Trees
from twin.mirror.designs.solids import roof_rise_m


def label() -> str:
    """What every view of a design carries."""
    return _("Citizen's proposal · not an approved plan")


def describe(design: ChangeSet, names: dict[str, str] | None = None) -> list[str]:
    """One sentence for each change. `names` tells the names of the buildings that go, by id."""
    return [_sentence(change, names or {}) for change in design.changes]


def kind_label(kind: str) -> str:
    labels = {
        "building": _("New building"),
        "replace": _("Replace a building"),
        "remove": _("Remove a building"),
        "park": _("Park"),
        "trees": _("Trees"),
        "pedestrian_street": _("Pedestrian street"),
        "crosswalk": _("Crosswalk"),
        "bus_stop": _("Bus stop"),
        "bench": _("Bench"),
        "shelter": _("Shelter"),
    }
    return labels[kind]


def roof_label(roof: str) -> str:
    return {"flat": _("flat roof"), "gable": _("gable roof"), "hip": _("hip roof")}[roof]


def _sentence(change: Change, names: dict[str, str]) -> str:
    match change:
        case Building():
            return _building(change, names)
        case Removal():
            return _("%(name)s is removed.") % {"name": _name(change.object, names)}
        case Park():
            area = _("A park of %(area)s m² is laid out") % {"area": f"{Polygon(change.area).area:,.0f}"}
            if not change.trees:
                return f"{area}."
            trees = ngettext("with %(n)s tree", "with %(n)s trees", change.trees) % {"n": change.trees}
            return _("%(park)s, %(trees)s.") % {"park": area, "trees": trees}
        case Trees():
            count = len(change.points)
            return ngettext("%(n)s tree is planted.", "%(n)s trees are planted.", count) % {"n": count}
        case Street(kind="crosswalk"):
            return _("A crosswalk %(length).0f m long and %(width).1f m wide is painted.") % {
                "length": change.length_m,
                "width": change.width_m,
            }
        case Street():
            return _("%(length).0f m of street, %(width).1f m wide, become a street for walking.") % {
                "length": change.length_m,
                "width": change.width_m,
            }
        case Furnishing():
            return _("%(thing)s is set up.") % {"thing": kind_label(change.kind)}


def _building(change: Building, names: dict[str, str]) -> str:
    body = ngettext(
        "a building of %(n)s storey (about %(height).0f m high, %(area)s m² on the ground, %(roof)s)",
        "a building of %(n)s storeys (about %(height).0f m high, %(area)s m² on the ground, %(roof)s)",
        change.storeys,
    ) % {
        "n": change.storeys,
        "height": change.height_m + roof_rise_m(change),
        "area": f"{change.area_m2:,.0f}",
        "roof": roof_label(change.roof),
    }
    if change.object:
        return _("%(name)s makes way for %(building)s.") % {"name": _name(change.object, names), "building": body}
    return _("There is to be %(building)s.") % {"building": body}


def _name(identifier: str, names: dict[str, str]) -> str:
    return names.get(identifier) or _("A building")


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what changed between two versions: added, removed or kept."""

    sign: str  # "+", "-" or "="
    text: str


def differences(old: ChangeSet | None, new: ChangeSet | None, names: dict[str, str] | None = None) -> list[Difference]:
    """What the newer version adds to and takes from the older; changes found in both come last."""
    before = list(old.changes) if old else []
    after = list(new.changes) if new else []
    known = names or {}
    lines = [Difference("-", _sentence(change, known)) for change in before if change not in after]
    lines += [Difference("+", _sentence(change, known)) for change in after if change not in before]
    return lines + [Difference("=", _sentence(change, known)) for change in after if change in before]
