"""Real CityGML, every file of it: what comes out, beside what other means count in it."""

import json
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

from twin.mirror.features import Kind
from twin.mirror.frame import LocalFrame
from twin.mirror.quality import report_on
from twin.mirror.readers import Reading, read
from twin.mirror.readers.citygml import read_citygml
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.reading import no_progress

pytestmark = pytest.mark.data

KAGA, SHINJUKU = "cities/plateau_kaga_lod2/input.gml", "cities/plateau_shinjuku/udx/bldg/53394517_bldg_6697_op.gml"
TAKO, OTA = "cities/plateau_takomachi/53404336_bldg_6697.gml", "cities/plateau_ota_textured/53392642_bldg_6697_op2.gml"
YOKOSUKA = "cities/plateau_yokosuka/52397519_bldg_6697_op.gml"
VEGETATION = "cities/plateau_tsukuba_veg_frn/54401008_veg_6697_op.gml"
FURNITURE = "cities/plateau_tsukuba_veg_frn/54400098_frn_6697_op.gml"
FLOOD = "cities/plateau_takaoka_flood/55360704_fld_6697_l2.gml"
TERRAIN = "terrain/plateau_dem_tin/523965_dem_6697_05_op.gml"

# What comes out: how many objects of each kind have which levels. All of them are read; none is refused.
EXPECTED: dict[str, dict[str, dict[str, int]]] = {
    KAGA: {"building": {"0": 174, "1": 174, "2": 76}},
    SHINJUKU: {"building": {"0": 1, "1": 1, "2": 1}},
    TAKO: {"building": {"0": 98, "1": 98}},
    OTA: {"building": {"0": 8, "1": 8, "2": 8}},
    YOKOSUKA: {"building": {"0": 12, "1": 12, "2": 1}, "building_part": {"0": 2, "1": 2, "2": 2}},
    VEGETATION: {"plant_cover": {"1": 3, "2": 3, "3": 3}, "tree": {"1": 3, "2": 3, "3": 3}},
    FURNITURE: {"furniture": {"1": 5, "2": 5, "3": 5}},
    FLOOD: {"water": {"1": 1}},
    TERRAIN: {"terrain": {"1": 2}},
}
# Elements that become objects.
OBJECTS = {
    "Building", "BuildingPart", "BuildingInstallation", "WaterBody", "PlantCover", "SolitaryVegetationObject",
    "CityFurniture", "TINRelief",
}  # fmt: skip


def elements(path: Path) -> Counter[str]:
    """How often each element is in a file."""
    return Counter(etree.QName(node).localname for _event, node in etree.iterparse(path) if isinstance(node.tag, str))


def envelope(path: Path) -> np.ndarray[Any, Any]:
    """The corners that a file states, latitude first."""
    root = etree.parse(path).getroot()
    corners = [root.findtext(f".//{{*}}Envelope/{{*}}{name}Corner") for name in ("lower", "upper")]
    return np.array([(corner or "").split() for corner in corners], dtype=float)


def wrong(reading: Reading) -> dict[str, int]:
    return {fault["code"]: fault["count"] for fault in report_on(reading)["faults"]}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_plateau_file_comes_out_whole(data: Path, name: str) -> None:
    reading = read(data / name)
    report = report_on(reading)
    counted = elements(data / name)
    assert report["lods"] == EXPECTED[name]
    assert report["objects"] == sum(counted[element] for element in OBJECTS)
    assert (reading.format, reading.crs.epsg) == ("CityGML 2.0", 6697)
    assert set(wrong(reading)) <= {"missing_file", "storeys_height"}


@pytest.mark.parametrize("name", [KAGA, TAKO, YOKOSUKA, FLOOD, TERRAIN])
def test_everything_stands_within_the_envelope_that_the_file_states(data: Path, name: str) -> None:
    reading = read(data / name)
    corners = np.array([surfaces.bounds for found in reading.features for surfaces in found.lods.values()])
    low, high = corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)
    stated = envelope(data / name)
    frame: LocalFrame = reading.frame
    expected = np.stack(frame.to_local(stated[:, 1], stated[:, 0], stated[:, 2]), axis=-1)
    assert low == pytest.approx(expected[0], abs=2.0)
    assert high == pytest.approx(expected[1], abs=2.0)


def test_kaga_draws_every_polygon_that_is_in_the_file_and_the_solids_close(data: Path) -> None:
    reading = read(data / KAGA)
    drawn = sum(len(surfaces) for found in reading.features for surfaces in found.lods.values())
    assert drawn == elements(data / KAGA)["Polygon"] == 3110
    assert len(reading.solids) == elements(data / KAGA)["Solid"] == 250
    semantics = Counter(
        value for found in reading.features if "2" in found.lods for value in found.lods["2"].semantics.tolist()
    )
    assert semantics == {2: 782, 3: 460, 1: 76}  # walls, roofs, grounds, as many as there are elements


def test_terrain_has_every_triangle(data: Path) -> None:
    reading = read(data / TERRAIN)
    assert sum(len(found.lods["1"]) for found in reading.features) == elements(data / TERRAIN)["Triangle"] == 1066


def truth(folder: Path, level: int) -> set[str]:
    """The ids of the features in tiles that another program made of the same files."""
    [path] = folder.glob(f"truth_3dtiles/*lod{level}.zip")
    with zipfile.ZipFile(path) as archive:
        tiles = [archive.read(name) for name in archive.namelist() if name.endswith(".glb")]
    return {name for tile in tiles for name in ids_of(tile)}


def ids_of(tile: bytes) -> Iterator[str]:
    """Of the features of one GLB, from its table of properties."""
    [length] = struct.unpack("<I", tile[12:16])
    document = json.loads(tile[20 : 20 + length])
    binary = tile[20 + length + 8 :]
    [table] = document["extensions"]["EXT_structural_metadata"]["propertyTables"]

    def view(number: int) -> bytes:
        entry = document["bufferViews"][number]
        start = entry.get("byteOffset", 0)
        return binary[start : start + entry["byteLength"]]

    entry = table["properties"]["gml_id"]
    kind = {"UINT8": "u1", "UINT16": "<u2", "UINT32": "<u4", "UINT64": "<u8"}[entry.get("stringOffsetType", "UINT32")]
    offsets = np.frombuffer(view(entry["stringOffsets"]), dtype=kind).tolist()[: table["count"] + 1]
    text = view(entry["values"])
    return (text[a:b].decode() for a, b in pairwise(offsets))


@pytest.mark.parametrize(
    ("name", "folder", "level"), [(TAKO, "plateau_takomachi", 1), (SHINJUKU, "plateau_shinjuku", 2)]
)
def test_the_buildings_are_those_of_tiles_made_by_another_program(
    data: Path, name: str, folder: str, level: int
) -> None:
    reading = read(data / name)
    assert {found.source_id for found in reading.features if str(level) in found.lods} == truth(
        data / "cities" / folder, level
    )


def test_codes_become_words_where_the_whole_delivery_is_at_hand(data: Path, tmp_path: Path) -> None:
    """Handed in as its publisher does, with the lists two folders above the file."""
    root = data / "cities/plateau_shinjuku"
    path = tmp_path / "delivery.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in [*root.glob("codelists/*.xml"), *root.glob("udx/**/*.gml"), *root.glob("udx/**/*.jpg")]:
            archive.write(file, file.relative_to(root))
    file = CityFile(path, "udx/bldg/53394517_bldg_6697_op.gml", (data / SHINJUKU).stat().st_size)
    [reading] = read_citygml(file, frame=None, crs=None, progress=no_progress)
    attributes = reading.features[0].attributes
    assert (attributes["usage"], attributes["usage_code"]) == ("文教厚生施設", "422")
    assert attributes["address"] == "日本 東京都新宿区霞ヶ丘町"
    assert attributes["storeys"] == 3
    missing = [fault.source_id for fault in reading.faults if fault.code == "missing_file"]
    assert not any(name.endswith(".jpg") for name in missing)
    assert "../../codelists/Building_usage.xml" not in missing


LOWER_SAXONY = [
    "24045862", "24045864", "24045866", "24065860", "24065866", "24085860", "24085862", "24085866", "24085868",
    "24105864", "24105866", "24105868", "24105870", "24125864", "24125868",
]  # fmt: skip
INGOLSTADT = [
    "0000000", "4018133", "4018142", "4018148", "4018149a", "4018149b", "4018150a", "4018152a", "4018155",
    "4018156", "4018193", "4018194", "4018197", "4018198", "4018204b", "4018204d", "4018205", "4018207",
    "4018208", "4018209", "4018211", "4018213", "4018216", "4018257", "4018259", "4018263", "4018264", "4018265",
    "4018266", "4018270", "4018271", "4018279", "4018302",
]  # fmt: skip


@pytest.mark.parametrize("tile", LOWER_SAXONY)
def test_lower_saxony_comes_out_whole(data: Path, tile: str) -> None:
    path = data / f"cities/citygml_lod1_lower_saxony/LoD1_{tile}_2_2021-01-25.gml"
    reading = read(path)
    counted = elements(path)
    kinds = Counter(found.kind for found in reading.features)
    assert kinds == Counter({Kind.BUILDING: counted["Building"]}) + Counter(
        {Kind.BUILDING_PART: counted["BuildingPart"]}
    )
    assert {lod for found in reading.features for lod in found.lods} == {"1"}
    assert sum(len(found.lods["1"]) for found in reading.features) == counted["Polygon"]
    assert (reading.format, reading.crs.epsg, reading.crs.vertical_name) == ("CityGML 1.0", 25832, "DHHN92 height")
    assert set(wrong(reading)) <= {"storeys_height"}
    functions = [node.text or "" for node in etree.parse(path).iter("{*}function")]
    with_use = sum("use" in found.attributes for found in reading.features)
    assert with_use == sum(function.startswith("31001_") for function in functions)


def corners(polygon: Any) -> int:
    """Of the shell of a polygon: its points without those that repeat the one before."""
    rows = (polygon.findtext("{*}exterior//{*}posList") or "").split()
    points = [tuple(map(float, rows[i : i + 3])) for i in range(0, len(rows), 3)]
    return sum(point != before for before, point in pairwise(points))


@pytest.mark.parametrize("name", INGOLSTADT)
def test_ingolstadt_keeps_every_detail(data: Path, name: str) -> None:
    path = data / f"cities/citygml_lod3_ingolstadt/{name}.xml"
    reading = read(path)
    counted = elements(path)
    assert {found.kind for found in reading.features} <= {Kind.BUILDING, Kind.BUILDING_PART}
    assert len(reading.features) == sum(counted[element] for element in OBJECTS)
    assert {lod for found in reading.features for lod in found.lods} == {"3"}
    drawn = sum(len(found.lods["3"]) for found in reading.features)
    empty = [polygon for polygon in etree.parse(path).iter("{*}Polygon") if corners(polygon) < 3]
    assert drawn == counted["Polygon"] - len(empty)
    assert ("too_few_points" in wrong(reading)) == bool(empty)
    assert all(found.parent_source_id for found in reading.features if found.kind is Kind.BUILDING_PART)
    assert "open_solid" not in wrong(reading)
