"""Small extracts of OpenStreetMap, in every format that is read."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

# Somewhere in Seoul; a metre of longitude and of latitude there, in degrees.
LON, LAT = 127.0, 37.5
EAST_M, NORTH_M = 1 / 88_400, 1 / 111_000

Metres = tuple[float, float]


class Town:
    """Things of OpenStreetMap, placed in metres east and north of (LON, LAT)."""

    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        self.relations: dict[int, tuple[list[tuple[str, int, str]], dict[str, str]]] = {}
        self._ids = itertools.count(1)

    def node(self, place: Metres, **tags: str) -> int:
        key = next(self._ids)
        self.nodes[key] = (LON + place[0] * EAST_M, LAT + place[1] * NORTH_M, spelled(tags))
        return key

    def line(self, *places: Metres, **tags: str) -> int:
        return self.way([self.node(place) for place in places], **tags)

    def area(self, *corners: Metres, **tags: str) -> int:
        refs = [self.node(corner) for corner in corners]
        return self.way([*refs, refs[0]], **tags)

    def block(self, e: float = 0, n: float = 0, width: float = 20, depth: float = 10, **tags: str) -> int:
        return self.area((e, n), (e + width, n), (e + width, n + depth), (e, n + depth), **tags)

    def way(self, refs: Sequence[int], **tags: str) -> int:
        key = next(self._ids)
        self.ways[key] = (list(refs), spelled(tags))
        return key

    def relation(self, *members: tuple[str, int, str], **tags: str) -> int:
        key = next(self._ids)
        self.relations[key] = (list(members), spelled(tags))
        return key

    def write(self, path: Path) -> Path:
        """By suffix: `.osm`, `.osm.pbf`, or an answer of Overpass (`.json`, and `.geom.json` with places in ways)."""
        if path.suffix == ".json":
            path.write_text(json.dumps(self.answer(with_places=path.name.endswith(".geom.json"))), encoding="utf-8")
            return path
        with osmium.SimpleWriter(str(path), overwrite=True) as writer:
            for key, (lon, lat, tags) in self.nodes.items():
                writer.add_node(Node(id=key, location=(lon, lat), tags=tags))
            for key, (refs, tags) in self.ways.items():
                writer.add_way(Way(id=key, nodes=refs, tags=tags))
            for key, (members, tags) in self.relations.items():
                writer.add_relation(Relation(id=key, members=members, tags=tags))
        return path

    def answer(self, *, with_places: bool) -> dict[str, Any]:
        """As Overpass answers: ways before their nodes (`out body; >; out skel`), or with the places in them."""
        ways: list[dict[str, Any]] = [
            {"type": "way", "id": key, "nodes": refs, "tags": tags} for key, (refs, tags) in self.ways.items()
        ]
        relations = [
            {"type": "relation", "id": key, "members": [self._member(*m, with_places) for m in members], "tags": tags}
            for key, (members, tags) in self.relations.items()
        ]
        nodes = [
            {"type": "node", "id": key, "lon": lon, "lat": lat, **({"tags": tags} if tags else {})}
            for key, (lon, lat, tags) in self.nodes.items()
            if tags or not with_places
        ]
        if with_places:
            in_relations = {ref for members, _tags in self.relations.values() for _kind, ref, _role in members}
            ways = [way for way in ways if way["tags"] or way["id"] not in in_relations]
            for way in ways:
                way["geometry"] = self._places(way.pop("nodes"))
        head = {"version": 0.6, "generator": "Overpass API", "osm3s": {"copyright": "ODbL"}}
        return {**head, "elements": [*relations, *ways, *nodes]}

    def _member(self, kind: str, ref: int, role: str, with_places: bool) -> dict[str, Any]:
        named = {"n": "node", "w": "way", "r": "relation"}[kind]
        places = {"geometry": self._places(self.ways[ref][0])} if with_places and kind == "w" else {}
        return {"type": named, "ref": ref, "role": role, **places}

    def _places(self, refs: Sequence[int]) -> list[dict[str, float] | None]:
        found = (self.nodes.get(ref) for ref in refs)
        return [{"lon": node[0], "lat": node[1]} if node else None for node in found]


def spelled(tags: dict[str, str]) -> dict[str, str]:
    """Keys with colons can be keywords: `building__levels`."""
    return {key.replace("__", ":"): value for key, value in tags.items()}
