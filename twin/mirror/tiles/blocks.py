"""From features to what the buildings' tiles draw: one block for each building, with all its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind, SurfaceSet
from twin.mirror.tiles.instances import is_placed
from twin.mirror.tiles.metadata import Row
from twin.mirror.tiles.prisms import STOREY_M, footprint, raised

# Their surfaces are drawn as blocks where they rise from the ground, else as ground.
EITHER = frozenset({Kind.GENERIC, Kind.FURNITURE})
RISES_M = 1.0
LATEST_YEAR = 2_999


@dataclass(slots=True)
class Block:
    """A building, bridge or other thing with walls."""

    feature: Feature  # the building itself, where there are parts
    row: Row
    sets: list[SurfaceSet] = field(default_factory=list)


@dataclass(slots=True)
class Blocks:
    """Everything with walls in a city, and how many things had no surface to draw."""

    blocks: list[Block]
    without_surface: int

    def surface_sets(self) -> tuple[list[SurfaceSet], NDArray[np.int64]]:
        """All sets, block after block, and the block of each."""
        sets = [surfaces for block in self.blocks for surfaces in block.sets]
        return sets, np.repeat(np.arange(len(self.blocks)), [len(block.sets) for block in self.blocks])


def blocks_of(features: Sequence[Feature], ids: Mapping[str, UUID]) -> Blocks:
    """Group built features by the building they belong to.

    Parameters
    ----------
    features
        All of a city; those without walls are passed over.
    ids
        The city object of each `source_id`. A part shows its building's.
    """
    built = {feature.source_id: feature for feature in features if is_block(feature)}
    families: dict[str, list[Feature]] = {}
    for feature in built.values():
        families.setdefault(root_of(feature, built).source_id, []).append(feature)
    blocks, without = [], 0
    for root_id, family in families.items():
        sets = _family_sets(built[root_id], family)
        if sets:
            blocks.append(Block(built[root_id], _row(built[root_id], family, sets, str(ids[root_id])), sets))
        else:
            without += 1
    return Blocks(blocks, without)


def is_block(feature: Feature) -> bool:
    """Whether a feature has walls, so is drawn with the buildings and not on the ground."""
    if feature.kind.is_built:
        return True
    if feature.kind not in EITHER or is_placed(feature):
        return False
    lod = feature.best_lod("9")
    if lod is None:
        return False
    low, high = feature.lods[lod].bounds
    return bool(high[2] - low[2] > RISES_M)


def root_of(feature: Feature, built: Mapping[str, Feature]) -> Feature:
    """The building that a feature belongs to, by way of whatever is part of what; itself where it is a part of none."""
    seen = {feature.source_id}
    while (parent := built.get(feature.parent_source_id or "")) is not None and parent.source_id not in seen:
        seen.add(parent.source_id)
        feature = parent
    return feature


def _family_sets(root: Feature, family: Sequence[Feature]) -> list[SurfaceSet]:
    """The most detailed surfaces; a building that is drawn by its parts is not drawn a second time, coarser."""
    drawn = [(feature, lod) for feature in family if (lod := _lod(feature)) is not None]
    finest = max((float(lod) for feature, lod in drawn if feature is not root), default=0.0)
    own = max((float(lod) for feature, lod in drawn if feature is root), default=0.0)
    if own > finest:
        drawn = [(feature, lod) for feature, lod in drawn if feature is root]
    elif own < finest:
        drawn = [(feature, lod) for feature, lod in drawn if feature is not root]
    if drawn:
        return [feature.lods[lod] for feature, lod in drawn]
    return [raised_footprint for feature in family if (raised_footprint := _raised(feature)) is not None]


def _lod(feature: Feature) -> str | None:
    lod = feature.best_lod() or feature.best_lod("9")
    return lod if lod is not None and float(lod) >= 1 else None


def _raised(feature: Feature) -> SurfaceSet | None:
    """A block over a footprint, where the source gives a height or storeys."""
    flat, height = feature.lods.get("0"), _height(feature)
    if flat is None or not len(flat) or height <= 0:
        return None
    base = float(flat.bounds[0][2])
    area = footprint(flat)
    return None if area.is_empty else raised(area, base, base + height)


def _height(feature: Feature) -> float:
    height = _number(feature.attributes.get("height_m"))
    return height or _number(feature.attributes.get("storeys")) * STOREY_M


def _row(root: Feature, family: Sequence[Feature], sets: Sequence[SurfaceSet], object_id: str) -> Row:
    low = min(float(surfaces.bounds[0][2]) for surfaces in sets)
    high = max(float(surfaces.bounds[1][2]) for surfaces in sets)
    year = int(_number(_first("year", root, family)))
    return Row(
        id=object_id,
        kind=root.kind,
        height_m=max(map(_height, family)) or high - low,
        use=str(_first("use", root, family) or ""),
        year=year if 0 < year <= LATEST_YEAR else 0,
        name=str(root.attributes.get("name") or ""),
    )


def _first(key: str, root: Feature, family: Sequence[Feature]) -> Any:
    return next((value for feature in (root, *family) if (value := feature.attributes.get(key))), None)


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if np.isfinite(number) and 0 < number < 10_000 else 0.0
