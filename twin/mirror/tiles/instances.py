"""What is drawn many times from one shape: trees and street furniture."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Feature, Kind
from twin.mirror.tiles.headings import UNKNOWN, headings
from twin.mirror.tiles.terrain import Terrain

# A kind's number in the file is its place here: append only.
INSTANCE_KINDS = ("tree_broadleaf", "tree_conifer", "bus_stop", "bench", "shelter", "street_light")
FIELDS = ("kind", "e", "n", "z", "height_m", "size_m", "rotation_deg")
DECIMALS = (0, 1, 1, 2, 1, 1, 0)

TREE_M = 8.0
CROWN_SHARE = 0.55
CONIFERS = frozenset(
    {"conifer", "needle", "pine", "spruce", "fir", "cedar", "larch", "juniper", "metasequoia"}
    | {"pinus", "picea", "abies", "larix", "cedrus", "juniperus", "taxus", "thuja"}
    | {"침엽", "소나무", "잣나무", "전나무", "곰솔", "향나무", "주목", "측백", "가문비", "메타세쿼이아"}
)
SPECIES_KEYS = ("species", "leaf_type", "genus", "class", "수종")
# Further from the ground than this, a thing stands on something else, such as a bridge.
STANDS_ON_GROUND_M = 1.5


def is_placed(feature: Feature) -> bool:
    """Whether a feature is drawn from a shape of ours at its points, and not from surfaces of its own."""
    return feature.points is not None and len(feature.points) > 0 and _kind(feature) is not None


def instances_of(
    features: Sequence[Feature], ids: Mapping[str, UUID], terrain: Terrain | None
) -> dict[str, Any] | None:
    """The content of `instances.json`; None where nothing is placed.

    Things that stand on the ground are put exactly onto it. `size_m` is a tree's crown; `rotation_deg`, clockwise from
    north, is where furniture faces, -1 where nothing tells. Trees carry no ids: they would weigh more than all else,
    and nobody asks for a single tree.
    """
    placed = [feature for feature in features if is_placed(feature)]
    if not placed:
        return None
    points = np.concatenate([feature.points for feature in placed if feature.points is not None])
    counts = [len(feature.points) for feature in placed if feature.points is not None]
    if terrain is not None:
        ground = terrain.heights_at(points[:, :2])
        near = np.abs(points[:, 2] - ground) < STANDS_ON_GROUND_M
        # Sources without heights put everything at nought.
        flat = not points[:, 2].any()
        points = np.column_stack([points[:, :2], np.where(near | flat, ground, points[:, 2])])
    measures = np.asarray([_measures(feature) for feature in placed])
    values = np.column_stack(
        [
            np.repeat([_kind(feature) for feature in placed], counts),
            points,
            np.repeat(measures, counts, axis=0),
            _rotations(placed, points, counts, features),
        ]
    )
    rounded = [np.round(column.astype(float), decimals) for column, decimals in zip(values.T, DECIMALS, strict=True)]
    whose = ["" if feature.kind == Kind.TREE else str(ids[feature.source_id]) for feature in placed]
    return {
        "kinds": list(INSTANCE_KINDS),
        "stride": len(FIELDS),
        "fields": list(FIELDS),
        "ids": np.repeat(whose, counts).tolist(),
        "values": np.column_stack(rounded).ravel().tolist(),
    }


def _kind(feature: Feature) -> int | None:
    if feature.kind == Kind.TREE:
        return INSTANCE_KINDS.index("tree_conifer" if _is_conifer(feature) else "tree_broadleaf")
    furniture = str(feature.attributes.get("furniture") or "")
    if feature.kind == Kind.FURNITURE and furniture in INSTANCE_KINDS:
        return INSTANCE_KINDS.index(furniture)
    return None


def _is_conifer(feature: Feature) -> bool:
    words = " ".join(
        str(feature.attributes.get(key) or "") for key in ("species", "leaf_type", "genus", "수종", "class")
    )
    return any(word in words.casefold() for word in CONIFERS)


def _measures(feature: Feature) -> tuple[float, float]:
    """Height and crown of a tree, its own or usual ones; a piece of furniture has its shape's."""
    if feature.kind != Kind.TREE:
        return 0.0, 0.0
    height = _within(feature.attributes.get("height_m"), 1.0, 60.0) or TREE_M
    return height, _within(feature.attributes.get("crown_m"), 0.3, 40.0) or CROWN_SHARE * height


def _rotations(
    placed: Sequence[Feature], points: NDArray[np.float64], counts: Sequence[int], features: Sequence[Feature]
) -> NDArray[np.float64]:
    """Where each point's thing faces: as its source says, else towards the way it stands at; trees face nowhere."""
    said = [_within(feature.attributes.get("rotation_deg"), -360.0, 360.0) for feature in placed]
    told = np.repeat([np.nan if angle is None else angle % 360 for angle in said], counts)
    is_tree = np.repeat([feature.kind == Kind.TREE for feature in placed], counts)
    faces = np.where(is_tree, UNKNOWN, told)
    open_ones = np.flatnonzero(np.isnan(faces))
    faces[open_ones] = headings(points[open_ones, :2], features)
    return faces


def _within(value: Any, least: float, most: float) -> float | None:
    return float(value) if isinstance(value, int | float) and least <= value <= most else None
