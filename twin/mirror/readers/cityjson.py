"""CityJSON 1.0, 1.1 and 2.0, and the objects of CityJSON sequences. https://www.cityjson.org/specs/"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.features import Feature, Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.assembly import Draft, Surfaces, assemble
from twin.mirror.readers.attributes import normalise
from twin.mirror.readers.boundaries import add_geometry, index_list, lod_of
from twin.mirror.readers.crs import SourceCrs, epsg_of
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.limits import MAX_ID_LENGTH, MAX_OBJECTS, MAX_VERTICES
from twin.mirror.readers.reading import Fault, Progress, Reading
from twin.mirror.readers.templates import Templates

VERSIONS = {"1.0", "1.1", "2.0"}

KINDS = {
    "Building": Kind.BUILDING,
    "BuildingPart": Kind.BUILDING_PART,
    "BuildingInstallation": Kind.BUILDING_PART,
    "BuildingConstructiveElement": Kind.BUILDING_PART,
    "Bridge": Kind.BRIDGE,
    "BridgePart": Kind.BRIDGE,
    "BridgeInstallation": Kind.BRIDGE,
    "BridgeConstructiveElement": Kind.BRIDGE,
    "BridgeConstructionElement": Kind.BRIDGE,
    "Tunnel": Kind.TUNNEL,
    "TunnelPart": Kind.TUNNEL,
    "TunnelInstallation": Kind.TUNNEL,
    "TunnelConstructiveElement": Kind.TUNNEL,
    "Road": Kind.ROAD,
    "Railway": Kind.RAILWAY,
    "TransportSquare": Kind.SQUARE,
    "Waterway": Kind.WATER,
    "WaterBody": Kind.WATER,
    "PlantCover": Kind.PLANT_COVER,
    "SolitaryVegetationObject": Kind.TREE,
    "LandUse": Kind.LAND_USE,
    "CityFurniture": Kind.FURNITURE,
    "TINRelief": Kind.TERRAIN,
    "OtherConstruction": Kind.GENERIC,
    "GenericCityObject": Kind.GENERIC,
}
# Inside of buildings, and groups, which have no place of their own.
LEFT_OUT = {
    "CityObjectGroup", "BuildingRoom", "BuildingStorey", "BuildingUnit", "BuildingFurniture", "BridgeRoom",
    "BridgeFurniture", "TunnelHollowSpace", "TunnelFurniture",
}  # fmt: skip
_SOLIDS = {"Solid", "MultiSolid", "CompositeSolid"}


def read_cityjson(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A whole CityJSON document."""
    progress(0.0, _("Reading the file"))
    document = parse(file.read(), file.name)
    version = version_of(document, "CityJSON", file.name)
    crs = crs or stated_crs(document)
    model = CityModel(crs, f"CityJSON {version}")
    model.use_templates(document.get("geometry-templates"))
    model.add(document.get("CityObjects"), document.get("vertices"), document.get("transform"))
    progress(0.7, _("Placing the objects"))
    yield model.finish(frame)


def parse(content: bytes, where: str) -> dict[str, Any]:
    """One JSON object; what is no JSON (truncated, NaN, Infinity) is refused with the place."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise FileRefused(_("%(file)s is not valid JSON: %(cause)s") % {"file": where, "cause": error}) from None
    if not isinstance(document, dict):
        raise FileRefused(_("%(file)s holds no JSON object.") % {"file": where})
    return document


def version_of(document: Mapping[str, Any], expected: str, where: str) -> str:
    version = str(document.get("version", ""))[:3]
    if document.get("type") != expected or version not in VERSIONS:
        raise FileRefused(
            _("%(file)s is not CityJSON 1.0, 1.1 or 2.0, but says it is %(type)s %(version)s.")
            % {"file": where, "type": str(document.get("type"))[:40], "version": str(document.get("version"))[:20]}
        )
    return version


def stated_crs(document: Mapping[str, Any]) -> SourceCrs:
    """The system that the metadata name, in the spellings of all versions."""
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    older = metadata.get("crs")
    stated = metadata.get("referenceSystem") or (older.get("epsg") if isinstance(older, dict) else None)
    if not stated:
        raise FileRefused(_("The file does not state its coordinate system. State it with --crs EPSG:N."))
    epsg = epsg_of(stated)
    if epsg is None:
        raise FileRefused(_("%(crs)s is no coordinate system that we know.") % {"crs": str(stated)[:120]})
    return SourceCrs(epsg)


class CityModel:
    """City objects of one or more pieces of CityJSON, gathered until all are brought to the local frame.

    `is_part` says that there are others: what an object is part of may be among these.
    """

    def __init__(self, crs: SourceCrs, format_name: str, *, is_part: bool = False) -> None:
        self.is_part = is_part
        self.crs = crs
        self.format = format_name
        self.types: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.drafts: list[Draft] = []
        self.numbers: dict[str, int] = {}  # source id → its draft
        self.children: dict[str, str] = {}  # source id → parent, as the parent says
        self.blocks: list[NDArray[np.float64]] = []
        self.piece = np.empty((0, 3))  # the vertices of the document or line being read
        self.vertex_count = 0
        self.surfaces = Surfaces()
        self.set_sizes: list[int] = []
        self.set_owners: list[tuple[int, str]] = []
        self.solids: set[tuple[str, str]] = set()
        self.templates = Templates()

    def use_templates(self, raw: object) -> None:
        """Take shapes that objects of this model may refer to; replaces those of a piece before."""
        self.templates = Templates.read(raw)

    def add(self, objects: object, vertices: object, transform: object, where: str = "") -> None:
        """Take the objects of one document, or of one line of a sequence."""
        if not isinstance(objects, dict):
            raise FileRefused(_("%(where)sCityObjects is missing.") % {"where": where})
        offset, count = self.vertex_count, self._add_vertices(vertices, transform, where)
        if len(self.drafts) + len(objects) > MAX_OBJECTS:
            raise FileTooLarge(_("The file holds more than %(limit)d objects.") % {"limit": MAX_OBJECTS})
        for source_id, raw in objects.items():
            if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
                raise FileRefused(_("%(where)s%(id)s is no city object.") % {"where": where, "id": source_id[:80]})
            if not source_id or len(source_id) > MAX_ID_LENGTH or not source_id.isprintable():
                raise FileRefused(
                    _("%(where)s%(id)s… has an id that is empty, unprintable or longer than %(limit)d characters.")
                    % {"where": where, "id": source_id[:40], "limit": MAX_ID_LENGTH}
                )
            self._add_object(source_id, raw, offset, count, where)

    def _add_vertices(self, vertices: object, transform: object, where: str) -> int:
        points = vertex_array(vertices, where)
        if self.vertex_count + len(points) > MAX_VERTICES:
            raise FileTooLarge(_("The file holds more than %(limit)d vertices.") % {"limit": MAX_VERTICES})
        scale, translate = _transform(transform)
        placed = points * scale + translate
        if not np.isfinite(placed).all():
            row = int(np.argmin(np.isfinite(placed).all(axis=1)))
            raise FileRefused(_("%(where)svertex %(number)d is not a place.") % {"where": where, "number": row})
        self.piece = placed
        self._append(placed)
        return len(points)

    def _append(self, points: NDArray[np.float64]) -> None:
        self.blocks.append(points)
        self.vertex_count += len(points)

    def _add_object(self, source_id: str, raw: dict[str, Any], offset: int, count: int, where: str) -> None:
        type_name: str = raw["type"]
        self.types[type_name[:80]] += 1
        if type_name in LEFT_OUT:
            return
        if source_id in self.numbers:
            self.faults.append(Fault("duplicate_id", source_id))
            return
        kind = KINDS.get(type_name, Kind.GENERIC)
        if kind is Kind.GENERIC and type_name not in KINDS and not type_name.startswith("+"):
            self.faults.append(Fault("unknown_class", source_id, type_name[:80]))
        attributes = raw.get("attributes")
        values = normalise(attributes, source_id) if isinstance(attributes, dict) else {}
        if "address" not in values and (address := _address(raw.get("address"))):
            values["address"] = address
        parents = raw.get("parents")
        parent = parents[0] if isinstance(parents, list) and parents and isinstance(parents[0], str) else None
        for child in raw.get("children") or ():
            if isinstance(child, str):
                self.children.setdefault(child, source_id)
        number = self.numbers[source_id] = len(self.drafts)
        self.drafts.append(Draft(Feature(source_id, kind, values, parent)))
        geometry = raw.get("geometry")
        try:
            self._add_geometry(number, geometry if isinstance(geometry, list) else [], offset, count)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise FileRefused(
                _("%(where)sthe geometry of %(id)s cannot be read: %(cause)s")
                % {"where": where, "id": source_id, "cause": error}
            ) from None

    def _add_geometry(self, number: int, geometries: list[Any], offset: int, count: int) -> None:
        by_lod: dict[str, list[dict[str, Any]]] = {}
        draft = self.drafts[number]
        for geometry in geometries:
            if not isinstance(geometry, dict):
                raise TypeError(_("a geometry is no JSON object"))
            match geometry.get("type"):
                case "MultiPoint":
                    draft.point_indices += index_list(geometry.get("boundaries"), offset, count)
                case "MultiLineString":
                    lines = geometry.get("boundaries")
                    draft.line_indices += [index_list(line, offset, count) for line in _list(lines)]
                case "GeometryInstance":
                    self._add_instance(draft, number, geometry, offset, count)
                case _:
                    by_lod.setdefault(lod_of(geometry), []).append(geometry)
        for lod, same in by_lod.items():
            solids = [geometry for geometry in same if geometry.get("type") in _SOLIDS]
            first = len(self.surfaces.polygon_sizes)
            for geometry in solids or same:
                add_geometry(self.surfaces, geometry, offset, count)
            if solids:
                self.solids.add((draft.feature.source_id, lod))
            self._close_set(number, lod, first)

    def _add_instance(self, draft: Draft, number: int, geometry: dict[str, Any], offset: int, count: int) -> None:
        """A template, placed: as its point for what is drawn from a stock of models, as surfaces for the rest."""
        [anchor] = index_list(geometry.get("boundaries"), offset, count)
        if draft.feature.kind in {Kind.TREE, Kind.FURNITURE}:
            draft.point_indices.append(anchor)
            height, width = self.templates.size(geometry)
            draft.feature.attributes.setdefault("height_m", height)
            if draft.feature.kind is Kind.TREE:
                draft.feature.attributes.setdefault("crown_m", width)
            return
        points, lod = self.templates.placed(geometry), self.templates.lod(geometry)
        if self.vertex_count + len(points) > MAX_VERTICES:
            raise FileTooLarge(_("The file holds more than %(limit)d vertices.") % {"limit": MAX_VERTICES})
        first = len(self.surfaces.polygon_sizes)
        self.templates.add_surfaces(self.surfaces, geometry, self.vertex_count)
        self._append(points + self.piece[anchor - offset])
        self._close_set(number, lod, first)

    def _close_set(self, number: int, lod: str, first: int) -> None:
        size = len(self.surfaces.polygon_sizes) - first
        if size:
            self.set_sizes.append(size)
            self.set_owners.append((number, lod))

    def finish(self, frame: LocalFrame | None) -> Reading:
        """Everything in the local frame."""
        if not self.drafts:
            raise FileRefused(_("The file holds no city objects."))
        self._link_parents()
        assembled = assemble(
            drafts=self.drafts,
            vertices=np.concatenate(self.blocks),
            rings=self.surfaces.as_rings(self.set_sizes),
            set_owners=self.set_owners,
            crs=self.crs,
            frame=frame,
        )
        return Reading(
            features=assembled.features,
            frame=assembled.frame,
            crs=self.crs,
            format=self.format,
            types=self.types,
            faults=self.faults + assembled.faults,
            solids=self.solids,
        )

    def _link_parents(self) -> None:
        """Parents that are in the file; a part that claims another has none, its own ancestor is refused."""
        for draft in self.drafts:
            feature = draft.feature
            feature.parent_source_id = feature.parent_source_id or self.children.get(feature.source_id)
            if self.is_part:
                continue
            if feature.parent_source_id is not None and feature.parent_source_id not in self.numbers:
                self.faults.append(Fault("missing_parent", feature.source_id, feature.parent_source_id[:80]))
                feature.parent_source_id = None
        for draft in self.drafts:
            feature, seen = draft.feature, {draft.feature.source_id}
            while feature.parent_source_id in self.numbers:
                parent = self.drafts[self.numbers[feature.parent_source_id]].feature
                if parent.source_id in seen:
                    raise FileRefused(_("%(id)s is a part of itself.") % {"id": parent.source_id})
                seen.add(parent.source_id)
                feature = parent


def vertex_array(vertices: object, where: str) -> NDArray[np.float64]:
    """Vertices as (n, 3); the first that is not three numbers is refused by its position."""
    if not isinstance(vertices, list):
        raise FileRefused(_("%(where)svertices is missing.") % {"where": where})
    if not vertices:
        return np.empty((0, 3))
    try:
        points = np.asarray(vertices)
    except (ValueError, OverflowError):
        points = np.empty(0)
    if points.ndim == 2 and points.shape[1] == 3 and points.dtype.kind in "iuf":
        return points.astype(np.float64)
    number = next(
        (
            index
            for index, vertex in enumerate(vertices)
            if not isinstance(vertex, list)
            or len(vertex) != 3
            or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in vertex)
        ),
        0,
    )
    raise FileRefused(_("%(where)svertex %(number)d is not three numbers.") % {"where": where, "number": number})


def _transform(raw: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if raw is None:
        return np.ones(3), np.zeros(3)
    try:
        scale = np.asarray(raw["scale"], dtype=np.float64)  # type: ignore[index]
        translate = np.asarray(raw["translate"], dtype=np.float64)  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        scale = translate = np.empty(0)
    if scale.shape != (3,) or translate.shape != (3,) or not np.isfinite([scale, translate]).all():
        raise FileRefused(_("The transform is not three numbers for scale and three for translate."))
    return scale, translate


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(_("a list is missing"))
    return value


def _address(raw: object) -> str:
    """An address in words: a list of records since version 1.1, one record before."""
    record = raw[0] if isinstance(raw, list) and raw else raw
    if not isinstance(record, dict):
        return ""
    texts = (value for key, value in record.items() if key != "location" and isinstance(value, str | int))
    return " ".join(str(text) for text in texts)[:200]
