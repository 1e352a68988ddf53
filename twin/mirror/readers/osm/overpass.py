"""Answers of Overpass as JSON, with `out geom`, `out body; >; out skel` or any mixture of the two.

They are written out as an extract, so that ways and relations become lines and areas in one place only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
from django.utils.translation import gettext as _
from osmium.osm.mutable import Node, Relation, Way

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import parse
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.osm.reader import read_extract
from twin.mirror.readers.osm.source import work_folder
from twin.mirror.readers.reading import Progress, Reading

_TYPES = {"node": "n", "way": "w", "relation": "r"}
Json = dict[str, Any]
Place = tuple[float, float]


def read_overpass(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """An answer of Overpass."""
    elements = parse(file.read(), file.name).get("elements")
    if not isinstance(elements, list):
        raise FileRefused(_("%(file)s has no list of elements, as answers of Overpass have.") % {"file": file.name})
    answer = _Answer()
    for number, element in enumerate(elements, start=1):
        try:
            answer.add(element)
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
            raise FileRefused(
                _("Element %(number)d of %(file)s is no node, way or relation of OpenStreetMap.")
                % {"number": number, "file": file.name}
            ) from None
    with work_folder("pbf") as extract:
        answer.write(extract.path)
        yield from read_extract(extract, "Overpass JSON", file.name, frame=frame, crs=crs, progress=progress)


@dataclass(slots=True)
class _Answer:
    """The elements by type and id; what comes twice, once with tags and once without, is one."""

    nodes: dict[int, Json] = field(default_factory=dict)
    ways: dict[int, Json] = field(default_factory=dict)
    relations: dict[int, Json] = field(default_factory=dict)
    places: dict[Place, int] = field(default_factory=dict)  # points of geometries, which come without ids

    def add(self, element: Json) -> None:
        match element["type"]:
            case "node":
                place = _place(element)
                self._merge(self.nodes, element, {"place": place} if place else {})
            case "way":
                refs = [int(ref) for ref in element.get("nodes", [])]
                self._merge(self.ways, element, self._way(refs, element.get("geometry")))
            case "relation":
                members = [self._member(member) for member in element.get("members", [])]
                self._merge(self.relations, element, {"members": members} if members else {})
            case "count" | "area" | "timeline":
                return
            case _:
                raise ValueError

    def write(self, path: Path) -> None:
        """All of it as an extract: nodes, ways, relations, each by id."""
        first = max(self.nodes, default=0) + 1
        numbers = {place: first + number for number, place in enumerate(self.places)}
        with osmium.SimpleWriter(str(path)) as writer:
            for key, node in sorted(self.nodes.items()):
                if "place" in node:
                    writer.add_node(Node(id=key, location=node["place"], tags=node["tags"]))
            for place, key in numbers.items():
                writer.add_node(Node(id=key, location=place))
            for key, way in sorted(self.ways.items()):
                refs = [point if isinstance(point, int) else numbers[point] for point in way.get("points", [])]
                writer.add_way(Way(id=key, nodes=refs, tags=way["tags"]))
            for key, relation in sorted(self.relations.items()):
                writer.add_relation(Relation(id=key, members=relation.get("members", []), tags=relation["tags"]))

    def _merge(self, known: dict[int, Json], element: Json, found: Json) -> None:
        tags = element.get("tags") or {}
        if not all(isinstance(text, str) for pair in tags.items() for text in pair):
            raise TypeError
        entry = known.setdefault(_id(element["id"]), {"tags": {}})
        entry["tags"] |= {key: value for key, value in tags.items() if len(key) < 256 and len(value) < 1024}
        entry.update(found)

    def _way(self, refs: list[int], geometry: list[Json | None] | None) -> Json:
        """Points of a way: ids of nodes, which a geometry beside them places; places where there are no ids."""
        if geometry is None:
            return {"points": refs} if refs else {}
        places = [_place(point) if point else None for point in geometry]
        if len(refs) != len(places):
            for place in places:
                if place is not None:
                    self.places.setdefault(place, 0)
            return {"points": [place for place in places if place is not None]}
        for ref, place in zip(refs, places, strict=True):
            if place is not None:
                self.nodes.setdefault(ref, {"tags": {}})["place"] = place
        return {"points": refs}

    def _member(self, member: Json) -> tuple[str, int, str]:
        kind, ref = member["type"], _id(member["ref"])
        if kind == "way" and "geometry" in member and ref not in self.ways:
            self.ways[ref] = {"tags": {}} | self._way([], member["geometry"])
        return _TYPES[kind], ref, str(member.get("role") or "")


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 62:
        raise TypeError
    return value


def _place(point: Mapping[str, Any]) -> Place | None:
    """Longitude and latitude; None where an answer leaves them out."""
    if "lon" not in point and "lat" not in point:
        return None
    lon, lat = float(point["lon"]), float(point["lat"])
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError
    return lon, lat
