"""Drawing without a drawing board: a few fields of a form become one change of a design.

Sizes are metres, directions degrees clockwise from north, positions metres from the place of the idea.
"""

import math
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metacity.commons.forms import offer
from participation.processes.kinds import DesignKind
from twin.mirror.designs.changes import (
    LEAST_WIDTH_M,
    MOST_STOREYS,
    MOST_TREES,
    MOST_WIDTH_M,
    Point,
    Roof,
    rectangle,
)

Json = dict[str, Any]

BUILDING = ("storeys", "roof", "use", "width", "depth", "rotation")
SHIFTED = ("east", "north")
FIELDS: dict[DesignKind, tuple[str, ...]] = {
    DesignKind.BUILDING: (*BUILDING, *SHIFTED),
    DesignKind.REPLACE: ("object", *BUILDING),
    DesignKind.REMOVE: ("object",),
    DesignKind.PARK: ("width", "depth", "trees", "rotation", *SHIFTED),
    DesignKind.TREES: ("count", "gap", "direction", *SHIFTED),
    DesignKind.PEDESTRIAN_STREET: ("length", "street_width", "direction", *SHIFTED),
    DesignKind.CROSSWALK: ("length", "street_width", "direction", *SHIFTED),
    DesignKind.BUS_STOP: ("rotation", *SHIFTED),
    DesignKind.BENCH: ("rotation", *SHIFTED),
    DesignKind.SHELTER: ("rotation", *SHIFTED),
}
# What a form starts with; where a kind wants another value, it says so.
INITIAL: dict[str, object] = {
    "storeys": 3, "roof": Roof.FLAT.value, "width": 16, "depth": 12, "rotation": 0, "trees": 12, "count": 5, "gap": 6,
    "direction": 90, "length": 60, "street_width": 6, "east": 0, "north": 0,
}  # fmt: skip
INITIAL_OF: dict[DesignKind, dict[str, object]] = {
    DesignKind.CROSSWALK: {"length": 14, "street_width": 4, "direction": 0},
    DesignKind.PARK: {"width": 30, "depth": 20},
}
# Which field of the form a change's refused field was made of.
_MADE_OF = {
    "footprint": "width", "area": "width", "line": "length", "width_m": "street_width", "point": "east",
    "points": "count", "rotation_deg": "rotation",
}  # fmt: skip
FARTHEST_SHIFT_M = 500


class ChangeForm(forms.Form):
    """One change of one kind."""

    use_required_attribute = False

    object = forms.ChoiceField(label=gettext_lazy("Which building"), widget=forms.RadioSelect)
    storeys = forms.IntegerField(label=gettext_lazy("Storeys"), min_value=1, max_value=MOST_STOREYS)
    roof = forms.ChoiceField(
        label=gettext_lazy("Roof"),
        choices=[
            (Roof.FLAT.value, gettext_lazy("Flat")),
            (Roof.GABLE.value, gettext_lazy("Gable")),
            (Roof.HIP.value, gettext_lazy("Hip")),
        ],
    )
    use = forms.CharField(label=gettext_lazy("What it is for"), max_length=40, required=False)
    length = forms.FloatField(label=gettext_lazy("Length (m)"), min_value=1, max_value=3000)
    street_width = forms.FloatField(label=gettext_lazy("Width (m)"), min_value=LEAST_WIDTH_M, max_value=MOST_WIDTH_M)
    width = forms.FloatField(label=gettext_lazy("Width (m)"), min_value=1, max_value=400)
    depth = forms.FloatField(label=gettext_lazy("Depth (m)"), min_value=1, max_value=400)
    trees = forms.IntegerField(label=gettext_lazy("Trees"), min_value=0, max_value=MOST_TREES)
    count = forms.IntegerField(label=gettext_lazy("Trees in a row"), min_value=1, max_value=MOST_TREES)
    gap = forms.FloatField(label=gettext_lazy("From tree to tree (m)"), min_value=1, max_value=50)
    direction = forms.FloatField(
        label=gettext_lazy("Direction (degrees)"),
        help_text=gettext_lazy("0: north to south, 90: east to west"),
        min_value=-360,
        max_value=360,
    )
    rotation = forms.FloatField(
        label=gettext_lazy("Turned by (degrees)"),
        help_text=gettext_lazy("clockwise; 0 looks north"),
        min_value=-360,
        max_value=360,
    )
    east = forms.FloatField(
        label=gettext_lazy("Moved east (m)"),
        help_text=gettext_lazy("from the place; to the west with a minus"),
        min_value=-FARTHEST_SHIFT_M,
        max_value=FARTHEST_SHIFT_M,
    )
    north = forms.FloatField(
        label=gettext_lazy("Moved north (m)"),
        help_text=gettext_lazy("from the place; to the south with a minus"),
        min_value=-FARTHEST_SHIFT_M,
        max_value=FARTHEST_SHIFT_M,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: DesignKind,
        buildings: Mapping[str, str] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**INITIAL, **INITIAL_OF.get(kind, {}), **(initial or {})})
        self.kind = kind
        self.fields = {name: self.fields[name] for name in FIELDS[kind]}
        if "object" in self.fields:
            offer(self, "object", (buildings or {}).items())
            self.fields["object"].error_messages["required"] = _("Choose a building.")
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):  # of which the decimal field is one
                field.widget.attrs |= {"inputmode": "decimal" if isinstance(field, forms.FloatField) else "numeric"}

    def change(self, centre: Point) -> Json:
        """What the fields stand for, around `centre`. Only of a form that is valid."""
        said = self.cleaned_data
        middle = (centre[0] + said.get("east", 0.0), centre[1] + said.get("north", 0.0))
        match self.kind:
            case DesignKind.REMOVE:
                return {"op": "remove", "object": said["object"]}
            case DesignKind.REPLACE:
                return {"op": "replace", "object": said["object"], **_building(said, middle)}
            case DesignKind.BUILDING:
                return {"op": "add", "kind": "building", **_building(said, middle)}
            case DesignKind.PARK:
                return {"op": "add", "kind": "park", "area": _outline(said, middle), "trees": said["trees"]}
            case DesignKind.TREES:
                return {"op": "add", "kind": "trees", "points": _row(said, middle)}
            case DesignKind.PEDESTRIAN_STREET | DesignKind.CROSSWALK:
                ends = _line(middle, said["length"] / 2, said["direction"])
                return {"op": "add", "kind": self.kind.value, "line": ends, "width_m": said["street_width"]}
        return {"op": "add", "kind": self.kind.value, "point": list(middle), "rotation_deg": said["rotation"]}

    def refuse(self, fields: Mapping[str, list[str]], number: int) -> None:
        """Show at their fields what was refused of the design's change `number`; the rest above the form."""
        for name, texts in fields.items():
            own, _dot, field = name.removeprefix(f"changes.{number}").partition(".")
            shown = _MADE_OF.get(field, field)
            at = shown if own == "" and shown in self.fields else None
            self.add_error(at, list(texts))


def _building(said: Mapping[str, Any], middle: Point) -> Json:
    return {
        "footprint": _outline(said, middle),
        "storeys": said["storeys"],
        "roof": said["roof"],
        "use": said["use"],
    }


def _outline(said: Mapping[str, Any], middle: Point) -> list[list[float]]:
    return rectangle(centre=middle, width_m=said["width"], depth_m=said["depth"], rotation_deg=said["rotation"])


def _line(middle: Point, half_m: float, direction_deg: float) -> list[list[float]]:
    return [_along(middle, -half_m, direction_deg), _along(middle, half_m, direction_deg)]


def _row(said: Mapping[str, Any], middle: Point) -> list[list[float]]:
    count, gap = said["count"], said["gap"]
    return [_along(middle, (number - (count - 1) / 2) * gap, said["direction"]) for number in range(count)]


def _along(point: Point, metres: float, direction_deg: float) -> list[float]:
    turn = math.radians(direction_deg)
    return [round(point[0] + metres * math.sin(turn), 2), round(point[1] + metres * math.cos(turn), 2)]
