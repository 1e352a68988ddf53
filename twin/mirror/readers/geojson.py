"""GeoJSON (RFC 7946): footprints with heights or storeys become buildings, the rest what their properties say."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.features import Feature, Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.prisms import prisms
from twin.mirror.readers.assembly import Draft, Surfaces, assemble
from twin.mirror.readers.attributes import normalise
from twin.mirror.readers.cityjson import parse
from twin.mirror.readers.classify import classify
from twin.mirror.readers.crs import SourceCrs, epsg_of
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.limits import MAX_ID_LENGTH, MAX_OBJECTS, MAX_VERTICES
from twin.mirror.readers.reading import Fault, Progress, Reading
from twin.mirror.rings import Rings

STOREY_M = 3.3  # a storey of housing or offices with its floor, as Korean practice reckons
DEFAULT_HEIGHT_M = 6.6  # two storeys, where nothing is known; counted in the report
_WGS84 = 4326
_ID_KEYS = (
    "id",
    "@id",
    "osm_id",
    "gml_id",
    "ufid",
    "pnu",
    "PNU",
    "UFID",
    "identificatie",
    "objectid",
    "OBJECTID",
    "fid",
    "gid",
)


def read_geojson(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A feature collection or a single feature."""
    progress(0.0, _("Reading the file"))
    document = parse(file.read(), file.name)
    raw = [document] if document.get("type") == "Feature" else document.get("features")
    if not isinstance(raw, list) or document.get("type") not in {"Feature", "FeatureCollection"}:
        raise FileRefused(_("%(file)s is neither CityJSON nor a GeoJSON feature collection.") % {"file": file.name})
    if len(raw) > MAX_OBJECTS:
        raise FileTooLarge(_("The file holds more than %(limit)d objects.") % {"limit": MAX_OBJECTS})
    crs = crs or _stated_crs(document)
    gathered = Gathered()
    for number, feature in enumerate(raw):
        gathered.add(number, feature)
    progress(0.6, _("Placing the objects"))
    yield gathered.finish(crs, frame)


def _stated_crs(document: dict[str, Any]) -> SourceCrs:
    """RFC 7946 knows longitude and latitude only; the older `crs` member is still written, and honoured."""
    older = document.get("crs")
    if not isinstance(older, dict):
        return SourceCrs(_WGS84)
    properties = older.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    epsg = epsg_of(name)
    if epsg is None:
        raise FileRefused(_("%(crs)s is no coordinate system that we know.") % {"crs": str(name)[:120]})
    return SourceCrs(epsg)


@dataclass(slots=True)
class Gathered:
    """Features of a file while their coordinates lie in one long list."""

    drafts: list[Draft] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)  # how a draft is called in a refusal
    firsts: list[int] = field(default_factory=list)  # its first coordinate
    coordinates: list[Any] = field(default_factory=list)
    areas: list[tuple[int, Surfaces]] = field(default_factory=list)  # draft and its polygons
    undecided: list[int] = field(default_factory=list)  # places in `areas` of what says nothing of itself
    faults: list[Fault] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, raw: object) -> None:
        label = _("feature %(number)d") % {"number": number + 1}
        if not isinstance(raw, dict) or raw.get("type") != "Feature":
            raise FileRefused(_("%(id)s is no GeoJSON feature.") % {"id": label})
        properties = raw.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        geometry = raw.get("geometry")
        if not isinstance(geometry, dict):
            self.types[_("without geometry")] += 1
            return
        source_id = self._source_id(raw, properties, geometry, label)
        for part_number, part in enumerate(_parts(geometry, source_id)):
            self._add_part(source_id if not part_number else f"{source_id}/{part_number + 1}", properties, part)

    def _source_id(self, raw: dict[str, Any], properties: dict[str, Any], geometry: dict[str, Any], label: str) -> str:
        stated = raw.get("id")
        if stated is None:
            stated = next((properties[key] for key in _ID_KEYS if properties.get(key) not in (None, "")), None)
        if isinstance(stated, str | int) and str(stated).strip():
            source_id = str(stated).strip()
            if len(source_id) > MAX_ID_LENGTH or not source_id.isprintable():
                raise FileRefused(
                    _("%(where)s%(id)s… has an id that is empty, unprintable or longer than %(limit)d characters.")
                    % {"where": f"{label}: ", "id": source_id[:40], "limit": MAX_ID_LENGTH}
                )
        else:
            # From the place and shape, so that the same footprint is the same object in the next survey.
            shape = orjson.dumps(geometry.get("coordinates"))
            source_id = f"shape-{hashlib.blake2b(shape, digest_size=10).hexdigest()}"
            self.faults.append(Fault("missing_id", source_id, label))
        self.seen[source_id] += 1
        if self.seen[source_id] == 1:
            return source_id
        self.faults.append(Fault("duplicate_id", source_id, label))
        return f"{source_id[: MAX_ID_LENGTH - 12]}#{self.seen[source_id]}"

    def _add_part(self, source_id: str, properties: dict[str, Any], geometry: dict[str, Any]) -> None:
        kind = str(geometry.get("type"))
        self.types[kind] += 1
        attributes = normalise(properties, source_id)
        guess = classify(properties, attributes, kind)
        if guess.furniture:
            attributes["furniture"] = guess.furniture
        draft = Draft(Feature(source_id, guess.kind or Kind.LAND_USE, attributes))
        index = len(self.drafts)
        self.drafts.append(draft)
        self.firsts.append(len(self.coordinates))
        try:
            self._add_coordinates(index, draft, kind, geometry.get("coordinates"), undecided=guess.kind is None)
        except (TypeError, ValueError, RecursionError) as error:
            raise FileRefused(
                _("%(where)sthe geometry of %(id)s cannot be read: %(cause)s")
                % {"where": "", "id": source_id, "cause": error}
            ) from None
        if len(self.coordinates) > MAX_VERTICES:
            raise FileTooLarge(_("The file holds more than %(limit)d vertices.") % {"limit": MAX_VERTICES})

    def _add_coordinates(self, index: int, draft: Draft, kind: str, raw: Any, *, undecided: bool) -> None:
        match kind:
            case "Polygon" | "MultiPolygon":
                if undecided:
                    self.undecided.append(len(self.areas))
                surfaces = Surfaces()
                for polygon in _list(raw) if kind == "MultiPolygon" else [raw]:
                    self._add_polygon(draft.feature.source_id, surfaces, _list(polygon))
                self.areas.append((index, surfaces))
            case "LineString" | "MultiLineString":
                for line in _list(raw) if kind == "MultiLineString" else [raw]:
                    draft.line_indices.append(self._extend(_list(line)))
            case "Point":
                draft.point_indices += self._extend([raw])
            case "MultiPoint":
                draft.point_indices += self._extend(_list(raw))
            case _:
                raise ValueError(_("%(type)s is no geometry that we know") % {"type": kind[:40]})

    def _add_polygon(self, source_id: str, surfaces: Surfaces, rings: list[Any]) -> None:
        if not rings:
            raise ValueError(_("a polygon has no ring"))
        for ring in rings:
            points = _list(ring)
            if len(points) > 1 and points[0] == points[-1]:
                points = points[:-1]
            elif points:
                self.faults.append(Fault("open_ring", source_id))
            surfaces.indices += self._extend(points)
            surfaces.ring_sizes.append(len(points))
        surfaces.polygon_sizes.append(len(rings))
        surfaces.semantics.append(0)

    def _extend(self, points: list[Any]) -> list[int]:
        first = len(self.coordinates)
        self.coordinates += points
        return list(range(first, len(self.coordinates)))

    def finish(self, crs: SourceCrs, frame: LocalFrame | None) -> Reading:
        """Everything in the local frame; raised to blocks where it is a building."""
        if not self.drafts:
            raise FileRefused(_("The file holds no city objects."))
        self._decide()
        points = self._points()
        is_building = [self.drafts[owner].feature.kind is Kind.BUILDING for owner, _surfaces in self.areas]
        raised = [area for area, building in zip(self.areas, is_building, strict=True) if building]
        flat = [area for area, building in zip(self.areas, is_building, strict=True) if not building]
        heights = raise_footprints(self.drafts, raised, points)
        same = _first_of_equals(points, self.firsts)
        footprints, losers = _joined(raised, same).cleaned()
        self.faults += [Fault("too_few_points", self.drafts[raised[place][0]].feature.source_id) for place in losers]
        blocks = prisms(footprints, points[:, :2])
        ground = _joined(flat, same)
        assembled = assemble(
            drafts=self.drafts,
            vertices=np.concatenate([points, heights.tops]),
            rings=_concatenated(blocks, ground),
            set_owners=[*((owner, "1") for owner, _s in raised), *((owner, "0") for owner, _s in flat)],
            crs=crs,
            frame=frame,
        )
        return Reading(
            features=assembled.features,
            frame=assembled.frame,
            crs=crs,
            format="GeoJSON",
            types=self.types,
            faults=self.faults + assembled.faults,
            solids={(self.drafts[owner].feature.source_id, "1") for owner, _s in raised},
            heights=heights.sources,
            heights_expected=bool(raised),
        )

    def _decide(self) -> None:
        """Areas that say nothing of themselves are buildings where most of the file's areas are."""
        known = [owner for place, (owner, _s) in enumerate(self.areas) if place not in set(self.undecided)]
        buildings = sum(self.drafts[owner].feature.kind is Kind.BUILDING for owner in known)
        if buildings * 2 > len(known):
            for place in self.undecided:
                self.drafts[self.areas[place][0]].feature.kind = Kind.BUILDING

    def _points(self) -> NDArray[np.float64]:
        """All coordinates as (n, 3), 0 where a height is missing; what is not numbers is refused by its object."""
        try:
            points = np.asarray(self.coordinates)
        except (ValueError, OverflowError):
            points = np.asarray([self._point(index) for index in range(len(self.coordinates))])
        if points.ndim != 2 or points.shape[1] < 2 or points.dtype.kind not in "iuf":
            points = np.asarray([self._point(index) for index in range(len(self.coordinates))])
        if points.shape[1] == 2:
            return np.column_stack([points.astype(np.float64), np.zeros(len(points))])
        return points[:, :3].astype(np.float64)

    def _point(self, index: int) -> list[float]:
        raw = self.coordinates[index]
        numbers: list[Any] = raw[:3] if isinstance(raw, list) and len(raw) >= 2 else [None]
        if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in numbers):
            owner = int(np.searchsorted(self.firsts, index, side="right")) - 1
            raise FileRefused(
                _("%(where)sthe geometry of %(id)s cannot be read: %(cause)s")
                % {
                    "where": "",
                    "id": self.drafts[owner].feature.source_id,
                    "cause": _("%(value)s is no coordinate") % {"value": str(raw)[:60]},
                }
            )
        return [float(value) for value in (numbers if len(numbers) == 3 else [*numbers, 0.0])]


@dataclass(slots=True)
class Heights:
    tops: NDArray[np.float64]  # (n, 3) above each point of the file
    sources: Counter[str]  # buildings by what told their height


def raise_footprints(drafts: list[Draft], raised: list[tuple[int, Surfaces]], points: NDArray[np.float64]) -> Heights:
    """Set the floor of every footprint level in `points`, note its height, and give the points of the roofs."""
    tops, sources = points.copy(), Counter[str]()
    for owner, surfaces in raised:
        attributes: dict[str, Any] = drafts[owner].feature.attributes
        height, source = _height(attributes)
        sources[source] += 1
        attributes["height_m"] = height
        if source != "stated":
            attributes["height_from"] = source
        if not surfaces.indices:
            continue
        span = slice(surfaces.indices[0], surfaces.indices[-1] + 1)
        ground, lift = float(points[span, 2].min()), float(attributes.get("min_height_m", 0.0))
        if "base_m" in attributes:
            ground = float(attributes["base_m"])
        points[span, 2] = ground + (lift if lift < height else 0.0)
        tops[span, 2] = ground + height
    return Heights(tops, sources)


def _height(attributes: dict[str, Any]) -> tuple[float, str]:
    if "height_m" in attributes:
        return float(attributes["height_m"]), "stated"
    if "storeys" in attributes:
        return round(attributes["storeys"] * STOREY_M, 2), "storeys"
    return DEFAULT_HEIGHT_M, "default"


def _parts(geometry: dict[str, Any], source_id: str) -> Iterator[dict[str, Any]]:
    """The geometry, or those of a collection; collections within collections are refused."""
    if geometry.get("type") != "GeometryCollection":
        yield geometry
        return
    for part in _list(geometry.get("geometries")):
        if not isinstance(part, dict) or part.get("type") == "GeometryCollection":
            raise FileRefused(_("%(id)s holds a collection within a collection.") % {"id": source_id})
        yield part


def _first_of_equals(points: NDArray[np.float64], firsts: list[int]) -> NDArray[np.int64]:
    """For each point the first of the run of equal points that it ends or continues, within one object."""
    numbers = np.arange(len(points))
    if len(points) > 1:
        repeats = np.concatenate([[False], (points[1:, :2] == points[:-1, :2]).all(axis=1)])
        repeats[[first for first in firsts if first < len(points)]] = False
        numbers[repeats] = 0
    return np.maximum.accumulate(numbers)


def _joined(areas: list[tuple[int, Surfaces]], same: NDArray[np.int64]) -> Rings:
    """One set for each area."""
    everything = Surfaces()
    for _owner, surfaces in areas:
        everything.indices += surfaces.indices
        everything.ring_sizes += surfaces.ring_sizes
        everything.polygon_sizes += surfaces.polygon_sizes
        everything.semantics += surfaces.semantics
    rings = everything.as_rings([len(surfaces.polygon_sizes) for _owner, surfaces in areas])
    return Rings(same[rings.indices], rings.ring_sizes, rings.polygon_sizes, rings.semantics, rings.set_sizes)


def _concatenated(first: Rings, second: Rings) -> Rings:
    return Rings(
        indices=np.concatenate([first.indices, second.indices]),
        ring_sizes=np.concatenate([first.ring_sizes, second.ring_sizes]),
        polygon_sizes=np.concatenate([first.polygon_sizes, second.polygon_sizes]),
        semantics=np.concatenate([first.semantics, second.semantics]),
        set_sizes=np.concatenate([first.set_sizes, second.set_sizes]),
    )


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(_("a list is missing"))
    return value
