"""Cells of a city's ground: squares with one number each, so that an index finds what lies around a place."""

import numpy as np
from numpy.typing import NDArray

SIZE_M = 250.0
# Things longer than a cell would be missed by a search in the cells around: they share a cell of their own.
LARGE = -1
_OFFSET = 1 << 20  # cells to the west or south of the origin count from here; reaches 262,000 km
# More cells than this are not worth naming one by one: the bounding boxes alone decide.
_MOST_NAMED = 200


def cell_numbers(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cells of the centres of boxes (n, 4) of least e, least n, greatest e, greatest n in metres."""
    centre = np.floor((boxes[:, :2] + boxes[:, 2:]) / 2 / SIZE_M).astype(np.int64) + _OFFSET
    is_large = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) > SIZE_M
    return np.where(is_large, LARGE, (centre[:, 0] << 21) | centre[:, 1])


def cells_over(min_e: float, min_n: float, max_e: float, max_n: float) -> list[int] | None:
    """Cells in which the centre of a thing that touches the rectangle can lie; None where they are too many to name."""
    reach = SIZE_M / 2  # a thing is at most a cell long, so its centre is at most half a cell away
    low_e, low_n, high_e, high_n = (
        int(np.floor(value / SIZE_M)) + _OFFSET
        for value in (min_e - reach, min_n - reach, max_e + reach, max_n + reach)
    )
    if (high_e - low_e + 1) * (high_n - low_n + 1) > _MOST_NAMED:
        return None
    return [LARGE, *((e << 21) | n for e in range(low_e, high_e + 1) for n in range(low_n, high_n + 1))]


def corner_of(cell: int) -> tuple[float, float] | None:
    """The south-west corner of a cell, e and n in metres; None for the one that large things share."""
    if cell == LARGE:
        return None
    return ((cell >> 21) - _OFFSET) * SIZE_M, ((cell & ((1 << 21) - 1)) - _OFFSET) * SIZE_M
