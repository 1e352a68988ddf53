"""The impact sheet (예상 영향 요약, 참고용): what a run found, in words that a citizen understands.

Words of judgement are left to people: gains and losses are told by ▲ and ▼, and a figure below what courts look at is
told as an estimate. Buildings and facades are counted, households only where a building register gave them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twin.mirror.designs.models import DesignVersion
from twin.simulation.models import Run

MOST_BUILDINGS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it is and with the design."""

    label: str
    baseline: str
    scenario: str
    change: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One building that gains or loses sun."""

    object: str
    name: str
    loss: str
    is_newly_below: bool
    households: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A run as a page, the API and the city show it."""

    run: Run
    headline: str
    lines: list[Line]
    neighbours: list[Neighbour]
    more_neighbours: int
    not_modelled: list[str]
    explanation: list[str]

    @property
    def is_current(self) -> bool:
        """Whether the city has not been published anew since."""
        return self.run.scenarios.filter(publication__state="current").exists()


def latest_run(version: DesignVersion) -> Run | None:
    """The run that speaks for a version of a design: the newest."""
    runs: QuerySet[Run] = Run.objects.filter(scenarios__design_version=version)
    return runs.order_by("-created_at").first()


def sheet_of(run: Run) -> Sheet:
    figures = {item["key"]: item for item in run.outcome.get("indicators", [])}
    rows = run.outcome.get("rows", [])
    return Sheet(
        run=run,
        headline=_headline(figures) if figures else "",
        lines=_lines(figures) if figures else [],
        neighbours=[_neighbour(row) for row in rows[:MOST_BUILDINGS]],
        more_neighbours=max(0, len(rows) - MOST_BUILDINGS),
        not_modelled=not_modelled(),
        explanation=_explanation(run),
    )


def state_label(run: Run) -> str:
    """How far a run is, in words; for a failed one why and what to do."""
    return failure_label(run.failure) if run.state == Run.State.FAILED else str(run.get_state_display())


def failure_label(failure: str) -> str:
    return {
        "memory": _("The area is too large to compute on this machine. The office has been told."),
        "time": _("The computation took too long and was stopped. Ask for it again later."),
        "inputs": _(
            "The city's model has a fault at this place, so nothing could be computed. The office has been told."
        ),
    }.get(failure, _("The computation broke off. Ask for it again."))


def not_modelled() -> list[str]:
    return [
        _("windows, balconies and rooms: a facade is taken as a whole"),
        _("trees, and light from clouds and from other walls"),
        _("hills and buildings more than 1.8 km away"),
    ]


def _headline(figures: dict[str, dict[str, Any]]) -> str:
    losing = round(figures["buildings_losing_sun"]["scenario"])
    below = round(figures["buildings_newly_below_reference"]["scenario"])
    if not losing:
        return _("No neighbouring building loses sun on the shortest day.")
    text = ngettext(
        "%(n)s neighbouring building loses sun on the shortest day.",
        "%(n)s neighbouring buildings lose sun on the shortest day.",
        losing,
    ) % {"n": _number(losing)}
    if not below:
        return text
    return f"{text} " + ngettext(
        "Of these, %(n)s may fall short of what courts look at (estimate).",
        "Of these, %(n)s may fall short of what courts look at (estimate).",
        below,
    ) % {"n": _number(below)}


def _lines(figures: dict[str, dict[str, Any]]) -> list[Line]:
    lines = [
        _count(figures["buildings_losing_sun"], _("Buildings that lose sun, of %(n)s within 300 m") % {
            "n": _number(figures["buildings_considered"]["baseline"])
        }),
        _count(
            figures["buildings_newly_below_reference"],
            _("Buildings that may newly fall short of what courts look at (estimate)"),
        ),
        _area(figures["facade_meeting_reference"], _("Facade that meets what courts look at (estimate)")),
        _hours(figures["facade_mean_sun"], _("Sun on facades within 300 m, on average")),
        _hours(figures["ground_mean_sun"], _("Sun on open ground within 300 m, on average")),
    ]  # fmt: skip
    for name, label in (("facade", _("Facade")), ("ground", _("Ground"))):
        for low, band in (
            (30, _("loses 30 minutes to 1 hour")),
            (60, _("loses 1 to 2 hours")),
            (120, _("loses 2 to 4 hours")),
            (240, _("loses 4 hours or more")),
        ):
            item = figures[f"{name}_losing_{low}"]
            if item["scenario"] >= 1:
                lines.append(_area(item, f"{label}: {band}"))
        if figures[f"{name}_gaining"]["scenario"] >= 1:
            lines.append(_area(figures[f"{name}_gaining"], f"{label}: " + _("gains sun")))
    return lines


def _count(item: dict[str, Any], label: str) -> Line:
    return _line(label, item, lambda value: _number(value))


def _area(item: dict[str, Any], label: str) -> Line:
    return _line(label, item, lambda value: f"{_number(value)} m²")


def _hours(item: dict[str, Any], label: str) -> Line:
    return _line(label, item, duration)


def _line(label: str, item: dict[str, Any], show: Callable[[float], str]) -> Line:
    before, after = item["baseline"], item["scenario"]
    if before is None or after is None:
        return Line(label, "–", "–", _("not known"))
    difference = round(after) - round(before)
    if not difference:
        return Line(label, show(before), show(after), _("no change"))
    arrow = _("▲ %(by)s more") if difference > 0 else _("▼ %(by)s less")
    return Line(label, show(before), show(after), arrow % {"by": show(abs(difference))})


def _number(value: float) -> str:
    return number_format(round(value), force_grouping=True)


def duration(minutes: float) -> str:
    """Hours and minutes in words."""
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if not hours:
        return _("%(m)s min") % {"m": rest}
    return _("%(h)s h %(m)s min") % {"h": hours, "m": rest} if rest else _("%(h)s h") % {"h": hours}


def _neighbour(row: dict[str, Any]) -> Neighbour:
    loss = row["mean_loss_min"]
    if row["losing_m2"] < row["gaining_m2"] and loss <= 0:
        text = _("▲ %(by)s more sun on average") % {"by": duration(-loss)}
    else:
        text = _("▼ %(by)s less sun on average, %(most)s at the darkest spot") % {
            "by": duration(max(loss, 0)),
            "most": duration(row["greatest_loss_min"]),
        }
    return Neighbour(
        object=row["object"],
        name=row["name"] or row["address"] or _("A building without a name"),
        loss=text,
        is_newly_below=row["is_newly_below"],
        households=row["households"],
    )


def _explanation(run: Run) -> list[str]:
    noon = run.outcome.get("facts", {}).get("solar_noon", "")
    texts = [
        _(
            "Computed for the winter solstice (21 December), from 08:00 to 16:00 by the clock, every 10 minutes, "
            "on the city's 3D model."
        ),
        _(
            "What courts look at, among other circumstances: 4 hours of sun in all between 08:00 and 16:00, or 2 hours "
            "without a break between 09:00 and 15:00. It is no statute, and this is no verdict."
        ),
    ]
    if noon:
        texts.append(_("Here the sun stands highest at %(noon)s by the clock, not at 12:00.") % {"noon": noon})
    return texts
