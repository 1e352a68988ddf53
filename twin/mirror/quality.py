"""The quality report of an import: what is in the file and what is wrong with it, object by object."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twin.mirror.features import Feature, Kind
from twin.mirror.readers.geojson import DEFAULT_HEIGHT_M, STOREY_M
from twin.mirror.readers.reading import Fault, Progress, Reading, no_progress
from twin.mirror.validity import PLANAR_TOLERANCE_M, check_surfaces
from twin.mirror.vocabulary import KIND_LABELS

# What a report lists; the codes are stored, never rename one. Those of geometry come first.
FAULTS = {
    "too_few_points": gettext_lazy("A ring has fewer than three points; the surface was left out"),
    "open_ring": gettext_lazy("A ring does not end where it begins; it was closed"),
    "zero_area": gettext_lazy("A surface has no area"),
    "not_planar": gettext_lazy("A surface is not flat"),
    "self_intersection": gettext_lazy("The outline of a surface crosses or touches itself"),
    "open_solid": gettext_lazy("A solid is not closed: edges without a neighbour"),
    "mixed_orientation": gettext_lazy("Surfaces of a solid face both ways"),
    "inverted": gettext_lazy("A solid is turned inside out"),
    "no_geometry": gettext_lazy("The object has no geometry, and neither have its parts"),
    "outside_area": gettext_lazy("The object lies outside the area; it was left out"),
    "missing_id": gettext_lazy("The object has no id; it got one from its shape"),
    "duplicate_id": gettext_lazy("The id is used more than once"),
    "missing_parent": gettext_lazy("The object is a part of one that is not in the file"),
    "unknown_class": gettext_lazy("The class of the object is none that CityJSON knows"),
    "storeys_height": gettext_lazy("Height and number of storeys do not go together"),
    "schema": gettext_lazy("The object does not follow the official schema of CityJSON"),
}
GEOMETRY_FAULTS = list(FAULTS)[:9]

LISTED = 500  # objects named for each fault; beyond, only their number is kept
# A height which so many buildings share that it is rather a default than a measurement.
DEFAULT_LIKE_SHARE, DEFAULT_LIKE_COUNT = 0.1, 30
STOREY_RANGE_M = (2.2, 6.5)


def report_on(reading: Reading, progress: Progress = no_progress) -> dict[str, Any]:
    """Check a reading. The result is plain data for `CityImport.report`; see `lines` for its words."""
    progress(0.0, _("Checking the geometry"))
    faults = [*reading.faults, *check_surfaces(reading.features, reading.solids)]
    faults += _without_geometry(reading.features)
    faults += _storeys_against_height(reading.features)
    kinds = Counter(feature.kind.value for feature in reading.features)
    return {
        "format": reading.format,
        "crs": {
            "epsg": reading.crs.epsg,
            "name": reading.crs.name,
            "vertical": reading.crs.vertical_name,
            "ellipsoidal": reading.crs.heights_are_ellipsoidal,
        },
        "origin": [reading.frame.lon, reading.frame.lat, reading.frame.height],
        "objects": len(reading.features),
        "buildings": kinds[Kind.BUILDING],
        "parts": kinds[Kind.BUILDING_PART],
        "kinds": dict(kinds.most_common()),
        "types": dict(reading.types.most_common()),
        "lods": _lods(reading.features),
        "heights": _heights(reading),
        "faults": _listed(faults),
    }


def _listed(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    grouped: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        grouped[fault.code].append(fault)
    return [
        {
            "code": code,
            "count": len({fault.source_id for fault in grouped[code]}),
            "items": [[fault.source_id, fault.detail] for fault in grouped[code][:LISTED]],
        }
        for code in FAULTS
        if code in grouped
    ]


def _lods(features: list[Feature]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for feature in features:
        levels = feature.lods or (["lines"] if feature.lines else ["points"] if feature.points is not None else [])
        for lod in levels:
            counts[feature.kind.value][lod] += 1
    return {kind: dict(sorted(levels.items())) for kind, levels in counts.items()}


def _without_geometry(features: list[Feature]) -> Iterator[Fault]:
    def has_any(feature: Feature) -> bool:
        return bool(feature.lods or feature.lines or feature.points is not None)

    parents = {feature.parent_source_id for feature in features if has_any(feature)}
    for feature in features:
        if not has_any(feature) and feature.source_id not in parents:
            yield Fault("no_geometry", feature.source_id)


def _storeys_against_height(features: list[Feature]) -> Iterator[Fault]:
    low, high = STOREY_RANGE_M
    for feature in features:
        height, storeys = feature.attributes.get("height_m"), feature.attributes.get("storeys")
        if not height or not storeys or "height_from" in feature.attributes:
            continue
        if not low <= height / storeys <= high:
            yield Fault("storeys_height", feature.source_id, f"{height:g} m / {storeys}")


def _heights(reading: Reading) -> dict[str, Any]:
    """Where the heights of buildings come from, and which of them are shared by suspiciously many."""
    buildings = [feature for feature in reading.features if feature.kind is Kind.BUILDING]
    stated = [feature.attributes.get("height_m") for feature in buildings]
    known = [round(float(height), 2) for height in stated if height is not None]
    values, counts = np.unique(known, return_counts=True)
    repeated = sorted(
        (
            {"height_m": float(value), "count": int(count), "share": round(int(count) / len(known), 4)}
            for value, count in zip(values, counts, strict=True)
            if count >= DEFAULT_LIKE_COUNT and count > DEFAULT_LIKE_SHARE * len(known)
        ),
        key=lambda entry: -entry["count"],
    )
    sources = dict(reading.heights) or {"stated": len(known), "geometry": len(buildings) - len(known)}
    return {"buildings": len(buildings), "sources": sources, "repeated": repeated}


def level_label(level: str) -> str:
    """What a level of detail is called; what has none is drawn as lines or points."""
    return {"lines": _("lines"), "points": _("points")}.get(level, f"LoD{level}")


HEIGHT_SOURCES = {
    "stated": gettext_lazy("stated by the source"),
    "storeys": gettext_lazy("from the number of storeys"),
    "default": gettext_lazy("assumed, as nothing is known"),
    "geometry": gettext_lazy("from the geometry"),
}


def height_note(crs: dict[str, Any]) -> str:
    """In words, what was done with heights."""
    if crs["ellipsoidal"]:
        return _("Heights were brought to the WGS 84 ellipsoid.")
    if crs["vertical"]:
        return _(
            "Heights are metres above %(datum)s, taken as they are: the shift grid to the WGS 84 ellipsoid is not "
            "installed. Within the city all heights agree; on a globe the city stands too high or too low by the "
            "height of the geoid."
        ) % {"datum": crs["vertical"]}
    return _("The file does not say what its heights are counted from; they are taken as they are.")


def lines(report: dict[str, Any], examples: int = 5) -> Iterator[str]:
    """The report in words, line by line, with some objects named for each fault."""
    crs = report["crs"]
    yield _("Format: %(format)s") % report
    yield _("Coordinate system: EPSG:%(epsg)s %(name)s") % crs
    yield height_note(crs)
    yield _("Origin: %(lon).4f, %(lat).4f") % {"lon": report["origin"][0], "lat": report["origin"][1]}
    yield _("Objects: %(objects)d, of them %(buildings)d buildings and %(parts)d parts of buildings") % report
    for kind, count in report["kinds"].items():
        levels = ", ".join(f"{level_label(level)} {n}" for level, n in report["lods"].get(kind, {}).items())
        yield f"  {KIND_LABELS[Kind(kind)]}: {count}" + (f" ({levels})" if levels else "")
    yield from _height_lines(report["heights"])
    if not report["faults"]:
        yield _("Nothing wrong was found.")
    for fault in report["faults"]:
        yield ngettext("%(what)s: %(count)d object", "%(what)s: %(count)d objects", fault["count"]) % {
            "what": FAULTS[fault["code"]],
            "count": fault["count"],
        }
        for source_id, detail, *_place in fault["items"][:examples]:
            yield f"  {source_id}" + (f" ({detail})" if detail else "")
        if fault["count"] > examples:
            yield "  …"


def _height_lines(heights: dict[str, Any]) -> Iterator[str]:
    if not heights["buildings"]:
        return
    sources = ", ".join(f"{HEIGHT_SOURCES[source]} {count}" for source, count in heights["sources"].items() if count)
    yield _("Heights of buildings: %(sources)s") % {"sources": sources}
    for entry in heights["repeated"]:
        yield _("  Looks like a default: %(height)g m, %(count)d buildings (%(share).0f %%)") % {
            "height": entry["height_m"],
            "count": entry["count"],
            "share": entry["share"] * 100,
        }


def limits() -> dict[str, float]:
    """The tolerances of the checks, for those who read the report."""
    return {
        "planar_m": PLANAR_TOLERANCE_M,
        "storey_low_m": STOREY_RANGE_M[0],
        "storey_high_m": STOREY_RANGE_M[1],
        "storey_m": STOREY_M,
        "default_height_m": DEFAULT_HEIGHT_M,
        "share_percent": DEFAULT_LIKE_SHARE * 100,
    }
