"""CityGML of every version: objects, geometry by value and by reference, attributes, and files read part by part."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import Transformer

from tests.factories import citygml as gml
from tests.factories.citygml import faults, reading_of, the_only
from tests.factories.mirror import by_id, volume
from twin.mirror.features import Kind, Semantic
from twin.mirror.frame import LocalFrame
from twin.mirror.quality import report_on
from twin.mirror.readers import Reading, read
from twin.mirror.readers.citygml import read_citygml, reader, stream
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.reading import no_progress


def wrong(reading: Reading) -> set[str]:
    """The codes of all that a report lists."""
    return {fault["code"] for fault in report_on(reading)["faults"]}


V3 = """
<bldg:Building gml:id="hall">
  <core:name/>
  <core:genericAttribute><gen:StringAttribute><gen:name>Bezirk</gen:name><gen:value>Mitte</gen:value></gen:StringAttribute>
  </core:genericAttribute>
  <core:boundary><con:RoofSurface>
    <con:fillingSurface><con:WindowSurface><core:lod3MultiSurface>{skylight}</core:lod3MultiSurface></con:WindowSurface>
    </con:fillingSurface>
    <core:lod2MultiSurface>{roof}</core:lod2MultiSurface></con:RoofSurface></core:boundary>
  <core:boundary><con:WallSurface><core:lod2MultiSurface>{walls}</core:lod2MultiSurface></con:WallSurface>
  </core:boundary>
  <core:boundary><con:GroundSurface><core:lod2MultiSurface>{ground}</core:lod2MultiSurface></con:GroundSurface>
  </core:boundary>
  <core:lod2Solid>{solid}</core:lod2Solid>
  <con:height><con:Height><con:highReference>highestRoofEdge</con:highReference><con:lowReference>lowestGroundPoint
  </con:lowReference><con:status>measured</con:status><con:value uom="m">20.0</con:value></con:Height></con:height>
  <bldg:buildingPart><bldg:BuildingPart gml:id="wing"><core:lod1Solid>{wing}</core:lod1Solid></bldg:BuildingPart>
  </bldg:buildingPart>
  <bldg:buildingSubdivision><bldg:Storey gml:id="storey"/></bldg:buildingSubdivision>
</bldg:Building>
"""


def hall(version: str) -> str:
    """A hall with a wing, as each version writes it."""
    faces = [gml.polygon(face, id=f"f{i}") for i, face in enumerate(gml.box())]
    if version == "3.0":
        return V3.format(
            skylight=gml.multi_surface(gml.polygon(gml.square(2, 2, 2, 20.5))),
            ground=gml.multi_surface(faces[0]),
            roof=gml.multi_surface(faces[1]),
            walls=gml.multi_surface(*faces[2:]),
            solid=gml.solid(*(f"#f{i}" for i in range(6))),
            wing=gml.solid(*(gml.polygon(face) for face in gml.box(east=10))),
        )
    wing = f'<bldg:BuildingPart gml:id="wing">{gml.lod1(east=10)}</bldg:BuildingPart>'
    surfaces = "".join(gml.bounded(kind, face) for kind, face in zip(gml.KINDS_OF_BOX, faces, strict=True))
    return gml.building(
        "hall",
        '<gen:stringAttribute name="Bezirk"><gen:value>Mitte</gen:value></gen:stringAttribute>'
        '<bldg:measuredHeight uom="m">20.0</bldg:measuredHeight>'
        f"<bldg:lod2Solid>{gml.solid(*(f'#f{i}' for i in range(6)))}</bldg:lod2Solid>{surfaces}"
        f"<bldg:consistsOfBuildingPart>{wing}</bldg:consistsOfBuildingPart>"
        '<bldg:interiorRoom><bldg:Room gml:id="room"/></bldg:interiorRoom>',
    )


@pytest.mark.parametrize("version", ["1.0", "2.0", "3.0"])
def test_every_version_gives_the_same_objects(version: str, tmp_path: Path) -> None:
    reading = reading_of(tmp_path, hall(version), version=version)
    found = by_id(reading)
    assert reading.format == f"CityGML {version}"
    assert {name: feature.kind for name, feature in found.items()} == {
        "hall": Kind.BUILDING,
        "wing": Kind.BUILDING_PART,
    }
    assert found["wing"].parent_source_id == "hall"
    assert found["hall"].attributes["Bezirk"] == "Mitte"
    assert found["hall"].attributes["height_m"] == 20.0
    assert found["hall"].lods["2"].semantics.tolist() == [Semantic.GROUND, Semantic.ROOF, *[Semantic.WALL] * 4]
    assert volume(found["hall"].lods["2"]) == pytest.approx(2000, rel=3e-3)
    assert reading.solids == {("hall", "2"), ("wing", "1")}
    assert wrong(reading) == set()


def test_a_window_is_a_surface_of_its_building(tmp_path: Path) -> None:
    found = by_id(reading_of(tmp_path, hall("3.0"), version="3.0"))["hall"]
    assert found.lods["3"].semantics.tolist() == [Semantic.WALL]
    opening = f"<bldg:opening><bldg:Door>{multi(3, gml.square(size=2))}</bldg:Door></bldg:opening>"
    wall = gml.bounded("WallSurface", gml.polygon(gml.square()), lod=3, more=opening)
    roof = gml.bounded("OuterCeilingSurface", gml.polygon(gml.square(up=9)), lod=3)
    house = the_only(reading_of(tmp_path, gml.building("house", wall + roof)))
    assert sorted(house.lods["3"].semantics.tolist()) == [Semantic.WALL, Semantic.WALL, Semantic.OTHER]


def multi(lod: int, *rings: Any, prefix: str = "bldg") -> str:
    """A property with a multi surface of polygons."""
    name = f"{prefix}:lod{lod}MultiSurface"
    return f"<{name}>{gml.multi_surface(*(gml.polygon(ring) for ring in rings))}</{name}>"


def test_installations_are_parts_of_their_building(tmp_path: Path) -> None:
    shape = gml.multi_surface(gml.polygon(gml.square()))
    balcony = gml.nested("bldg:BuildingInstallation/bldg:lod3Geometry", shape, id="balcony")
    content = gml.lod1() + f"<bldg:outerBuildingInstallation>{balcony}</bldg:outerBuildingInstallation>"
    found = by_id(reading_of(tmp_path, gml.building("house", content)))
    assert (found["balcony"].kind, found["balcony"].parent_source_id) == (Kind.BUILDING_PART, "house")
    assert set(found["balcony"].lods) == {"3"}


ALL_KINDS = [
    ("brid:Bridge", "brid:lod1Solid", Kind.BRIDGE), ("tun:Tunnel", "tun:lod1Solid", Kind.TUNNEL),
    ("tran:Road", "tran:lod1MultiSurface", Kind.ROAD), ("tran:Railway", "tran:lod1MultiSurface", Kind.RAILWAY),
    ("tran:Square", "tran:lod1MultiSurface", Kind.SQUARE), ("tran:Track", "tran:lod1MultiSurface", Kind.ROAD),
    ("tran:TransportationComplex", "tran:lod1MultiSurface", Kind.ROAD), ("wtr:WaterBody", "wtr:lod1Solid", Kind.WATER),
    ("veg:PlantCover", "veg:lod1MultiSurface", Kind.PLANT_COVER),
    ("veg:SolitaryVegetationObject", "veg:lod1Geometry", Kind.TREE),
    ("luse:LandUse", "luse:lod1MultiSurface", Kind.LAND_USE), ("frn:CityFurniture", "frn:lod1Geometry", Kind.FURNITURE),
    ("gen:GenericCityObject", "gen:lod1Geometry", Kind.GENERIC),
]  # fmt: skip


def test_every_class_has_its_kind(tmp_path: Path) -> None:
    shape = gml.multi_surface(gml.polygon(gml.square()))
    members = [f'<{tag} gml:id="{tag[-9:]}"><{lod}>{shape}</{lod}></{tag}>' for tag, lod, _kind in ALL_KINDS]
    reading = reading_of(tmp_path, *members, '<grp:CityObjectGroup gml:id="group"/>')
    assert [feature.kind for feature in reading.features] == [kind for _tag, _lod, kind in ALL_KINDS]
    assert all(set(feature.lods) == {"1"} for feature in reading.features)
    assert reading.types["CityObjectGroup"] == 1
    assert faults(reading) == []


def test_a_class_of_an_extension_is_kept_and_one_that_no_version_has_is_named(tmp_path: Path) -> None:
    shape = f"<gen:lod1Geometry>{gml.multi_surface(gml.polygon(gml.square()))}</gen:lod1Geometry>"
    reading = reading_of(
        tmp_path, f'<uro:Pipe gml:id="pipe">{shape}</uro:Pipe>', f'<bldg:Castle gml:id="castle">{shape}</bldg:Castle>'
    )
    assert [feature.kind for feature in reading.features] == [Kind.GENERIC, Kind.GENERIC]
    assert faults(reading) == [("unknown_class", "castle", "Castle")]


def test_the_areas_of_a_road_are_its_surface_once(tmp_path: Path) -> None:
    area = gml.nested("tran:trafficArea/tran:TrafficArea", multi(2, gml.square(), prefix="tran"))
    whole = multi(2, gml.square(), prefix="tran")
    curve = "tran:lod0Network/gml:MultiCurve/gml:curveMember/gml:LineString/gml:posList"
    line = gml.nested(curve, gml.numbers(gml.square()))
    road = the_only(reading_of(tmp_path, f'<tran:Road gml:id="road">{line}{whole}{area}</tran:Road>'))
    assert len(road.lods["2"]) == 1
    assert [len(points) for points in road.lines] == [4]


def test_vertices_stand_where_an_independent_transformation_puts_them(tmp_path: Path) -> None:
    frame = LocalFrame(11.42, 48.76, 0.0)
    path = gml.write(tmp_path / "city.gml", gml.model(gml.building("a", gml.lod1())))
    corners = the_only(read(path, frame=frame)).lods["1"].vertices
    lon, lat = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True).transform(gml.EAST, gml.NORTH)
    expected = np.array(frame.to_local(lon, lat, gml.GROUND))
    assert np.linalg.norm(corners - expected, axis=1).min() < 1e-6
    assert len(corners) == 8  # what faces share, they share here too


def as_degrees(text: str, *, order: str) -> str:
    """A model in UTM with its coordinates in the degrees of EPSG:6697, in this order."""
    transformer = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)
    pieces = text.split("<gml:posList>")
    for i, piece in enumerate(pieces[1:], start=1):
        listed, rest = piece.split("<", 1)
        rows = np.array(listed.split(), dtype=float).reshape(-1, 3)
        lon, lat = transformer.transform(rows[:, 0] - 678_000 + 500_000, rows[:, 1] - 5_403_500 + 3_950_000)
        east_north = [lon + 130.7, lat] if order == "lon lat" else [lat, lon + 130.7]
        pieces[i] = " ".join(f"{v:.12f}" for v in np.column_stack([*east_north, rows[:, 2]]).ravel()) + "<" + rest
    return "<gml:posList>".join(pieces)


COMPOUND = (
    "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/EPSG/0/25832"
    "&amp;2=http://www.opengis.net/def/crs/EPSG/0/5783"
)
FORMAL = ["http://www.opengis.net/def/crs/EPSG/0/6697", "urn:ogc:def:crs:EPSG::6697"]


@pytest.mark.parametrize(("srs", "order"), [*((name, "lat lon") for name in FORMAL), ("EPSG:6697", "lon lat")])
def test_axes_come_as_the_form_of_the_name_promises(srs: str, order: str, tmp_path: Path) -> None:
    text = as_degrees(gml.model(gml.building("a", gml.lod1()), srs=srs), order=order)
    reading = read(gml.write(tmp_path / "city.gml", text))
    assert (reading.frame.lon, reading.frame.lat) == (pytest.approx(139.7, abs=0.01), pytest.approx(35.69, abs=0.05))
    assert volume(the_only(reading).lods["1"]) > 0
    assert faults(reading) == []


@pytest.mark.parametrize(("srs", "order"), [(FORMAL[0], "lon lat"), ("EPSG:6697", "lat lon")])
def test_axes_in_the_other_order_are_swapped_and_said_to_be(srs: str, order: str, tmp_path: Path) -> None:
    text = as_degrees(gml.model(gml.building("a", gml.lod1()), srs=srs), order=order)
    reading = read(gml.write(tmp_path / "city.gml", text))
    assert reading.frame.lon == pytest.approx(139.7, abs=0.01)
    assert volume(the_only(reading).lods["1"]) > 0
    assert faults(reading) == [("axis_order", "city.gml", "EPSG:6697")]


@pytest.mark.parametrize(
    ("srs", "vertical"),
    [
        ("EPSG:25832", ""),
        ("urn:ogc:def:crs:EPSG::25832", ""),
        ("http://www.opengis.net/def/crs/EPSG/0/25832", ""),
        ("EPSG:25832+5783", "DHHN92 height"),
        ("urn:ogc:def:crs,crs:EPSG::25832,crs:EPSG::5783", "DHHN92 height"),
        ("urn:ogc:def:crs,crs:EPSG:6.12:25832,crs:EPSG:6.12:5783", "DHHN92 height"),
        ("urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH", "DHHN2016 height"),
        (COMPOUND, "DHHN92 height"),
    ],
)  # fmt: skip
def test_a_coordinate_system_is_understood_in_every_spelling(srs: str, vertical: str, tmp_path: Path) -> None:
    reading = reading_of(tmp_path, gml.building("a", gml.lod1()), srs=srs)
    assert (reading.crs.epsg, reading.crs.vertical_name) == (25832, vertical)
    assert reading.frame.lon == pytest.approx(11.42, abs=0.01)


def test_a_geometry_may_state_its_own_system_and_dimension(tmp_path: Path) -> None:
    plan = " ".join(f"{e:.3f} {n:.3f}" for e, n, _up in [*gml.square(), gml.square()[0]])
    linear = gml.nested("gml:surfaceMember/gml:Polygon/gml:exterior/gml:LinearRing/gml:posList", plan)
    surface = f'<gml:MultiSurface srsName="EPSG:25832" srsDimension="2">{linear}</gml:MultiSurface>'
    flat = gml.nested("bldg:lod0FootPrint", surface)
    reading = reading_of(tmp_path, gml.building("a", flat), srs=None)
    footprint = the_only(reading).lods["0"]
    assert np.ptp(footprint.vertices[:, :2], axis=0) == pytest.approx([10, 10], abs=0.5)
    assert footprint.semantics.tolist() == [Semantic.GROUND]
    assert reading.crs.epsg == 25832


def test_a_geometry_of_another_system_comes_to_the_same_place(tmp_path: Path) -> None:
    transformer = Transformer.from_crs("EPSG:25832", "EPSG:31468", always_xy=True)
    other = [(*transformer.transform(e, n), up) for e, n, up in gml.square()]
    surface = gml.multi_surface(gml.polygon(other)).replace(
        "<gml:MultiSurface>", '<gml:MultiSurface srsName="EPSG:31468">'
    )
    content = f"<bldg:lod0FootPrint>{surface}</bldg:lod0FootPrint>{gml.lod1()}"
    found = the_only(reading_of(tmp_path, gml.building("a", content)))
    low = found.lods["1"].bounds[0]
    assert found.lods["0"].bounds[0] == pytest.approx(low, abs=0.01)


def test_a_file_without_a_system_is_read_once_one_is_stated(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, gml.building("a", gml.lod1()), srs=None, epsg=25832)
    assert reading.frame.lon == pytest.approx(11.42, abs=0.01)


WAYS = {
    "pos": "".join(f"<gml:pos>{gml.numbers([point])}</gml:pos>" for point in [*gml.square(), gml.square()[0]]),
    "coordinates": "<gml:coordinates>"
    + " ".join(",".join(f"{v:.3f}" for v in point) for point in [*gml.square(), gml.square()[0]])
    + "</gml:coordinates>",
    "decimal comma": '<gml:coordinates decimal="," cs=";" ts="|">'
    + "|".join(";".join(f"{v:.3f}".replace(".", ",") for v in point) for point in [*gml.square(), gml.square()[0]])
    + "</gml:coordinates>",
    "point property": "".join(
        f"<gml:pointProperty><gml:Point><gml:pos>{gml.numbers([point])}</gml:pos></gml:Point></gml:pointProperty>"
        for point in [*gml.square(), gml.square()[0]]
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_coordinates_are_read_however_they_are_written(way: str, tmp_path: Path) -> None:
    surface = f"<gml:Polygon><gml:exterior><gml:LinearRing>{WAYS[way]}</gml:LinearRing></gml:exterior></gml:Polygon>"
    content = f"<luse:lod1MultiSurface>{gml.multi_surface(surface)}</luse:lod1MultiSurface>"
    found = the_only(reading_of(tmp_path, f'<luse:LandUse gml:id="lot">{content}</luse:LandUse>'))
    assert np.diff(found.lods["1"].ring_starts).tolist() == [4]
    assert np.ptp(found.lods["1"].vertices[:, :2], axis=0) == pytest.approx([10, 10], abs=0.5)


def test_holes_are_kept_and_turned_surfaces_are_turned(tmp_path: Path) -> None:
    holed = gml.polygon(gml.square(), gml.square(2, 2, 3)[::-1])
    base = gml.nested("gml:baseSurface", gml.polygon(gml.square()))
    turned = f'<gml:OrientableSurface orientation="-">{base}</gml:OrientableSurface>'
    surfaces = the_only(
        reading_of(
            tmp_path,
            gml.building("a", f"<bldg:lod1MultiSurface>{gml.multi_surface(holed, turned)}</bldg:lod1MultiSurface>"),
        )
    ).lods["1"]
    assert np.diff(surfaces.polygon_starts).tolist() == [2, 1]
    first, last = (surfaces.vertices[surfaces.rings[a:b]] for a, b in ((0, 4), (8, 12)))
    assert area(first) == pytest.approx(100, rel=0.003)
    assert area(last) == pytest.approx(-100, rel=0.003)


def area(points: Any) -> float:
    """Of a ring seen from above, by the shoelace formula; negative where it runs clockwise."""
    x, y = points[:, 0], points[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def test_a_ring_that_does_not_close_is_closed_and_named(tmp_path: Path) -> None:
    open_ring = gml.polygon(gml.square()).replace(
        gml.numbers([*gml.square(), gml.square()[0]]), gml.numbers(gml.square())
    )
    reading = reading_of(
        tmp_path, gml.building("a", f"<bldg:lod1MultiSurface>{gml.multi_surface(open_ring)}</bldg:lod1MultiSurface>")
    )
    assert len(the_only(reading).lods["1"].rings) == 4
    assert faults(reading) == [("open_ring", "a", "")]


def test_a_ring_of_two_points_is_left_out_and_named(tmp_path: Path) -> None:
    surfaces = gml.multi_surface(gml.polygon(gml.square()), gml.polygon(gml.square()[:2]), "<gml:Polygon/>")
    reading = reading_of(tmp_path, gml.building("a", f"<bldg:lod1MultiSurface>{surfaces}</bldg:lod1MultiSurface>"))
    assert len(the_only(reading).lods["1"]) == 1
    assert faults(reading) == [("too_few_points", "a", "")]


def test_terrain_is_read_as_triangles(tmp_path: Path) -> None:
    reading = reading_of(tmp_path, relief(5))
    ground = the_only(reading)
    assert (ground.source_id, ground.kind) == ("tin", Kind.TERRAIN)
    assert len(ground.lods["2"]) == 5
    assert ground.attributes["name"] == "field"


def relief(count: int) -> str:
    triangles = "".join(
        gml.nested("gml:Triangle/gml:exterior", gml.ring([gml.at(i, 0), gml.at(i + 1, 0), gml.at(i, 1, 0.1)]))
        for i in range(count)
    )
    tin = f"<gml:TriangulatedSurface><gml:trianglePatches>{triangles}</gml:trianglePatches></gml:TriangulatedSurface>"
    component = gml.nested(
        "dem:TINRelief", "<gml:name>field</gml:name><dem:lod>2</dem:lod>", gml.nested("dem:tin", tin), id="tin"
    )
    return gml.nested("dem:ReliefFeature/dem:reliefComponent", component, id="relief")


@pytest.mark.parametrize("count", [40, 45])
def test_very_many_triangles_come_in_pieces(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TRIANGLES_A_PIECE", 10)
    monkeypatch.setattr(reader, "PART_ROWS", 30)
    reading = reading_of(tmp_path, relief(count), gml.building("a", gml.lod1()))
    pieces = [feature for feature in reading.features if feature.kind is Kind.TERRAIN]
    assert [feature.source_id for feature in pieces] == ["tin", "tin#2", "tin#3", "tin#4", "tin#5"][: (count + 9) // 10]
    assert sum(len(feature.lods["2"]) for feature in pieces) == count
    low, high = (
        np.min([p.lods["2"].bounds[0] for p in pieces], axis=0),
        np.max([p.lods["2"].bounds[1] for p in pieces], axis=0),
    )
    assert (high - low)[0] == pytest.approx(count, abs=0.3)
    assert reading.types["TINRelief"] == 1
    assert wrong(reading) == set()


def test_a_file_comes_in_parts_of_one_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PART_OBJECTS", 2)
    members = [gml.building(f"b{i}", gml.lod1(east=20.0 * i)) for i in range(5)]
    path = gml.write(tmp_path / "city.gml", gml.model(*members))
    parts = list(read_citygml(CityFile(path, None, path.stat().st_size), frame=None, crs=None, progress=no_progress))
    assert [len(part.features) for part in parts] == [2, 2, 1]
    assert len({part.frame for part in parts}) == 1
    places = [feature.lods["1"].bounds[0][0] for part in parts for feature in part.features]
    assert np.diff(places) == pytest.approx([20] * 4, abs=0.1)


def test_an_object_without_an_id_gets_the_same_one_each_time(tmp_path: Path) -> None:
    member = gml.building("a", gml.lod1()).replace(' gml:id="a"', "")
    first, second = (the_only(reading_of(tmp_path, member)).source_id for _time in range(2))
    assert first == second
    reading = reading_of(tmp_path, member, gml.building("b", gml.lod1(east=20)).replace(' gml:id="b"', ""))
    assert len(by_id(reading)) == 2
    assert {code for code, _id, _detail in faults(reading)} == {"missing_id"}


def test_the_first_of_two_objects_with_one_id_counts(tmp_path: Path) -> None:
    again = gml.building("a", "<gml:name>second</gml:name>" + gml.lod1(east=50))
    reading = reading_of(tmp_path, gml.building("a", gml.lod1()), again)
    assert "name" not in the_only(reading).attributes
    assert faults(reading) == [("duplicate_id", "a", "")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "shift_jis"])
def test_declared_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    text = gml.model(gml.building("a", "<gml:name>横須賀美術館</gml:name>" + gml.lod1()))
    path = tmp_path / "city.gml"
    name = encoding.removesuffix("-sig")
    declared = f'<?xml version="1.0" encoding="{name}"?>{text}'
    path.write_bytes(declared.encode(encoding))
    assert the_only(read(path)).attributes["name"] == "横須賀美術館"
