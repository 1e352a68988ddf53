"""The quality report of an import: what is in the file and what is wrong with it, object by object."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twin.mirror.features import Feature, Kind
from twin.mirror.readers.delivery import REASONS, LeftOut
from twin.mirror.readers.heights import DEFAULT_HEIGHT_M, STOREY_M
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
    "broken_area": gettext_lazy("The rings of the area are not complete or cross each other; it was left out"),
    "missing_nodes": gettext_lazy("Points of the line are not in the file; the line was left out there"),
    "unread_shape": gettext_lazy(
        "The shape is empty or of a kind that we do not read, such as a curve; it was left out"
    ),
    "left_out_layer": gettext_lazy("The layer is no plain table but computed, so it was left out"),
    "duplicate_id": gettext_lazy("The id is used more than once"),
    "missing_parent": gettext_lazy("The object is a part of one that is not in the file"),
    "unknown_class": gettext_lazy("The class of the object is none that the format knows"),
    "dangling_reference": gettext_lazy("The object refers to geometry that is not in the file"),
    "reference_cycle": gettext_lazy("The geometry of the object refers to itself; the circle was cut"),
    "axis_order": gettext_lazy(
        "East and north come in another order than the coordinate system says; they were swapped"
    ),
    "missing_file": gettext_lazy("A file that the city file names did not come with it"),
    "storeys_height": gettext_lazy("Height and number of storeys do not go together"),
}
GEOMETRY_FAULTS = list(FAULTS)[:9]

LISTED = 500  # objects named for each fault; beyond, only their number is kept
FILES_LISTED = 500
# A height which so many buildings share that it is rather a default than a measurement.
DEFAULT_LIKE_SHARE, DEFAULT_LIKE_COUNT = 0.1, 30
STOREY_RANGE_M = (2.2, 6.5)


def report_on(reading: Reading, progress: Progress = no_progress) -> dict[str, Any]:
    """Check a whole reading; see `Report`."""
    progress(0.0, _("Checking the geometry"))
    report = Report()
    report.add(reading)
    return report.finish()


class Report:
    """A quality report that is gathered part by part; it keeps counts, and of each fault the first objects.

    `finish` gives plain data for `CityImport.report`; see `lines` for its words.
    """

    def __init__(self) -> None:
        self._first: Reading | None = None
        self._kinds: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._lods: dict[str, Counter[str]] = defaultdict(Counter)
        self._heights = _Heights()
        self._faults = _Faults()
        self._bare = _Bare()
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, reading: Reading, file_name: str = "") -> None:
        """Check and count a part of what was read; `file_name` is the file it comes from."""
        self._first = self._first or reading
        self._faults.add(reading.faults)
        self._faults.add(check_surfaces(reading.features, reading.solids))
        self._faults.add(_storeys_against_height(reading.features))
        self._bare.add(reading.features)
        self._kinds.update(feature.kind.value for feature in reading.features)
        self._types.update(reading.types)
        _count_levels(reading.features, self._lods)
        self._heights.add(reading)
        entry = self._files.setdefault(
            file_name, {"name": file_name, "format": reading.format, "epsg": reading.crs.epsg, "objects": 0}
        )
        entry["objects"] += len(reading.features)

    def note(self, faults: Iterable[Fault]) -> None:
        """Faults that only show once all parts are known."""
        self._faults.add(faults)

    def finish(self, left_out: Sequence[LeftOut] = ()) -> dict[str, Any]:
        """The report of all parts. Raises ValueError where none was added."""
        if self._first is None:
            raise ValueError("A report needs something to report on.")
        self._faults.add(self._bare.faults())
        first, files = self._first, list(self._files.values())
        return {
            "format": first.format,
            "crs": {
                "epsg": first.crs.epsg,
                "name": first.crs.name,
                "vertical": first.crs.vertical_name,
                "ellipsoidal": first.crs.heights_are_ellipsoidal,
            },
            "origin": [first.frame.lon, first.frame.lat, first.frame.height],
            "objects": self._kinds.total(),
            "buildings": self._kinds[Kind.BUILDING],
            "parts": self._kinds[Kind.BUILDING_PART],
            "kinds": dict(self._kinds.most_common()),
            "types": dict(self._types.most_common()),
            "lods": {kind: dict(sorted(levels.items())) for kind, levels in self._lods.items()},
            "heights": self._heights.as_data(self._kinds[Kind.BUILDING]),
            **({"encoding": asdict(first.encoding)} if first.encoding else {}),
            "faults": self._faults.as_data(),
            "files": files[:FILES_LISTED],
            "files_count": len(files),
            "systems": sorted({entry["epsg"] for entry in files}),
            "left_out": [[entry.name, entry.reason, entry.detail] for entry in left_out[:FILES_LISTED]],
            "left_out_count": len(left_out),
        }


class _Faults:
    """Faults by code: how many objects, and which first. An object counts once for each part that names it."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._items: dict[str, list[list[str]]] = defaultdict(list)

    def add(self, faults: Iterable[Fault]) -> None:
        objects: dict[str, set[str]] = defaultdict(set)
        for fault in faults:
            objects[fault.code].add(fault.source_id)
            if len(self._items[fault.code]) < LISTED:
                self._items[fault.code].append([fault.source_id, fault.detail])
        self._counts.update({code: len(ids) for code, ids in objects.items()})

    def as_data(self) -> list[dict[str, Any]]:
        return [
            {"code": code, "count": self._counts[code], "items": self._items[code]}
            for code in FAULTS
            if self._counts[code]
        ]


class _Bare:
    """Objects without geometry, until one that has some turns out to be a part of them."""

    def __init__(self) -> None:
        self._ids: dict[str, None] = {}
        self._wholes: set[str] = set()  # named by parts that came without them

    def add(self, features: Sequence[Feature]) -> None:
        here = {feature.source_id for feature in features}
        parents = {feature.parent_source_id for feature in features if feature.parent_source_id and _has_any(feature)}
        self._wholes |= parents - here
        self._ids |= {
            feature.source_id: None
            for feature in features
            if not _has_any(feature) and feature.source_id not in parents
        }

    def faults(self) -> Iterator[Fault]:
        for source_id in self._ids:
            if source_id not in self._wholes:
                yield Fault("no_geometry", source_id)


class _Heights:
    """Where the heights of buildings come from, and which of them are shared by suspiciously many."""

    def __init__(self) -> None:
        self._known: Counter[float] = Counter()
        self._sources: Counter[str] = Counter()

    def add(self, reading: Reading) -> None:
        stated = [feature.attributes.get("height_m") for feature in reading.features if feature.kind is Kind.BUILDING]
        known = [round(float(height), 2) for height in stated if height is not None]
        self._known.update(known)
        self._sources.update(reading.heights or {"stated": len(known), "geometry": len(stated) - len(known)})

    def as_data(self, buildings: int) -> dict[str, Any]:
        total = self._known.total()
        repeated = [
            {"height_m": value, "count": count, "share": round(count / total, 4)}
            for value, count in sorted(self._known.items(), key=lambda entry: (-entry[1], entry[0]))
            if count >= DEFAULT_LIKE_COUNT and count > DEFAULT_LIKE_SHARE * total
        ]
        return {"buildings": buildings, "sources": dict(self._sources), "repeated": repeated}


def _has_any(feature: Feature) -> bool:
    return bool(feature.lods or feature.lines or feature.points is not None)


def _count_levels(features: Sequence[Feature], counts: dict[str, Counter[str]]) -> None:
    for feature in features:
        levels = feature.lods or (["lines"] if feature.lines else ["points"] if feature.points is not None else [])
        for lod in levels:
            counts[feature.kind.value][lod] += 1


def _storeys_against_height(features: Sequence[Feature]) -> Iterator[Fault]:
    low, high = STOREY_RANGE_M
    for feature in features:
        height, storeys = feature.attributes.get("height_m"), feature.attributes.get("storeys")
        if not height or not storeys or "height_from" in feature.attributes:
            continue
        if not low <= height / storeys <= high:
            yield Fault("storeys_height", feature.source_id, f"{height:g} m / {storeys}")


def level_label(level: str) -> str:
    """What a level of detail is called; what has none is drawn as lines or points."""
    return {"lines": _("lines"), "points": _("points")}.get(level, f"LoD{level}")


HEIGHT_SOURCES = {
    "stated": gettext_lazy("stated by the source"),
    "storeys": gettext_lazy("from the number of storeys"),
    "parts": gettext_lazy("from the parts of the building"),
    "default": gettext_lazy("assumed, as nothing is known"),
    "geometry": gettext_lazy("from the geometry"),
}


# How the letters of a shape file were found out; the codes are stored.
ENCODINGS = {
    "stated": gettext_lazy("as the .cpg file says"),
    "language": gettext_lazy("as the language byte of the .dbf file says"),
    "tried": gettext_lazy("found by trying, as the file does not say"),
    "corrected": gettext_lazy("found by trying, as what the file says cannot be"),
}


def encoding_note(encoding: dict[str, str]) -> str:
    """In words, how texts were read."""
    return _("Texts are read as %(name)s (%(how)s).") % {
        "name": encoding["name"].upper(),
        "how": ENCODINGS[encoding["how"]],
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
    if "encoding" in report:
        yield encoding_note(report["encoding"])
    yield _("Origin: %(lon).4f, %(lat).4f") % {"lon": report["origin"][0], "lat": report["origin"][1]}
    yield _("Objects: %(objects)d, of them %(buildings)d buildings and %(parts)d parts of buildings") % report
    for kind, count in report["kinds"].items():
        levels = ", ".join(f"{level_label(level)} {n}" for level, n in report["lods"].get(kind, {}).items())
        yield f"  {KIND_LABELS[Kind(kind)]}: {count}" + (f" ({levels})" if levels else "")
    yield from _file_lines(report)
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


def _file_lines(report: dict[str, Any]) -> Iterator[str]:
    """What several files brought, and what brought nothing; reports from before deliveries say nothing of files."""
    files = report.get("files", [])
    if len(files) > 1:
        yield _("Files: %(count)d") % {"count": report["files_count"]}
        for entry in files:
            yield f"  {entry['name']}: {entry['format']}, EPSG:{entry['epsg']}, {entry['objects']}"
    if len(report.get("systems", [])) > 1:
        yield _("The files have different coordinate systems; all were brought to the same place on the ground.")
    for name, reason, detail in report.get("left_out", []):
        yield _("Left out: %(file)s (%(reason)s)") % {
            "file": name,
            "reason": f"{REASONS[reason]}: {detail}" if detail else REASONS[reason],
        }


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
