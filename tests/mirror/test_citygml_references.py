"""Geometry of CityGML that is named rather than written, and shapes that objects share."""

from pathlib import Path

import numpy as np
import pytest

from tests.factories import citygml as gml
from tests.factories.citygml import faults, reading_of, the_only
from tests.factories.mirror import by_id

FORMAL = "http://www.opengis.net/def/crs/EPSG/0/6697"


def test_a_surface_of_another_object_is_found_before_and_after_it(tmp_path: Path) -> None:
    def borrower(name: str) -> str:
        return gml.building(name, f"<bldg:lod1MultiSurface>{gml.multi_surface('#shared')}</bldg:lod1MultiSurface>")

    wall = gml.polygon(gml.square(), id="shared")
    owner = gml.building("owner", f"<bldg:lod1MultiSurface>{gml.multi_surface(wall)}</bldg:lod1MultiSurface>")
    reading = reading_of(tmp_path, borrower("before"), owner, borrower("after"))
    found = by_id(reading)
    assert set(found) == {"before", "owner", "after"}
    assert found["before"].lods["1"].bounds[0] == pytest.approx(found["owner"].lods["1"].bounds[0])
    assert faults(reading) == []


def test_a_chain_of_references_through_other_objects_is_followed(tmp_path: Path) -> None:
    def link(name: str, surface: str) -> str:
        content = f'<gml:MultiSurface gml:id="{name}-surface">{gml.members(surface)}</gml:MultiSurface>'
        return gml.building(name, f"<bldg:lod1MultiSurface>{content}</bldg:lod1MultiSurface>")

    reading = reading_of(
        tmp_path, link("a", "#b-surface"), link("b", "#c-surface"), link("c", gml.polygon(gml.square()))
    )
    assert {name: len(feature.lods["1"]) for name, feature in by_id(reading).items()} == {"a": 1, "b": 1, "c": 1}


def test_a_reference_to_nothing_and_a_circle_are_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    surfaces = gml.multi_surface(gml.polygon(gml.square()), "#nowhere", "http://example.org/other.gml")
    lost = gml.building(
        "lost",
        f"<bldg:lod1MultiSurface>{surfaces}</bldg:lod1MultiSurface>",
    )
    circle = f'<gml:MultiSurface gml:id="m">{gml.members("#m", gml.polygon(gml.square()))}</gml:MultiSurface>'
    reading = reading_of(
        tmp_path, lost, gml.building("circle", f"<bldg:lod1MultiSurface>{circle}</bldg:lod1MultiSurface>")
    )
    assert {name: len(feature.lods["1"]) for name, feature in by_id(reading).items()} == {"lost": 1, "circle": 1}
    assert {(code, source_id) for code, source_id, _detail in faults(reading)} == {
        ("dangling_reference", "lost"),
        ("reference_cycle", "circle"),
    }


def test_references_that_double_at_every_step_cost_no_more_than_their_number(tmp_path: Path) -> None:
    def doubled(level: int) -> str:
        inner = f"#m{level + 1}" if level < 60 else gml.polygon(gml.square())
        return f'<gml:MultiSurface gml:id="m{level}">{gml.members(inner, inner)}</gml:MultiSurface>'

    content = "".join(
        f"<bldg:lod{level % 4 + 1}MultiSurface>{doubled(level)}</bldg:lod{level % 4 + 1}MultiSurface>"
        for level in range(61)
    )
    found = the_only(reading_of(tmp_path, gml.building("a", content)))
    assert len(found.lods["1"]) == 2


def tree(name: str, geometry: str, *, tag: str = "veg:SolitaryVegetationObject", east: float = 0.0) -> str:
    prefix = tag.split(":")[0]
    matrix = gml.nested("core:transformationMatrix", "2 0 0 0  0 2 0 0  0 0 3 0  0 0 0 1")
    anchor = gml.nested("core:referencePoint/gml:Point/gml:pos", gml.numbers([gml.at(east, 0)]))
    lod = f"{prefix}:lod2ImplicitRepresentation/core:ImplicitGeometry"
    return gml.nested(f"{tag}/{lod}", matrix, anchor, geometry, id=name)


CROWN = "".join(gml.polygon([(e, n, up) for e, n in ((-1, -1), (1, -1), (1, 1), (-1, 1))]) for up in (0.0, 4.0))
CROWN = f'<gml:MultiSurface gml:id="crown"><gml:surfaceMembers>{CROWN}</gml:surfaceMembers></gml:MultiSurface>'
INLINE = f"<core:relativeGMLGeometry>{CROWN}</core:relativeGMLGeometry>"
NAMED = '<core:relativeGMLGeometry xlink:href="#crown"/>'


def test_a_shared_shape_is_a_point_for_a_tree_and_surfaces_for_what_is_built(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path,
        tree("early", NAMED),
        tree("oak", INLINE, east=20),
        tree("lime", NAMED, east=30),
        tree("kiosk", NAMED, tag="gen:GenericCityObject", east=40),
    )
    found = by_id(reading)
    assert set(found) == {"early", "oak", "lime", "kiosk"}
    for name in ("early", "oak", "lime"):
        assert np.shape(found[name].points) == (1, 3)
        assert found[name].lods == {}
        assert (found[name].attributes["height_m"], found[name].attributes["crown_m"]) == (12.0, 4.0)
    low, high = found["kiosk"].lods["2"].bounds
    assert high - low == pytest.approx([4, 4, 12], abs=0.2)
    assert faults(reading) == []


def test_a_shared_shape_keeps_its_metres_where_coordinates_are_degrees(tmp_path: Path) -> None:
    place = "35.68 139.71 12.0"
    member = tree("kiosk", INLINE, tag="gen:GenericCityObject").replace(gml.numbers([gml.at(0, 0)]), place)
    reading = reading_of(tmp_path, member, srs=FORMAL)
    low, high = the_only(reading).lods["2"].bounds
    assert high - low == pytest.approx([4, 4, 12], abs=0.02)
