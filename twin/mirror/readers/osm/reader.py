"""Extracts of OpenStreetMap, read object by object: nodes, ways, and areas of closed ways and of relations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import osmium
from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused
from twin.mirror.features import Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.assembly import frame_between
from twin.mirror.readers.classify import Guess
from twin.mirror.readers.crs import WGS84, SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.heights import height_of
from twin.mirror.readers.osm import kinds
from twin.mirror.readers.osm.parts import Part, Parts
from twin.mirror.readers.osm.source import Extract, extract_of
from twin.mirror.readers.osm.tags import properties_of
from twin.mirror.readers.reading import Credit, Progress, Reading

CREDIT = Credit("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright", "ODbL 1.0")
# How far through a file one is, by what comes in it: nodes, ways and relations, and areas among and after them.
_SHARES = {"n": 0.2, "w": 0.5, "r": 0.7, "a": 0.8}
_geometries = osmium.geom.GeoJSONFactory()


def read_osm_pbf(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """An extract as PBF."""
    file.require_readable()
    with extract_of(file, "pbf") as extract:
        yield from read_extract(extract, "OpenStreetMap PBF", file.name, frame=frame, crs=crs, progress=progress)


def read_osm_xml(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """An extract as XML, of the server or of an editor."""
    file.require_readable()
    with extract_of(file, "xml") as extract:
        yield from read_extract(extract, "OpenStreetMap XML", file.name, frame=frame, crs=crs, progress=progress)


def read_extract(
    extract: Extract,
    format_name: str,
    name: str,
    *,
    frame: LocalFrame | None,
    crs: SourceCrs | None,
    progress: Progress,
) -> Iterator[Reading]:
    """The parts of an extract; `name` is the file's, for refusals."""
    if crs is not None and crs.epsg != WGS84:
        raise FileRefused(_("OpenStreetMap is always in EPSG:4326. Leave --crs out for %(file)s.") % {"file": name})
    progress(0.0, _("Reading the file"))
    gathering = Gathering(format_name, SourceCrs(WGS84), frame, credit=CREDIT)
    try:
        header = osmium.FileProcessor(extract.file).header
        if header.has_multiple_object_versions:
            raise FileRefused(_("%(file)s is a history of OpenStreetMap, not its state at one time.") % {"file": name})
        gathering.lay_frame(_frame_of(header))
        drawing = _Drawing(gathering, _parts(extract))
        for thing in extract.objects():
            drawing.take(thing)
            for part in gathering.full():
                progress(_SHARES[thing.type_str()], _("Reading the file"))
                yield part
    except (RuntimeError, UnicodeDecodeError) as error:
        raise FileRefused(
            _("%(file)s cannot be read as OpenStreetMap: %(cause)s") % {"file": name, "cause": error}
        ) from None
    drawing.finish()
    progress(0.9, _("Placing the objects"))
    yield from gathering.rest()


@dataclass(slots=True)
class _Drawing:
    """What becomes of the things of an extract, one after another."""

    gathering: Gathering
    parts: Parts
    expected: set[str] = field(default_factory=set)  # areas that were announced and have not come

    def take(self, thing: Any) -> None:
        if thing.deleted:
            return
        if thing.is_area():
            self._area(thing)
        elif thing.is_node():
            self._node(thing)
        elif thing.is_way():
            self._way(thing)
        elif thing.tags.get("type") == "multipolygon" and kinds.of_area(dict(thing.tags)):
            self.expected.add(f"relation/{thing.id}")

    def finish(self) -> None:
        """What was waited for in vain: parts without a building, and areas that do not close."""
        for part in self.parts.left():
            self.gathering.fault("missing_parent", part.source_id)
            self.gathering.add(part.source_id, part.properties, part.geometry, guess=Guess(Kind.BUILDING))
        for source_id in sorted(self.expected):
            self.gathering.fault("broken_area", source_id)

    def _node(self, node: Any) -> None:
        tags = dict(node.tags)
        if (guess := kinds.of_point(tags)) is None or not node.location.valid():
            return
        geometry = {"type": "Point", "coordinates": [node.location.lon, node.location.lat]}
        self.gathering.add(f"node/{node.id}", properties_of(tags.items()), geometry, guess=guess)

    def _way(self, way: Any) -> None:
        tags, source_id = dict(way.tags), f"way/{way.id}"
        if way.is_closed() and kinds.is_area(tags):
            if kinds.of_area(tags):
                self.expected.add(source_id)  # comes again as an area, if its rings are sound
            return
        if (guess := kinds.of_line(tags)) is None:
            return
        geometry, missing = _line(way)
        if missing:
            self.gathering.fault("missing_nodes", source_id, f"× {missing}")
        if geometry is not None:
            self.gathering.add(source_id, properties_of(tags.items()), geometry, guess=guess)

    def _area(self, area: Any) -> None:
        tags = dict(area.tags)
        source_id = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        if not _is_sound(area) or (area.from_way() and not kinds.is_area(tags)):
            return
        self.expected.discard(source_id)
        guess = kinds.of_area(tags)
        if guess is None or kinds.is_part(tags):
            return  # parts come with their building
        geometry = orjson.loads(_geometries.create_multipolygon(area))
        taken = self.parts.take(source_id, geometry) if guess.kind is Kind.BUILDING else []
        self._building(source_id, tags, geometry, guess, taken)

    def _building(
        self, source_id: str, tags: dict[str, str], geometry: dict[str, Any], guess: Guess, parts: list[Part]
    ) -> None:
        """An area with its parts; where there are any, they are drawn in its place."""
        properties = properties_of(tags.items())
        outline = self.gathering.add(source_id, properties, geometry, guess=guess, is_outline=bool(parts))
        heights = []
        for part in parts:
            drawn = self.gathering.add(
                part.source_id, part.properties, part.geometry, guess=Guess(Kind.BUILDING_PART), parent=source_id
            )
            heights.append(height_of(drawn.attributes)[0])
        if not heights:
            return
        self.gathering.part.heights["stated" if "height_m" in outline.attributes else "parts"] += 1
        if "height_m" not in outline.attributes:
            outline.attributes |= {"height_m": max(heights), "height_from": "parts"}


def _frame_of(header: Any) -> LocalFrame | None:
    """Around the area that an extract says it covers; None where it says none."""
    box = header.box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return frame_between((low.lon, low.lat), (high.lon, high.lat))


def _is_sound(area: Any) -> bool:
    """Areas whose rings cross each other come without any."""
    outer, _inner = area.num_rings()
    return bool(outer)


def _line(way: Any) -> tuple[dict[str, Any] | None, int]:
    """The line of a way, in pieces where nodes are missing, and how many are; None where no two are left together."""
    pieces: list[list[list[float]]] = [[]]
    missing = 0
    for node in way.nodes:
        if node.location.valid():
            pieces[-1].append([node.lon, node.lat])
        else:
            missing += 1
            pieces.append([])
    lines = [piece for piece in pieces if len(piece) > 1]
    return ({"type": "MultiLineString", "coordinates": lines} if lines else None), missing


def _parts(extract: Extract) -> Parts:
    """All parts of buildings of an extract: few enough to be kept."""
    if not extract.has_any("building:part"):
        return Parts([])
    outlines = _stated_outlines(extract)
    parts = []
    for thing in extract.objects("building:part"):
        if (
            not thing.is_area()
            or not _is_sound(thing)
            or not kinds.is_part(tags := dict(thing.tags))
            or kinds.of_area(tags) is None
        ):
            continue
        source_id = f"{'way' if thing.from_way() else 'relation'}/{thing.orig_id()}"
        geometry = orjson.loads(_geometries.create_multipolygon(thing))
        parts.append(Part(source_id, properties_of(tags.items()), geometry, outlines.get(source_id)))
    return Parts(parts)


def _stated_outlines(extract: Extract) -> dict[str, str]:
    """The outline of each part, as far as relations of type `building` say it."""
    names = {"w": "way", "r": "relation"}
    found: dict[str, str] = {}
    for relation in extract.relations("type", "building"):
        members = [(f"{names[m.type]}/{m.ref}", m.role) for m in relation.members if m.type in names]
        outline = next((member for member, role in members if role == "outline"), None)
        if outline is not None:
            found |= {member: outline for member, role in members if role == "part"}
    return found
