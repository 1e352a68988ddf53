"""CityGML that is broken, wrong or hostile is refused by the object or line and the cause, and soon."""

from pathlib import Path

import pytest

from tests.factories import citygml as gml
from tests.factories.mirror import by_id
from tests.mirror.test_refused_files import refusal, zipped
from twin.mirror.readers import read
from twin.mirror.readers.citygml import stream

HOUSE = gml.building("house", gml.lod1())
ROW = gml.numbers(gml.square()[:1])


def refused(tmp_path: Path, text: str, epsg: int | None = None) -> str:
    return refusal(gml.write(tmp_path / "city.gml", text), epsg=epsg)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused_with_the_place(share: float, tmp_path: Path) -> None:
    text = gml.model(HOUSE, gml.building("other", gml.lod1(east=20)))
    words = refused(tmp_path, text[: int(len(text) * share)])
    assert "city.gml is not valid XML" in words
    assert "line 2" in words


LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' + "".join(
    f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("bcdefgh", "cdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        (LAUGHS + "]>", "&i;"),
        ('<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE m SYSTEM "http://127.0.0.1:1/never.dtd">', ""),
        ('<!DOCTYPE m [<!ENTITY % x SYSTEM "http://127.0.0.1:1/never.dtd"> %x;]>', ""),
    ],
    ids=["billion laughs", "a local file", "a document type", "a parameter entity"],
)
def test_entities_and_document_types_are_refused(declared: str, used: str, tmp_path: Path) -> None:
    text = declared + gml.model(gml.building("house", f"<gml:name>{used}</gml:name>{gml.lod1()}"))
    assert "declares a document type" in refused(tmp_path, text)


def test_an_entity_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    assert "not valid XML" in refused(
        tmp_path, gml.model(gml.building("house", f"<gml:name>&x;</gml:name>{gml.lod1()}"))
    )


def test_a_prefix_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    assert "not valid XML" in refused(
        tmp_path, gml.model(HOUSE.replace("<bldg:lod1Solid>", "<nope:x/><bldg:lod1Solid>"))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph/></graphml>', "begins with graphml"),
        (
            '<FeatureCollection xmlns="http://www.opengis.net/gml"><featureMember/></FeatureCollection>',
            "begins with FeatureCollection of “http://www.opengis.net/gml”",
        ),
        ('<CityModel xmlns="http://www.citygml.org/citygml/1/0/0"/>', "is not CityGML 1.0, 2.0 or 3.0"),
        ("<CityModel/>", "is not CityGML 1.0, 2.0 or 3.0"),
        ("<a>" * 200 + "</a>" * 200, "is not CityGML 1.0, 2.0 or 3.0"),
    ],
)  # fmt: skip
def test_xml_of_something_else_is_refused_by_what_it_begins_with(text: str, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, text)


@pytest.mark.parametrize("name", ["city.gml", "city.xml", "city.citygml", "city.dat"])
def test_what_is_no_xml_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"<\x00\xff not xml")
    assert refusal(tmp_path / name)


def test_a_model_without_objects_is_refused(tmp_path: Path) -> None:
    assert "holds no city objects" in refused(tmp_path, gml.model())
    assert "holds no city objects" in refused(tmp_path, gml.model('<grp:CityObjectGroup gml:id="g"/>'))


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    deep = "<gen:genericAttributeSet>" * 5000 + "</gen:genericAttributeSet>" * 5000
    assert "not valid XML" in refused(tmp_path, gml.model(gml.building("house", deep)))


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("NaN", "NaN"),
        ("INF", "INF"),
        ("1,5", "1,5"),
        ("1e999", "1e999"),
        ("1_000", "1_000"),
        ("x", "x"),
        ("--1", "--1"),
    ],
)
def test_what_is_no_number_is_refused_with_the_object_and_the_line(number: str, shown: str, tmp_path: Path) -> None:
    first = ROW.split()[0]
    words = refused(tmp_path, gml.model(HOUSE.replace(first, number, 1)))
    assert f"Line 2: the geometry of house cannot be read: “{shown}” is no number" in words


@pytest.mark.parametrize("coordinates", ["1 2", "1 2 3 4", "1 2 3 4 5 6 7"])
def test_numbers_that_make_no_points_are_refused_with_the_object(coordinates: str, tmp_path: Path) -> None:
    surface = gml.nested("gml:Polygon/gml:exterior/gml:LinearRing/gml:posList", coordinates)
    member = gml.building("house", gml.nested("bldg:lod1MultiSurface", gml.multi_surface(surface)))
    words = refused(tmp_path, gml.model(member))
    assert "the geometry of house cannot be read" in words
    assert "are no points of 3 coordinates" in words


@pytest.mark.parametrize("dimension", ["2", "4", "0", "-3", "many"])
def test_a_dimension_that_does_not_fit_is_refused_or_overlooked(dimension: str, tmp_path: Path) -> None:
    """Fifteen numbers are no points of two or four; what is no dimension at all says nothing."""
    member = HOUSE.replace("<gml:posList>", f'<gml:posList srsDimension="{dimension}">')
    path = gml.write(tmp_path / "city.gml", gml.model(member))
    if dimension in {"2", "4"}:
        assert f"15 numbers are no points of {dimension} coordinates" in refusal(path)
    else:
        assert len(by_id(read(path))["house"].lods["1"]) == 6


def test_points_of_different_length_are_refused(tmp_path: Path) -> None:
    surface = gml.nested("gml:Polygon/gml:exterior/gml:LinearRing/gml:coordinates", "1,2,3 4,5 6,7,8")
    member = gml.building("house", gml.nested("bldg:lod1MultiSurface", gml.multi_surface(surface)))
    assert "different numbers of coordinates" in refused(tmp_path, gml.model(member))


@pytest.mark.parametrize("matrix", ["1 0 0", "a " * 16, "NaN " * 16])
def test_a_matrix_that_is_none_is_refused_with_the_object(matrix: str, tmp_path: Path) -> None:
    implicit = gml.nested("core:transformationMatrix", matrix)
    lod = "gen:GenericCityObject/gen:lod1ImplicitRepresentation/core:ImplicitGeometry"
    words = refused(tmp_path, gml.model(gml.nested(lod, implicit, id="kiosk")))
    assert "kiosk" in words
    assert "16 numbers" in words


def test_a_shape_without_a_place_is_refused_with_the_object(tmp_path: Path) -> None:
    lod = "gen:GenericCityObject/gen:lod1ImplicitRepresentation/core:ImplicitGeometry"
    assert "its reference point is missing" in refused(tmp_path, gml.model(gml.nested(lod, id="kiosk")))


def test_a_file_without_a_system_asks_for_one(tmp_path: Path) -> None:
    assert "State it with --crs EPSG:N" in refused(tmp_path, gml.model(HOUSE, srs=None))


@pytest.mark.parametrize(
    ("srs", "words"),
    [
        ("urn:mars:1", "urn:mars:1 is no coordinate system that we know"),
        ("EPSG:999999", "EPSG:999999 is no coordinate system that we know"),
        ("EPSG:4978", "says nothing about places on a map"),
        ("EPSG:2056", "house lies at"),
        ("EPSG:25832+99999", "is no coordinate system that we know"),
    ],
)
def test_a_wrong_system_is_refused(srs: str, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, gml.model(HOUSE, srs=srs))


@pytest.mark.parametrize("source_id", ["x" * 5000, "a&#x202e;b", "a&#9;b"])
def test_an_id_that_nobody_could_read_is_refused(source_id: str, tmp_path: Path) -> None:
    assert "unprintable or longer than 200" in refused(tmp_path, gml.model(gml.building(source_id, gml.lod1())))


def test_an_object_of_too_many_points_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MAX_MEMBER_VALUES", 3 * 25)
    assert "house has more than 25 points" in refused(tmp_path, gml.model(HOUSE))


def test_a_ring_of_millions_of_points_is_refused(tmp_path: Path) -> None:
    surface = gml.nested("gml:Polygon/gml:exterior/gml:LinearRing/gml:posList", f"{ROW} " * 800_000)
    member = gml.building("house", gml.nested("bldg:lod1MultiSurface", gml.multi_surface(surface)))
    assert "not valid XML" in refused(tmp_path, gml.model(member))


def test_text_without_end_is_refused_by_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "MAX_QUIET_BYTES", 1 << 20)
    attributes = '<gen:stringAttribute name="a"><gen:value>1</gen:value></gen:stringAttribute>' * 40_000
    assert "in one piece without geometry" in refused(tmp_path, gml.model(gml.building("house", attributes)))


def test_an_archive_with_a_city_is_read_and_its_bombs_are_not(tmp_path: Path) -> None:
    content = gml.model(HOUSE).encode()
    assert set(by_id(read(zipped(tmp_path / "c.zip", ("udx/city.gml", content))))) == {"house"}
    bomb = gml.model(HOUSE).encode() + b" " * 50_000_000
    assert "times its size" in refusal(zipped(tmp_path / "bomb.zip", ("city.gml", bomb)))


def test_an_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    text = gml.model(gml.building("a", "<gml:name>横須賀</gml:name>" + gml.lod1()))
    path.write_bytes(b'<?xml version="1.0" encoding="utf-8"?>' + text.encode("shift_jis"))
    assert "not valid XML" in refusal(path)
    path.write_bytes(b'<?xml version="1.0" encoding="klingon-8"?>' + text.encode())
    assert "not valid XML" in refusal(path)
