"""Names of CityGML and GML: what elements are, by their local names. The versions differ in little but namespaces."""

import re
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.etree import _Element as Element

from twin.mirror.features import Kind, Semantic
from twin.mirror.readers.boundaries import SEMANTICS
from twin.mirror.readers.cityjson import KINDS as CITYJSON_KINDS

HREF = "{http://www.w3.org/1999/xlink}href"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
GML = "{http://www.opengis.net/gml}"
GML32 = "{http://www.opengis.net/gml/3.2}"

_MODEL = re.compile(r"^\{http://www\.opengis\.net/citygml/(?:profiles/base/)?([123]\.0)\}CityModel$")
_STANDARD = re.compile(r"^\{(http://www\.opengis\.net/(citygml|gml)[/}]|urn:oasis:)")
_LEVEL = re.compile(r"^lod([0-4])([A-Z]\w*)$")

KINDS = CITYJSON_KINDS | {
    "Square": Kind.SQUARE,
    "Track": Kind.ROAD,
    "TransportationComplex": Kind.ROAD,
    "GenericOccupiedSpace": Kind.GENERIC,
    "GenericUnoccupiedSpace": Kind.GENERIC,
    "GenericLogicalSpace": Kind.GENERIC,
    "GenericThematicSurface": Kind.GENERIC,
}
# Groups have no place of their own; of terrain, triangles are drawn, and what they could be made from is not.
LEFT_OUT = {"CityObjectGroup", "MassPointRelief", "BreaklineRelief", "RasterRelief"}
# Members that only hold others.
CONTAINERS = {"ReliefFeature"}

_STRUCTURES = ("Building", "Bridge", "Tunnel")
PARTS = {"reliefComponent", "outerBridgeConstruction"} | {
    name.format(structure, structure.lower())
    for structure in _STRUCTURES
    for name in (
        "consistsOf{0}Part", "{1}Part", "outer{0}Installation", "{1}Installation", "{1}ConstructiveElement",
    )
}  # fmt: skip
# Properties that hold surfaces of the object itself.
SURFACES = {
    "boundedBy", "boundary", "opening", "fillingSurface", "trafficArea", "auxiliaryTrafficArea", "trafficSpace",
    "auxiliaryTrafficSpace", "section", "intersection",
}  # fmt: skip
# Insides, looks, and ties to other objects: nothing that says what the object is.
SKIPPED = {
    "appearance", "generalizesTo", "relatedTo", "dynamizer", "interiorRoom", "interiorFurniture", "interiorHollowSpace",
    "roomInstallation", "hollowSpace", "buildingSubdivision", "metaDataProperty", "pointCloud", "location",
} | {
    name.format(structure, structure.lower())
    for structure in _STRUCTURES
    for name in (
        "interior{0}Installation", "interior{0}Room", "{1}Room", "{1}Furniture",
    )
}  # fmt: skip

SURFACE_SEMANTICS = SEMANTICS | {"WindowSurface": Semantic.WALL, "DoorSurface": Semantic.WALL}

SURFACE_LEAVES = {"Polygon", "Triangle", "PolygonPatch", "Rectangle"}
CURVES = {
    "LineString",
    "LineStringSegment",
    "LinearRing",
    "Arc",
    "ArcString",
    "Circle",
    "CubicSpline",
    "GeodesicString",
}
SOLIDS = {"Solid", "CompositeSolid", "MultiSolid"}
# Properties of geometries by which others are named.
_REFERRERS = {
    "surfaceMember", "surfaceMembers", "exterior", "interior", "shell", "geometryMember", "baseSurface", "solidMember",
    "curveMember", "baseCurve", "pointMember", "relativeGMLGeometry", "relativeGeometry", "tin", "surfaceProperty",
}  # fmt: skip

_WITH_HREF = etree.XPath("descendant-or-self::*[@x:href]", namespaces={"x": "http://www.w3.org/1999/xlink"})
_WITH_ID = etree.XPath(
    "descendant-or-self::*[@g:id or @h:id]",
    namespaces={"g": "http://www.opengis.net/gml", "h": "http://www.opengis.net/gml/3.2"},
)


@lru_cache(4096)
def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


@lru_cache(4096)
def is_standard(tag: str) -> bool:
    """Whether an element is of CityGML, GML or xAL; others are of an application's extension."""
    return _STANDARD.match(tag) is not None


@lru_cache(4096)
def level_of(name: str) -> tuple[str, str] | None:
    """Level and what of it, of a property such as `lod2MultiSurface`."""
    match = _LEVEL.match(name)
    return (match[1], match[2]) if match else None


@lru_cache(4096)
def refers(tag: str) -> bool:
    """Whether a property holds a geometry, which it may name by a reference instead."""
    name = local(tag)
    return name in _REFERRERS or level_of(name) is not None


def version_of(tag: str) -> str | None:
    """The version of CityGML whose model an element is."""
    match = _MODEL.match(tag)
    return match[1] if match else None


def id_of(element: Element) -> str | None:
    return element.get(GML + "id") or element.get(GML32 + "id")


def named_within(element: Element) -> set[str]:
    """Ids of the file that geometries within an element name."""
    nodes = cast("list[Element]", _WITH_HREF(element))
    hrefs = {node.get(HREF, "") for node in nodes if refers(node.tag)}
    return {href[1:] for href in hrefs if href.startswith("#")}


def ids_within(element: Element) -> dict[str, Element]:
    """Elements by their id; of those with the same, the first."""
    found: dict[str, Element] = {}
    for node in cast("list[Element]", _WITH_ID(element)):
        found.setdefault(id_of(node) or "", node)
    return found
