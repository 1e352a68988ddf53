"""City objects of CityGML: what they are, what they consist of, what is said of them."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _
from lxml.etree import _Element as Element

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.features import Feature, Kind, Semantic
from twin.mirror.readers.attributes import normalise
from twin.mirror.readers.citygml.codes import CodeLists
from twin.mirror.readers.citygml.geometry import Geometries, LooseShape, Placement, Shape
from twin.mirror.readers.citygml.levels import Level, Levels
from twin.mirror.readers.citygml.names import (
    CONTAINERS,
    KINDS,
    LEFT_OUT,
    PARTS,
    SKIPPED,
    SURFACE_SEMANTICS,
    SURFACES,
    id_of,
    is_standard,
    level_of,
    local,
)
from twin.mirror.readers.citygml.part import Part
from twin.mirror.readers.citygml.properties import Properties
from twin.mirror.readers.citygml.srs import Srs
from twin.mirror.readers.citygml.stream import unreadable
from twin.mirror.readers.cityjson import LEFT_OUT as INSIDES
from twin.mirror.readers.limits import MAX_ID_LENGTH, MAX_OBJECTS
from twin.mirror.readers.reading import Fault

_STOCK = {Kind.TREE, Kind.FURNITURE}  # drawn from a stock of models where they come as one
_BUILDINGS = {Kind.BUILDING, Kind.BUILDING_PART}
_IGNORED_LEVELS = ("TerrainIntersection",)


@dataclass(slots=True)
class Objects:
    """Takes members of a file into a part of it."""

    codes: CodeLists
    library: dict[str, LooseShape] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    pieces: Counter[str] = field(default_factory=Counter)  # of terrain that comes in several, by id

    def take(
        self, element: Element, targets: dict[str, Element], part: Part, srs: Srs | None, *, keeps_systems: bool
    ) -> None:
        """Take a member, with the elements in it that its geometries may name.

        `keeps_systems` is False where one system was stated for the whole file from outside.
        """
        taking = _Taking(self, part, srs, targets, keeps_systems=keeps_systems)
        try:
            taking.take(element, None)
        except (ValueError, TypeError, OverflowError) as error:
            raise unreadable(element, error) from None


class _Taking:
    """One member being taken."""

    def __init__(
        self,
        objects: Objects,
        part: Part,
        srs: Srs | None,
        targets: dict[str, Element],
        *,
        keeps_systems: bool,
    ) -> None:
        self.objects = objects
        self.part = part
        self.srs = srs
        self.source_id = ""
        self.geometries = Geometries(
            coordinates=part.coordinates,
            srs=srs if keeps_systems else None,
            targets=targets,
            library=objects.library,
            fault=self._fault,
        )

    def _fault(self, code: str, detail: str) -> None:
        self.part.faults.append(Fault(code, self.source_id, detail[:80]))

    def take(self, element: Element, parent: str | None) -> None:
        name = local(element.tag)
        if name in CONTAINERS:
            for component in self._components(element):
                self.take(component, None)
            return
        if not self.objects.pieces[id_of(element) or ""]:  # what comes in pieces is one object
            self.part.types[name[:80]] += 1
        if name in LEFT_OUT or name in INSIDES or name.startswith("Int"):
            return
        self._take_object(element, name, parent)

    def _components(self, container: Element) -> list[Element]:
        return [
            component
            for holder in container
            if isinstance(holder.tag, str) and local(holder.tag) in PARTS
            for component in holder
            if isinstance(component.tag, str)
        ]

    def _take_object(self, element: Element, name: str, parent: str | None) -> None:
        kind = KINDS.get(name, Kind.GENERIC)
        self.source_id = id_of(element) or _("line %(line)d") % {"line": element.sourceline or 0}
        levels, properties = Levels(), Properties(self.objects.codes)
        for child in element:
            if isinstance(child.tag, str):
                self._take_child(child, local(child.tag), kind, levels, properties)
        source_id = self._new_id(element, name, levels)
        if source_id is None:
            return
        if name not in KINDS and is_standard(element.tag):
            self.part.faults.append(Fault("unknown_class", source_id, name[:80]))
        feature = Feature(source_id, kind, normalise(properties.raw, source_id), parent)
        self.part.add(feature, levels, with_lines=kind not in _BUILDINGS)
        for component in self._components(element):
            self.take(component, source_id)

    def _take_child(self, child: Element, name: str, kind: Kind, levels: Levels, properties: Properties) -> None:
        level = level_of(name)
        if level is not None:
            if is_standard(child.tag) and not level[1].startswith(_IGNORED_LEVELS):
                self._take_geometry(child, level[1], levels.at(level[0]), kind, properties)
        elif name in SURFACES:
            self._take_surfaces(child, levels)
        elif name == "tin":
            lod = str(properties.raw.get("lod", "1"))
            self.geometries.read(child, levels.at(lod if lod in {"0", "1", "2", "3", "4"} else "1").role("Tin"))
        elif name not in PARTS and name not in SKIPPED and name != "extent":
            properties.add(child)

    def _take_geometry(self, holder: Element, role: str, level: Level, kind: Kind, properties: Properties) -> None:
        shape = level.role(role)
        for implicit in holder.iterfind("{*}ImplicitGeometry"):
            self._take_implicit(implicit, shape, level, kind, properties)
        self.geometries.read(holder, shape)

    def _take_implicit(self, implicit: Element, shape: Shape, level: Level, kind: Kind, properties: Properties) -> None:
        """A shape, placed: as its point for what is drawn from a stock of models, as surfaces for the rest."""
        placement = Placement.read(implicit, self.geometries)
        self._remember(implicit, placement)
        if kind in _STOCK:
            level.role("Point").points.append(placement.anchor)
            if size := placement.size():
                properties.raw.setdefault("height_m", size[0])
                properties.raw.setdefault("crown_m", size[1])
        elif self.srs is not None:
            placement.put(shape, self.part.coordinates, self.srs)

    def _remember(self, implicit: Element, placement: Placement) -> None:
        """Shapes that objects share are written with the first of them; the others name it."""
        for holder in implicit:
            if isinstance(holder.tag, str) and local(holder.tag).startswith("relative"):
                for geometry in holder:
                    name = id_of(geometry) if isinstance(geometry.tag, str) else None
                    if name and len(self.objects.library) < 10_000:
                        self.objects.library.setdefault(name, placement.shape)

    def _take_surfaces(self, holder: Element, levels: Levels) -> None:
        for surface in holder:
            if not isinstance(surface.tag, str) or local(surface.tag) == "Envelope":
                continue
            semantic = SURFACE_SEMANTICS.get(local(surface.tag), Semantic.OTHER)
            for child in surface:
                if not isinstance(child.tag, str):
                    continue
                name = local(child.tag)
                level = level_of(name)
                if name in SURFACES:
                    self._take_surfaces(child, levels)
                elif level is not None and is_standard(child.tag):
                    self._take_surface(child, levels.at(level[0]), semantic)

    def _take_surface(self, holder: Element, level: Level, semantic: Semantic) -> None:
        shape = Shape()
        for implicit in holder.iterfind("{*}ImplicitGeometry"):
            placement = Placement.read(implicit, self.geometries)
            self._remember(implicit, placement)
            if self.srs is not None:
                placement.put(shape, self.part.coordinates, self.srs)
        self.geometries.read(holder, shape)
        level.bound(shape, semantic)

    def _new_id(self, element: Element, name: str, levels: Levels) -> str | None:
        """The id of an object; None where it was used before, or where nothing is left of a terrain in pieces."""
        source_id = id_of(element)
        if not source_id:
            source_id = self._id_from_shape(levels)
            self.part.faults.append(Fault("missing_id", source_id, name[:80]))
        if len(source_id) > MAX_ID_LENGTH or not source_id.isprintable():
            raise FileRefused(
                _("%(where)s%(id)s… has an id that is empty, unprintable or longer than %(limit)d characters.")
                % {"where": "", "id": source_id[:40], "limit": MAX_ID_LENGTH}
            )
        if source_id in self.objects.pieces:
            return self._next_piece(source_id, levels)
        if source_id in self.objects.seen:
            self.part.faults.append(Fault("duplicate_id", source_id))
            return None
        if len(self.objects.seen) >= MAX_OBJECTS:
            raise FileTooLarge(_("The file holds more than %(limit)d objects.") % {"limit": MAX_OBJECTS})
        self.objects.seen.add(source_id)
        return source_id

    def _next_piece(self, source_id: str, levels: Levels) -> str | None:
        if not any(level.roles[role].surfaces for level in levels.by_number.values() for role in level.roles):
            return None
        self.objects.pieces[source_id] += 1
        if self.objects.pieces[source_id] == 1:
            self.objects.seen.add(source_id)
            return source_id
        return f"{source_id[: MAX_ID_LENGTH - 12]}#{self.objects.pieces[source_id]}"

    def _id_from_shape(self, levels: Levels) -> str:
        """From the shape, so that the same object has the same id in the next survey."""
        digest = hashlib.blake2b(digest_size=10)
        coordinates = self.part.coordinates
        for number, level in levels.by_number.items():
            digest.update(number.encode())
            for polygon in [*(p for shape in level.roles.values() for p in shape.surfaces), *level.bounding]:
                for _ring, points in coordinates.rings_of(polygon):
                    digest.update(points.tobytes())
            digest.update(coordinates.points([*level.points(), *chain(*level.lines())]).tobytes())
        return f"shape-{digest.hexdigest()}"
