"""An import's quality report in a few plain sentences, for people who have a minute."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_ASSUMED = ("storeys", "default")
# From this share on, what is assumed is worth the mayor's minute.
_WORTH_SAYING = 0.005


def summary(report: dict[str, Any]) -> list[str]:
    """`3,012 buildings. 14 stand open. The heights of 40 % are assumed.` Empty for an import without a report."""
    return list(_sentences(report)) if report else []


def _sentences(report: dict[str, Any]) -> Iterator[str]:
    buildings = int(report["buildings"])
    yield ngettext("%(n)s building.", "%(n)s buildings.", buildings) % {"n": _n(buildings)}
    counts = {fault["code"]: int(fault["count"]) for fault in report["faults"]}
    for code, words in _SAID.items():
        if count := counts.pop(code, 0):
            yield words(count) % {"n": _n(count)}
    yield from _heights(report["heights"])
    rest = sum(counts.values())
    if rest:
        yield ngettext(
            "%(n)s further finding stands below.", "%(n)s further findings stand below.", rest
        ) % {"n": _n(rest)}  # fmt: skip
    elif not report["faults"]:
        yield _("Nothing wrong was found with their shape.")


def _heights(heights: dict[str, Any]) -> Iterator[str]:
    buildings = int(heights["buildings"])
    if not buildings:
        return
    assumed = sum(int(heights["sources"].get(source, 0)) for source in _ASSUMED)
    if assumed / buildings >= _WORTH_SAYING:
        yield _("The heights of %(percent)s %% are assumed.") % {"percent": max(1, round(100 * assumed / buildings))}
    likely = sum(entry["count"] for entry in heights["repeated"])
    if likely:
        yield ngettext(
            "%(n)s building has a height that looks like a default.",
            "%(n)s buildings have a height that looks like a default.",
            likely,
        ) % {"n": _n(likely)}  # fmt: skip


def _n(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


_SAID: dict[str, Callable[[int], str]] = {
    "open_solid": lambda n: ngettext("%(n)s stands open.", "%(n)s stand open.", n),
    "no_geometry": lambda n: ngettext("%(n)s has no shape.", "%(n)s have no shape.", n),
    "inverted": lambda n: ngettext("%(n)s is turned inside out.", "%(n)s are turned inside out.", n),
    "storeys_height": lambda n: ngettext(
        "The height of %(n)s does not fit its storeys.", "The heights of %(n)s do not fit their storeys.", n
    ),
    "outside_area": lambda n: ngettext(
        "%(n)s lay outside the area and was left out.", "%(n)s lay outside the area and were left out.", n
    ),
}
