"""How high footprints rise: as stated, else by their storeys, else as usual."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Kind
from twin.mirror.readers.assembly import Draft, Surfaces

STOREY_M = 3.3  # a storey of housing or offices with its floor, as Korean practice reckons
DEFAULT_HEIGHT_M = 6.6  # two storeys, where nothing is known; counted in the report


@dataclass(slots=True)
class Heights:
    tops: NDArray[np.float64]  # (n, 3) above each point of the file
    sources: Counter[str]  # buildings by what told their height


def raise_footprints(drafts: list[Draft], raised: list[tuple[int, Surfaces]], points: NDArray[np.float64]) -> Heights:
    """Set the floor of every footprint level in `points`, note its height, and give the points of the roofs."""
    tops, sources = points.copy(), Counter[str]()
    for owner, surfaces in raised:
        feature = drafts[owner].feature
        attributes: dict[str, Any] = feature.attributes
        lift = _lift_m(attributes)
        height, source = height_of(attributes, lift)
        if feature.kind is Kind.BUILDING:
            sources[source] += 1
        attributes["height_m"] = height
        if source != "stated":
            attributes["height_from"] = source
        if not surfaces.indices:
            continue
        span = slice(surfaces.indices[0], surfaces.indices[-1] + 1)
        ground = float(attributes["base_m"]) if "base_m" in attributes else float(points[span, 2].min())
        points[span, 2] = ground + (lift if lift < height else 0.0)
        tops[span, 2] = ground + height
    return Heights(tops, sources)


def height_of(attributes: dict[str, Any], lift_m: float = 0.0) -> tuple[float, str]:
    """Metres from the ground to the top of the roof, and what told them; `lift_m` is where the walls begin."""
    if "height_m" in attributes:
        return float(attributes["height_m"]), "stated"
    if "storeys" in attributes:
        under_roof = attributes.get("roof_height_m") or attributes.get("roof_storeys", 0) * STOREY_M
        return round(attributes["storeys"] * STOREY_M + under_roof, 2), "storeys"
    return max(DEFAULT_HEIGHT_M, round(lift_m + STOREY_M, 2)) if lift_m else DEFAULT_HEIGHT_M, "default"


def _lift_m(attributes: dict[str, Any]) -> float:
    """How far above the ground the walls begin: bridges between houses, upper parts of towers."""
    if "min_height_m" not in attributes and "min_storey" in attributes:
        attributes["min_height_m"] = round(attributes["min_storey"] * STOREY_M, 2)
    return float(attributes.get("min_height_m", 0.0))
