"""CityGML written by hand: small models in every version, near Ingolstadt in EPSG:25832."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from twin.mirror.features import Feature
from twin.mirror.readers import Reading, read

EAST, NORTH, GROUND = 678_000.0, 5_403_500.0, 370.0
UTM = "urn:ogc:def:crs:EPSG::25832"

Point = tuple[float, ...]

_MODULES = {
    "bldg": "building", "brid": "bridge", "tun": "tunnel", "tran": "transportation", "wtr": "waterbody",
    "veg": "vegetation", "luse": "landuse", "frn": "cityfurniture", "dem": "relief", "gen": "generics",
    "grp": "cityobjectgroup", "app": "appearance",
}  # fmt: skip


def namespaces(version: str = "2.0") -> str:
    """Declarations of all prefixes that the pieces below use."""
    modules = [f'xmlns:{prefix}="http://www.opengis.net/citygml/{name}/{version}"' for prefix, name in _MODULES.items()]
    gml = "http://www.opengis.net/gml" + ("/3.2" if version == "3.0" else "")
    core = f'xmlns:core="http://www.opengis.net/citygml/{version}" xmlns:gml="{gml}"'
    con = 'xmlns:con="http://www.opengis.net/citygml/construction/3.0"' if version == "3.0" else ""
    others = (
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0" '
        'xmlns:uro="https://www.geospatial.jp/iur/uro/3.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    return " ".join([core, con, *modules, others])


def model(*members: str, version: str = "2.0", srs: str | None = UTM, dimension: int = 3, head: str = "") -> str:
    """A model with an envelope that states its system, unless that is None."""
    stated = f'srsName="{srs}" srsDimension="{dimension}"' if srs else ""
    envelope = (
        f"<gml:boundedBy><gml:Envelope {stated}><gml:lowerCorner>0 0 0</gml:lowerCorner>"
        "<gml:upperCorner>0 0 0</gml:upperCorner></gml:Envelope></gml:boundedBy>"
    )
    body = "".join(f"<core:cityObjectMember>{member}</core:cityObjectMember>" for member in members)
    return f"<core:CityModel {namespaces(version)}>{envelope if stated else ''}{head}{body}</core:CityModel>"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """The text as a file that declares its encoding."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((declared + text).encode(encoding))
    return path


def nested(path: str, *content: str, id: str = "") -> str:
    """Content within elements named by a path, the first of them with an id."""
    tags = path.split("/")
    opened = f'<{tags[0]} gml:id="{id}">' if id else f"<{tags[0]}>"
    return opened + "".join(f"<{tag}>" for tag in tags[1:]) + "".join(content) + "".join(f"</{t}>" for t in tags[::-1])


def at(east: float, north: float, up: float = 0.0) -> Point:
    """A point so many metres from the corner of the test field."""
    return EAST + east, NORTH + north, GROUND + up


def numbers(points: Iterable[Point]) -> str:
    return " ".join(f"{value:.10g}" for point in points for value in point)


def ring(points: Sequence[Point]) -> str:
    """A linear ring that ends where it begins."""
    return f"<gml:LinearRing><gml:posList>{numbers([*points, points[0]])}</gml:posList></gml:LinearRing>"


def polygon(points: Sequence[Point], *holes: Sequence[Point], id: str = "") -> str:
    named = f' gml:id="{id}"' if id else ""
    inner = "".join(f"<gml:interior>{ring(hole)}</gml:interior>" for hole in holes)
    return f"<gml:Polygon{named}><gml:exterior>{ring(points)}</gml:exterior>{inner}</gml:Polygon>"


def members(*surfaces: str) -> str:
    """Surfaces, or references such as "#roof", as members."""
    return "".join(
        f'<gml:surfaceMember xlink:href="{surface}"/>'
        if surface.startswith("#")
        else f"<gml:surfaceMember>{surface}</gml:surfaceMember>"
        for surface in surfaces
    )


def multi_surface(*surfaces: str) -> str:
    return f"<gml:MultiSurface>{members(*surfaces)}</gml:MultiSurface>"


def solid(*surfaces: str) -> str:
    shell = f"<gml:CompositeSurface>{members(*surfaces)}</gml:CompositeSurface>"
    return f"<gml:Solid><gml:exterior>{shell}</gml:exterior></gml:Solid>"


def square(east: float = 0.0, north: float = 0.0, size: float = 10.0, up: float = 0.0) -> list[Point]:
    """Counter-clockwise from above."""
    return [at(east + e, north + n, up) for e, n in ((0, 0), (size, 0), (size, size), (0, size))]


def box(east: float = 0.0, north: float = 0.0, size: float = 10.0, height: float = 20.0) -> list[list[Point]]:
    """Ground, roof and four walls, each seen counter-clockwise from outside."""
    low, high = square(east, north, size), square(east, north, size, height)
    walls = [[low[i], low[(i + 1) % 4], high[(i + 1) % 4], high[i]] for i in range(4)]
    return [low[::-1], high, *walls]


def building(id: str, content: str) -> str:
    return f'<bldg:Building gml:id="{id}">{content}</bldg:Building>'


def lod1(east: float = 0.0) -> str:
    return f"<bldg:lod1Solid>{solid(*(polygon(face) for face in box(east)))}</bldg:lod1Solid>"


def bounded(kind: str, surface: str, *, lod: int = 2, prefix: str = "bldg", more: str = "") -> str:
    """A surface that bounds a building, of a kind such as `RoofSurface`."""
    geometry = f"<{prefix}:lod{lod}MultiSurface>{multi_surface(surface)}</{prefix}:lod{lod}MultiSurface>"
    return f"<{prefix}:boundedBy><{prefix}:{kind}>{geometry}{more}</{prefix}:{kind}></{prefix}:boundedBy>"


KINDS_OF_BOX = ["GroundSurface", "RoofSurface", *["WallSurface"] * 4]


def lod2(id: str) -> str:
    """A solid whose faces are those of the surfaces that bound it, which come after it."""
    faces = [polygon(face, id=f"{id}-{i}") for i, face in enumerate(box())]
    surfaces = "".join(bounded(kind, face) for kind, face in zip(KINDS_OF_BOX, faces, strict=True))
    return f"<bldg:lod2Solid>{solid(*(f'#{id}-{i}' for i in range(6)))}</bldg:lod2Solid>{surfaces}"


def reading_of(tmp_path: Path, *members: str, epsg: int | None = None, **options: Any) -> Reading:
    return read(write(tmp_path / "city.gml", model(*members, **options)), epsg=epsg)


def faults(reading: Reading) -> list[tuple[str, str, str]]:
    """Code, object and detail of each."""
    return [(fault.code, fault.source_id, fault.detail) for fault in reading.faults]


def the_only(reading: Reading) -> Feature:
    [found] = reading.features
    return found
