"""Where the faults of an import lie, drawn as a plain picture: no script, no tiles."""

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twin.mirror.cells import SIZE_M
from twin.mirror.quality import FAULTS

WIDTH = 640
_MARGIN = 24
_MOST_SHAPES = 8
# Told apart by form as well as by colour; the rest share a plain dot.
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "plus", "bar", "ring")


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    shape: str
    title: str
    anchor: str
    """The row of the list that tells more."""


@dataclass(frozen=True, slots=True)
class Key:
    shape: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class FaultMap:
    """A picture of `width` by `height` pixels, north up; `squares` are where the city has objects."""

    width: int
    height: int
    marks: list[Mark]
    squares: list[tuple[float, float, float, float]]
    keys: list[Key]
    scale_px: float
    scale_m: int


def fault_map(report: dict[str, Any]) -> FaultMap | None:
    """The listed faults that have a place; None where none has."""
    placed = [
        (fault["code"], row, item)
        for fault in report.get("faults", [])
        if fault["code"] in FAULTS
        for row, item in enumerate(fault["items"])
        if len(item) == 5
    ]
    if not placed:
        return None
    frame = _Frame.around([(item[3], item[4]) for _code, _row, item in placed], report.get("ground", []))
    shapes = _shapes(report)
    marks = [
        Mark(*frame.at(item[3], item[4]), shapes[code], f"{FAULTS[code]}: {item[0]}", f"{code}-{row}")
        for code, row, item in placed
    ]
    keys = [
        Key(shapes[fault["code"]], str(FAULTS[fault["code"]]), fault["count"])
        for fault in report["faults"]
        if fault["code"] in {code for code, _row, _item in placed}
    ]
    return FaultMap(WIDTH, frame.height, marks, frame.squares, keys, frame.scale * frame.round_m, frame.round_m)


def _shapes(report: dict[str, Any]) -> dict[str, str]:
    codes = [fault["code"] for fault in report["faults"]]
    return {code: SHAPES[min(place, _MOST_SHAPES - 1)] for place, code in enumerate(codes)}


@dataclass(frozen=True, slots=True)
class _Frame:
    """From local metres to pixels."""

    min_e: float
    max_n: float
    scale: float
    height: int
    squares: list[tuple[float, float, float, float]]
    round_m: int

    @classmethod
    def around(cls, points: list[tuple[float, float]], ground: list[list[float]]) -> "_Frame":
        corners = points + [(e + dx, n + dy) for e, n in ground for dx, dy in ((0, 0), (SIZE_M, SIZE_M))]
        east, north = [e for e, _n in corners], [n for _e, n in corners]
        span = max(max(east) - min(east), max(north) - min(north), 50.0)
        scale = (WIDTH - 2 * _MARGIN) / span
        made = cls(
            min_e=(min(east) + max(east) - span) / 2,
            max_n=max(north),
            scale=scale,
            height=max(160, math.ceil((max(north) - min(north)) * scale) + 2 * _MARGIN),
            squares=[],
            round_m=_round(span / 4),
        )
        side = round(SIZE_M * scale, 1)
        for e, n in ground:
            x, y = made.at(e, n + SIZE_M)
            made.squares.append((x, y, side, side))
        return made

    def at(self, e: float, n: float) -> tuple[float, float]:
        return round(_MARGIN + (e - self.min_e) * self.scale, 1), round(_MARGIN + (self.max_n - n) * self.scale, 1)


def _round(length_m: float) -> int:
    """The longest of 1, 2, 5, 10, 20 … metres that is no longer."""
    power = 10 ** math.floor(math.log10(max(length_m, 1.0)))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(length_m, 1.0)))


def caption(found: FaultMap) -> str:
    return _("%(shown)d findings with a place, north up") % {"shown": len(found.marks)}
