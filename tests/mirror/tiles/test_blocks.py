"""Which surfaces of which objects make up one building."""

import numpy as np
import shapely

from tests.mirror.tiles.shapes import block, flat, ids_of
from twin.mirror.features import Feature, Kind, SurfaceSet
from twin.mirror.tiles.blocks import blocks_of, is_block
from twin.mirror.tiles.prisms import raised


def solid(height: float) -> SurfaceSet:
    return raised(shapely.box(0, 0, 10, 10), 0, height)


def part(name: str, parent: str | None, **lods: SurfaceSet) -> Feature:
    """A part of a building; `l2_2` is its level 2.2."""
    levels = {key.removeprefix("l").replace("_", "."): surfaces for key, surfaces in lods.items()}
    return Feature(name, Kind.BUILDING_PART, parent_source_id=parent, lods=levels)


def drawn(*features: Feature) -> list[list[float]]:
    """The heights of the sets of each block."""
    found = blocks_of(features, ids_of(features))
    return [[float(surfaces.bounds[1][2]) for surfaces in made.sets] for made in found.blocks]


def test_a_building_drawn_finer_by_its_parts_is_not_drawn_twice() -> None:
    whole = Feature("b", Kind.BUILDING, lods={"1": solid(9)})
    assert drawn(whole, part("p", "b", l2_2=solid(7)), part("q", "b", l1_3=solid(8), l2_2=solid(6))) == [[7, 6]]


def test_a_building_drawn_finer_than_its_parts_is_drawn_alone() -> None:
    whole = Feature("b", Kind.BUILDING, lods={"2": solid(9)})
    assert drawn(whole, part("p", "b", l1=solid(7))) == [[9]]


def test_a_building_and_parts_of_the_same_detail_belong_together() -> None:
    whole = Feature("b", Kind.BUILDING, lods={"2": solid(9)})
    assert drawn(whole, part("p", "b", l2=solid(7))) == [[9, 7]]


def test_detail_of_windows_is_taken_only_where_there_is_nothing_plainer() -> None:
    both = Feature("both", Kind.BUILDING, lods={"2": solid(5), "3": solid(6)})
    only = Feature("only", Kind.BUILDING, lods={"3": solid(7)})
    assert drawn(both, only) == [[5], [7]]


def test_a_part_without_its_building_stands_for_itself() -> None:
    orphan = part("p", "nowhere", l2=solid(7))
    found = blocks_of([orphan], ids_of([orphan]))
    assert [made.row.id for made in found.blocks] == [str(ids_of([orphan])["p"])]


def test_parts_that_name_each_other_as_parents_end_somewhere() -> None:
    assert len(drawn(part("a", "b", l1=solid(3)), part("b", "a", l1=solid(4)))) >= 1


def test_odd_attributes_become_no_attributes() -> None:
    odd = block("b", 0, 0)
    odd.attributes.update({"height_m": "tall", "year": -5, "use": None, "storeys": float("nan"), "name": None})
    row = blocks_of([odd], ids_of([odd])).blocks[0].row
    assert (row.height_m, row.year, row.use, row.name) == (9.0, 0, "", "")


def test_things_that_rise_are_blocks_and_things_that_lie_are_ground() -> None:
    wall = Feature("wall", Kind.GENERIC, lods={"1": solid(3)})
    kiosk = Feature("kiosk", Kind.FURNITURE, {"furniture": "kiosk"}, lods={"1": solid(3)})
    bench = Feature("bench", Kind.FURNITURE, {"furniture": "bench"}, lods={"1": solid(2)}, points=np.zeros((1, 3)))
    terrace = flat("terrace", Kind.GENERIC, shapely.box(0, 0, 5, 5))
    wood = Feature("wood", Kind.PLANT_COVER, lods={"1": solid(12)})
    assert [is_block(feature) for feature in (wall, kiosk, bench, terrace, wood)] == [True, True, False, False, False]
