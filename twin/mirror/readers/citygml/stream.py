"""CityGML as a stream: one member in memory at a time, and of its polygons only their numbers."""

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.readers.citygml.coordinates import Coordinates
from twin.mirror.readers.citygml.names import GML, GML32, SURFACE_LEAVES, id_of, local, version_of
from twin.mirror.readers.files import CityFile

MAX_GML_BYTES = 64 << 30
MAX_QUIET_BYTES = 32 << 20  # text without a polygon or the end of a member
MAX_MEMBER_POLYGONS = 2_000_000
MAX_MEMBER_VALUES = 15_000_000  # five million points
TRIANGLES_A_PIECE = 100_000
MAX_TEXTURES = 1_000  # looked for beside the file; a report names fewer
NUMBER = "number"  # where a polygon that was taken keeps its number
FIRST, LAST = "first", "last"  # where the triangles of a surface keep theirs

_MEMBERS = {"cityObjectMember", "featureMember", "featureMembers", "appearanceMember"}
_LOOKS = {"ParameterizedTexture", "GeoreferencedTexture", "X3DMaterial"}
_TAGS = [f"{{*}}{tag}" for tag in sorted({*SURFACE_LEAVES, *_MEMBERS, *_LOOKS, "Envelope"})]


class Stream:
    """One pass over a file.

    `coordinates` takes the polygons; whoever reads the stream puts an empty one there where a part of the file ends.
    """

    def __init__(self, file: CityFile) -> None:
        if file.size > MAX_GML_BYTES:
            raise FileTooLarge(
                _("%(file)s is larger than %(limit)d MB, the most that is read at once.")
                % {"file": file.name, "limit": MAX_GML_BYTES >> 20}
            )
        self.file = file
        self.coordinates = Coordinates()
        self.version = ""
        self.srs_name = ""  # of the first envelope that states one
        self.textures: dict[str, None] = {}  # files that surfaces are painted with, in their order
        self.is_piece = False  # whether the member just given is a piece of one that is not at its end
        self.position = 0  # bytes read so far
        self._mark = (0, 0)  # polygons and numbers of the part when the member began

    def members(self) -> Iterator[Element]:
        """Each city object of the file, its polygons replaced by their numbers.

        Of a terrain of very many triangles come pieces before: the `TINRelief` alone, with those read so far.
        """
        with self.file.open() as opened:
            self._check_root(next(self._parse(opened, ("start",), None))[1])
        with self.file.open() as opened:
            source = _Source(opened, self.file)
            yield from self._events(source)

    def _parse(
        self, opened: "IO[bytes] | _Source", events: tuple[str, ...], tags: list[str] | None
    ) -> Iterator[tuple[str, Element]]:
        """Nothing that a file says makes us read anything else, or more than the file holds."""
        try:
            yield from etree.iterparse(
                opened,
                events=events,
                tag=tags,
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
        except etree.XMLSyntaxError as error:
            raise FileRefused(
                _("%(file)s is not valid XML: %(cause)s") % {"file": self.file.name, "cause": error.msg}
            ) from None

    def _check_root(self, root: Element) -> None:
        if root.getroottree().docinfo.internalDTD is not None:
            raise FileRefused(
                _("%(file)s declares a document type, which city files do without; such files are not read.")
                % {"file": self.file.name}
            )
        self.version = version_of(root.tag) or ""
        if not self.version:
            self._refuse(root)

    def _events(self, source: "_Source") -> Iterator[Element]:
        for _event, element in self._parse(source, ("end",), _TAGS):
            name = local(element.tag)
            source.rest()
            self.position = source.position
            if name in SURFACE_LEAVES:
                yield from self._take(element, name)
            elif name == "Envelope":
                self.srs_name = self.srs_name or element.get("srsName") or ""
            elif name in _LOOKS:
                self._take_look(element)
            elif _is_member(element):
                if name != "appearanceMember":
                    yield from (child for child in element if isinstance(child.tag, str))
                self._forget(element)

    def _refuse(self, root: Element) -> None:
        namespace, _brace, name = root.tag.removeprefix("{").rpartition("}")
        raise FileRefused(
            _("%(file)s is not CityGML 1.0, 2.0 or 3.0: it begins with %(name)s of “%(namespace)s”.")
            % {"file": self.file.name, "name": name[:60], "namespace": namespace[:120]}
        )

    def _take(self, element: Element, name: str) -> Iterator[Element]:
        try:
            number = self.coordinates.take_polygon(element)
        except (ValueError, TypeError) as error:
            raise unreadable(element, error) from None
        del element[:]
        element.set(NUMBER, str(number))
        polygons, values = self._mark
        if self.coordinates.polygons - polygons > MAX_MEMBER_POLYGONS or (
            len(self.coordinates.values) - values > MAX_MEMBER_VALUES
        ):
            raise FileTooLarge(
                _("%(id)s has more than %(limit)d points.") % {"id": owner_of(element), "limit": MAX_MEMBER_VALUES // 3}
            )
        if name == "Triangle":
            yield from self._take_triangle(element, number)

    def _take_triangle(self, triangle: Element, number: int) -> Iterator[Element]:
        """Triangles in a row are kept as the numbers of the first and the last."""
        patches = triangle.getparent()
        if patches is None:
            return
        before = triangle.getprevious()
        if before is not None:
            patches.remove(before)
        first = patches.get(FIRST)
        if first is None:
            first = str(number)
            patches.set(FIRST, first)
        patches.set(LAST, str(number))
        if number - int(first) + 1 < TRIANGLES_A_PIECE:
            return
        relief = next((e for e in triangle.iterancestors() if local(e.tag) == "TINRelief"), None)
        if relief is not None:
            self.is_piece = True
            yield relief
            self.is_piece = False
            del patches.attrib[FIRST], patches.attrib[LAST], triangle.attrib[NUMBER]
            self._mark = (self.coordinates.polygons, len(self.coordinates.values))

    def _take_look(self, element: Element) -> None:
        """Looks are not drawn yet. Here their images and texture coordinates pass, by the ids of polygons and rings."""
        for image in element.iterfind("{*}imageURI"):
            if image.text and image.text.strip() and len(self.textures) < MAX_TEXTURES:
                self.textures[image.text.strip()[:300]] = None
        element.clear()

    def _forget(self, member: Element) -> None:
        """Give back the memory of a member and of what stands before it."""
        member.clear()
        root = member.getparent()
        while root is not None and member.getprevious() is not None:
            del root[0]
        self._mark = (self.coordinates.polygons, len(self.coordinates.values))

    def start_part(self) -> None:
        self.coordinates = Coordinates()
        self._mark = (0, 0)


class _Source:
    """The bytes of a file, refused where too many of them pass without anything that is taken from them."""

    def __init__(self, opened: IO[bytes], file: CityFile) -> None:
        self._opened = opened
        self._file = file
        self.position = 0
        self._rested = 0

    def rest(self) -> None:
        self._rested = self.position

    def read(self, size: int = -1) -> bytes:
        content = self._opened.read(size)
        self.position += len(content)
        if self.position > self._file.size:
            raise FileRefused(_("%(file)s unpacks to more than it declares.") % {"file": self._file.name})
        if self.position - self._rested > MAX_QUIET_BYTES:
            raise FileTooLarge(
                _("%(file)s has more than %(limit)d MB in one piece without geometry, around byte %(byte)d.")
                % {"file": self._file.name, "limit": MAX_QUIET_BYTES >> 20, "byte": self.position}
            )
        return content


def _is_member(element: Element) -> bool:
    """Whether an element is one of those right below the root: members of groups have the same name."""
    parent = element.getparent()
    return parent is not None and parent.getparent() is None


def owner_of(element: Element) -> str:
    """The id of the object that an element is within: the nearest that has no geometry's id, for messages."""
    named = [found for node in (element, *element.iterancestors()) if (found := id_of(node)) and _is_feature(node)]
    return named[0][:80] if named else _("line %(line)d") % {"line": element.sourceline or 0}


def _is_feature(element: Element) -> bool:
    return not element.tag.startswith((GML, GML32))


def unreadable(element: Element, error: Exception) -> FileRefused:
    """The refusal of a geometry, by its object, line and cause."""
    return FileRefused(
        _("Line %(line)d: the geometry of %(id)s cannot be read: %(cause)s")
        % {"line": element.sourceline or 0, "id": owner_of(element), "cause": error}
    )
