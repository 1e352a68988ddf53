"""A city's features, handed out as tiles need them: what has walls family by family, by place; the rest at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from twin.mirror.features import Feature
from twin.mirror.rings import starts
from twin.mirror.tiles.blocks import is_block, root_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(slots=True, frozen=True)
class Walls:
    """Everything with walls, by family: a building with its parts. Some fifty bytes each."""

    places: Floats  # (families, 2) the middle on the map
    weights: Ints  # (families,) points of their surfaces, about


@dataclass(slots=True)
class Goods:
    """Features, and the ids of their objects by source id."""

    features: Sequence[Feature] = ()
    ids: Mapping[str, UUID] = field(default_factory=dict)


class Stock(Protocol):
    """What `build` draws."""

    @property
    def walls(self) -> Walls: ...

    @property
    def rest(self) -> Goods:
        """All features that are not of a kind of buildings; some of them may have walls all the same."""

    def families(self, chosen: Ints) -> Goods:
        """All features of these families of `walls`."""


class Listed:
    """A stock that is in memory."""

    def __init__(self, features: Sequence[Feature], ids: Mapping[str, UUID]) -> None:
        self._ids = ids
        self.rest = Goods([feature for feature in features if not feature.kind.is_built], ids)
        built = {feature.source_id: feature for feature in features if is_block(feature)}
        roots = [root_of(feature, built).source_id for feature in built.values()]
        numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
        family = np.asarray([numbers[root] for root in roots], dtype=np.int64)
        self._features = list(built.values())
        self._order = np.argsort(family, kind="stable")
        self._starts = starts(np.bincount(family, minlength=len(numbers)))
        self.walls = _walls(self._features, family, len(numbers))

    def families(self, chosen: Ints) -> Goods:
        members = [self._order[self._starts[family] : self._starts[family + 1]] for family in chosen.tolist()]
        places = np.sort(np.concatenate([np.empty(0, np.int64), *members]))
        return Goods([self._features[place] for place in places.tolist()], self._ids)


def _walls(features: Sequence[Feature], family: Ints, count: int) -> Walls:
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    for number, feature in zip(family.tolist(), features, strict=True):
        for surfaces in feature.lods.values():
            if len(surfaces):
                low[number] = np.minimum(low[number], surfaces.bounds[0][:2])
                high[number] = np.maximum(high[number], surfaces.bounds[1][:2])
    places = np.where(np.isfinite(low), (low + high) / 2, 0.0)
    points = [sum(len(surfaces.rings) for surfaces in feature.lods.values()) for feature in features]
    return Walls(places, np.bincount(family, weights=points, minlength=count).astype(np.int64))
