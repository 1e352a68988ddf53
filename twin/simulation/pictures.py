"""Shadow pictures of the day: plans of the ground around a site, north up.

Meaning is carried by pattern as well as by tone: new shadow is striped, regained sun is dotted.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SCALE = 3
HOURS = (9, 12, 15)
NAMES = ("loss", *(f"shadow-{hour}" for hour in HOURS))

LIT = (250, 246, 236)
SHADED = (196, 189, 178)
COVERED = (120, 112, 102)
OUTSIDE = (255, 255, 255)
LOST = (190, 88, 0)
GAINED = (11, 80, 208)
# Bands of lost minutes, from the least; the darker the more.
LOSS_TONES = ((30, (246, 205, 160)), (60, (235, 160, 88)), (120, (205, 110, 30)), (240, (140, 66, 0)))

Pixels = NDArray[np.uint8]


def draw(layers: Mapping[str, NDArray[Any]]) -> Iterator[tuple[str, Image.Image]]:
    """``loss``: minutes of sun lost over the day; ``shadow-9``, ``-12``, ``-15``: shadow by the clock, old and new."""
    before, after = layers["ground_before_min"], layers["ground_after_min"]
    yield "loss", _picture(_loss(before, after))
    for hour in HOURS:
        yield f"shadow-{hour}", _picture(_shadow(layers[f"lit_before_{hour}"], layers[f"lit_after_{hour}"]))


def _loss(before: NDArray[Any], after: NDArray[Any]) -> Pixels:
    pixels = _ground(before)
    lost = (before - after).astype(int)
    for least, tone in LOSS_TONES:
        pixels[(before >= 0) & (lost >= least)] = tone
    return _dotted(pixels, (before >= 0) & (-lost >= LOSS_TONES[0][0]), GAINED)


def _shadow(before: NDArray[Any], after: NDArray[Any]) -> Pixels:
    pixels = _ground(before)
    pixels[before == 0] = SHADED
    pixels = _striped(pixels, (before == 1) & (after == 0), LOST)
    return _dotted(pixels, (before == 0) & (after == 1), GAINED)


def _ground(values: NDArray[Any]) -> Pixels:
    pixels = np.empty((*values.shape, 3), dtype=np.uint8)
    pixels[:] = LIT
    pixels[values == -1] = COVERED
    pixels[values == -2] = OUTSIDE
    return pixels


def _striped(pixels: Pixels, where: NDArray[np.bool_], tone: tuple[int, int, int]) -> Pixels:
    row, column = np.indices(where.shape)
    pixels[where] = LOSS_TONES[0][1]
    pixels[where & ((row + column) % 3 == 0)] = tone
    return pixels


def _dotted(pixels: Pixels, where: NDArray[np.bool_], tone: tuple[int, int, int]) -> Pixels:
    row, column = np.indices(where.shape)
    pixels[where & (row % 3 == 0) & (column % 3 == 0)] = tone
    return pixels


def _picture(pixels: Pixels) -> Image.Image:
    north_up = np.ascontiguousarray(pixels[::-1])
    image = Image.fromarray(north_up)
    return image.resize((image.width * SCALE, image.height * SCALE), Image.Resampling.NEAREST)
