"""Reading a CityGML file, part by part: memory does not grow with the file."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml.etree import _Element as Element

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.citygml.codes import CodeLists
from twin.mirror.readers.citygml.geometry import Geometries, LooseShape, Shape
from twin.mirror.readers.citygml.names import id_of, ids_within, named_within
from twin.mirror.readers.citygml.objects import Objects
from twin.mirror.readers.citygml.part import Part
from twin.mirror.readers.citygml.srs import Srs, srs_of
from twin.mirror.readers.citygml.stream import Stream, unreadable
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.reading import Fault, Progress, Reading

SUFFIXES = frozenset({".gml", ".xml", ".citygml"})
PART_OBJECTS = 2_000
PART_ROWS = 400_000
MAX_PASSES = 6  # over a file whose objects name geometries of others
MAX_WANTED = 100_000


def is_xml(suffix: str, head: bytes) -> bool:
    start = head[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return suffix in SUFFIXES or start.startswith(b"<")


def read_citygml(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """The objects of a file. Where some name geometries of other objects, the file is gone through again for them."""
    yield from _Reader(file, frame, crs, progress).read()


class _Reader:
    def __init__(self, file: CityFile, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress) -> None:
        self.file = file
        self.frame = frame
        self.stated = crs
        self.progress = progress
        self.codes = CodeLists(file)
        self.objects = Objects(self.codes)
        self.srs: Srs | None = None
        self.faults: list[Fault] = []  # of the file as a whole
        self.format = ""
        self.textures: dict[str, None] = {}
        self.waiting: set[int] = set()  # members, by their place, that name what was not found yet
        self.wanted: set[str] = set()
        self.types: Counter[str] = Counter()  # of what came after the last object
        self.is_turned = False  # whether axes come otherwise than the system says
        self.axes_are_settled = False

    def read(self) -> Iterator[Reading]:
        """Yields parts; the last brings what is wrong with the file as a whole."""
        last: Reading | None = None
        for reading in self._parts():
            if last is not None:
                yield last
            last = reading
        if last is None:
            raise FileRefused(_("The file holds no city objects."))
        last.types += self.types
        last.faults += self.faults + self._missing_files()
        yield last

    def _parts(self) -> Iterator[Reading]:
        yield from self._pass(is_first=True, is_last=False)
        for number in range(MAX_PASSES):
            if not self.waiting:
                return
            known = len(self.objects.library), len(self.wanted)
            self._collect()
            found_nothing = known == (len(self.objects.library), len(self.wanted))
            yield from self._pass(is_first=False, is_last=found_nothing or number == MAX_PASSES - 1)

    def _pass(self, *, is_first: bool, is_last: bool) -> Iterator[Reading]:
        """Take all members, or those that wait. Whatever names nothing that is known waits, unless it is the last."""
        stream = Stream(self.file)
        part, waiting = Part(stream.coordinates), set()
        for place, member in enumerate(stream.members()):
            if not is_first and place not in self.waiting:
                continue
            named = named_within(member)
            targets = ids_within(member) if named else {}
            lost = set() if is_last else self._lost(named, targets)
            if lost and len(self.wanted) < MAX_WANTED:
                waiting.add(place)
                self.wanted |= lost
                continue
            self._take(member, targets, part, stream)
            if part.has_geometry and (len(part.drafts) >= PART_OBJECTS or stream.coordinates.rows >= PART_ROWS):
                yield self._finish(part)
                stream.start_part()
                part = Part(stream.coordinates)
            self.progress(0.7 * min(stream.position / self.file.size, 1.0), _("Reading the file"))
        self.waiting = waiting
        self.textures |= stream.textures
        if part.drafts:
            yield self._finish(part)
        else:
            self.types += part.types
            self.faults += part.faults

    def _take(self, member: Element, targets: dict[str, Element], part: Part, stream: Stream) -> None:
        self.format = f"CityGML {stream.version}"
        if self.srs is None:
            self.srs = self._srs_of(stream.srs_name or _stated_within(member))
        if stream.is_piece:
            self.objects.pieces.setdefault(id_of(member) or "", 0)
        self.objects.take(member, targets, part, self.srs, keeps_systems=self.stated is None)

    def _srs_of(self, name: str) -> Srs | None:
        """The system of the file: the one stated from outside, with the axes as the name in the file promises them."""
        if self.stated is None:
            return srs_of(name) if name else None
        is_formal = name.lower().startswith(("urn:ogc:", "http:", "https:"))
        return Srs(self.stated, is_formal and self.stated.is_north_first)

    def _lost(self, named: set[str], targets: dict[str, Element]) -> set[str]:
        """Of the ids that a member names, those that are neither in it nor among those found elsewhere."""
        return named - targets.keys() - self.objects.library.keys()

    def _collect(self) -> None:
        """Look through the whole file for the geometries that are wanted."""
        stream = Stream(self.file)
        for member in stream.members():
            targets = ids_within(member)
            for name in self.wanted & targets.keys() - self.objects.library.keys():
                if lost := self._lost(named_within(targets[name]), targets):
                    self.wanted |= lost
                else:
                    self._keep(name, targets, stream)
            stream.start_part()

    def _keep(self, name: str, targets: dict[str, Element], stream: Stream) -> None:
        shape = Shape()
        geometries = Geometries(
            coordinates=stream.coordinates,
            srs=self.srs if self.stated is None else None,
            targets=targets,
            library=self.objects.library,
            fault=lambda _code, _name: None,  # told where the shape is used
        )
        try:
            geometries.read_one(targets[name], shape)
        except ValueError as error:
            raise unreadable(targets[name], error) from None
        self.objects.library[name] = LooseShape.of(shape, stream.coordinates)

    def _finish(self, part: Part) -> Reading:
        if self.srs is None:
            raise FileRefused(_("The file does not state its coordinate system. State it with --crs EPSG:N."))
        if not self.axes_are_settled and part.has_geometry:
            self._settle_axes(part, self.srs)
        srs = Srs(self.srs.crs, self.srs.is_north_first != self.is_turned)
        reading = part.finish(srs, self.frame, self.format)
        if part.has_geometry:
            self.frame = reading.frame
        return reading

    def _settle_axes(self, part: Part, srs: Srs) -> None:
        """Many files write east first and name a system that says otherwise, or the other way round.

        What is stated holds, unless it puts most of the file outside the area of the system and the other order puts
        it inside.
        """
        points, crs = part.used_points(), srs.crs
        as_stated = srs.east_first(points)
        inside = crs.is_inside(crs.to_geodetic(as_stated)).mean()
        self.is_turned = bool(inside < 0.5 < crs.is_inside(crs.to_geodetic(as_stated[:, [1, 0, 2]])).mean())
        self.axes_are_settled = True
        if self.is_turned:
            self.faults.append(Fault("axis_order", self.file.name[:200], f"EPSG:{crs.epsg}"))

    def _missing_files(self) -> list[Fault]:
        """Images and lists of codes that the file names and that did not come with it."""
        images = [name for name in self.textures if self.file.beside(name) is None]
        return [Fault("missing_file", name[:200]) for name in [*images, *self.codes.missing]]


def _stated_within(member: Element) -> str:
    return next((name for node in member.iter() if (name := node.get("srsName"))), "")
