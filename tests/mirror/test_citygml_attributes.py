"""What CityGML says of its objects in words and numbers, and the files that it names."""

from pathlib import Path

import pytest

from tests.factories import citygml as gml
from tests.factories.citygml import faults, reading_of, the_only
from twin.mirror.readers import read


def test_attributes_are_those_that_the_twin_works_with(tmp_path: Path) -> None:
    content = (
        "<gml:name>Rathaus</gml:name><core:creationDate>2024-01-02</core:creationDate>"
        "<bldg:function>31001_3020</bldg:function><bldg:yearOfConstruction>1911</bldg:yearOfConstruction>"
        '<bldg:measuredHeight uom="urn:ogc:def:uom:UCUM::m">12.5</bldg:measuredHeight>'
        "<bldg:storeysAboveGround>3</bldg:storeysAboveGround><bldg:storeysBelowGround>9999</bldg:storeysBelowGround>"
        '<gen:intAttribute name="Einwohner"><gen:value>7</gen:value></gen:intAttribute>'
        '<gen:measureAttribute name="Flaeche"><gen:value uom="m2">42.5</gen:value></gen:measureAttribute>'
        '<gen:genericAttributeSet name="Flut"><gen:stringAttribute name="Rang"><gen:value>1</gen:value>'
        "</gen:stringAttribute></gen:genericAttributeSet>"
        "<bldg:address><core:Address><core:xalAddress><xAL:AddressDetails><xAL:Country><xAL:CountryName>Deutschland"
        "</xAL:CountryName><xAL:Locality><xAL:LocalityName>Ingolstadt</xAL:LocalityName></xAL:Locality></xAL:Country>"
        "</xAL:AddressDetails></core:xalAddress></core:Address></bldg:address>"
    )
    attributes = the_only(reading_of(tmp_path, gml.building("a", content + gml.lod1()))).attributes
    expected = {
        "name": "Rathaus", "creationDate": "2024-01-02", "use": "school", "year": 1911, "height_m": 12.5, "storeys": 3,
        "Einwohner": 7, "Flaeche": 42.5, "Flut": {"Rang": "1"}, "address": "Deutschland Ingolstadt",
    }  # fmt: skip
    assert {key: attributes.get(key) for key in expected} == expected
    assert "storeysBelowGround" not in attributes


def test_of_what_the_twin_has_one_the_first_counts_and_the_others_are_kept(tmp_path: Path) -> None:
    content = "<gml:name>Rathaus</gml:name><gml:name>Town hall</gml:name><gml:name>시청</gml:name>" + gml.lod1()
    attributes = the_only(reading_of(tmp_path, gml.building("a", content))).attributes
    assert (attributes["name"], attributes["name_other"]) == ("Rathaus", ["Town hall", "시청"])


@pytest.mark.parametrize("unknown", ["-9999", "-9999.0", "", "NaN"])
def test_a_height_that_nobody_knows_is_none(unknown: str, tmp_path: Path) -> None:
    content = f'<bldg:measuredHeight uom="m">{unknown}</bldg:measuredHeight>' + gml.lod1()
    assert "height_m" not in the_only(reading_of(tmp_path, gml.building("a", content))).attributes


def test_a_height_in_feet_is_one_in_metres(tmp_path: Path) -> None:
    content = '<bldg:measuredHeight uom="ft">100</bldg:measuredHeight>' + gml.lod1()
    assert the_only(reading_of(tmp_path, gml.building("a", content))).attributes["height_m"] == 30.48


CODES = """<gml:Dictionary xmlns:gml="http://www.opengis.net/gml" gml:id="d"><gml:dictionaryEntry><gml:Definition
gml:id="e"><gml:description>木造</gml:description><gml:name>601</gml:name></gml:Definition></gml:dictionaryEntry>
</gml:Dictionary>"""
PLATEAU = gml.building(
    "a",
    '<bldg:usage codeSpace="../../codelists/Building_usage.xml">412</bldg:usage>'
    "<uro:buildingDetailAttribute><uro:BuildingDetailAttribute>"
    '<uro:buildingStructureType codeSpace="../../codelists/structure.xml">601</uro:buildingStructureType>'
    '<uro:surveyYear>2021</uro:surveyYear><uro:lod0Geometry><gml:Point srsName="EPSG:6668"><gml:pos>35 139 0</gml:pos>'
    "</gml:Point></uro:lod0Geometry></uro:BuildingDetailAttribute></uro:buildingDetailAttribute>" + gml.lod1(),
)


@pytest.mark.parametrize("folder", ["codelists", "udx/codelists"])
def test_codes_become_words_where_their_lists_are_handed_in(folder: str, tmp_path: Path) -> None:
    gml.write(tmp_path / folder / "structure.xml", CODES)
    (tmp_path / "udx").mkdir(exist_ok=True)
    path = gml.write(tmp_path / (folder.removesuffix("codelists") + "city.gml"), gml.model(PLATEAU))
    found = the_only(reading := read(path))
    assert found.attributes["buildingDetailAttribute"] == {
        "buildingStructureType": "木造",
        "buildingStructureType_code": "601",
        "surveyYear": "2021",
    }
    assert found.attributes["use"] == "apartment"
    assert faults(reading) == [("missing_file", "../../codelists/Building_usage.xml", "")]


def test_an_image_that_was_not_handed_in_is_named_once(tmp_path: Path) -> None:
    looks = "".join(
        f"<app:surfaceDataMember><app:ParameterizedTexture><app:imageURI>{uri}</app:imageURI></app:ParameterizedTexture>"
        "</app:surfaceDataMember>"
        for uri in ("looks/here.jpg", "looks/gone.jpg", "looks/gone.jpg", "../outside.jpg")
    )
    head = f"<app:appearanceMember><app:Appearance>{looks}</app:Appearance></app:appearanceMember>"
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks/here.jpg").write_bytes(b"x")
    (tmp_path / "outside.jpg").write_bytes(b"x")
    reading = reading_of(tmp_path, gml.building("a", gml.lod1()), head=head)
    assert faults(reading) == [("missing_file", "looks/gone.jpg", ""), ("missing_file", "../outside.jpg", "")]
