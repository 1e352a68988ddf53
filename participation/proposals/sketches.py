"""Small drawings that stand for the photos people would add in the made-up district.

There is nothing to photograph there, so these are drawn as a citizen might sketch an idea at a table: paper, pencil,
and the idea in colour. Each says on itself that it is a drawing.
"""

import io
import math
from collections.abc import Callable

from PIL import Image, ImageDraw

from metacity.commons.fonts import typeface
from participation.proposals.pictures import INK, ORANGE, ORANGE_INK, ORANGE_TINT, PAPER, QUIET

WIDTH, HEIGHT = 1200, 900
FINER = 2  # drawn this much larger, then reduced: smooth edges
GROUND, SHADE, WALL, SIDE, GLASS = "#efe6d8", "#ddd2c1", "#fffdf8", "#e9dfd0", "#d7dee2"
LEAF, LEAF_EDGE, WATER, BARK = "#c3d0af", "#6f7f5a", "#cfe0e4", "#b9a78f"
HORIZON = 560
SAYS = "제안자가 그린 그림"

Point = tuple[float, float]


class Sheet:
    """Paper with a pencil: everything is drawn with a dark line around it."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, *points: Point, fill: str, line: str = QUIET, width: int = 3) -> None:
        scaled = [(x * FINER, y * FINER) for x, y in points]
        self._draw.polygon(scaled, fill=fill, outline=line, width=width * FINER)

    def box(self, x: float, y: float, width: float, height: float, fill: str, line: str = QUIET) -> None:
        self.shape((x, y), (x + width, y), (x + width, y + height), (x, y + height), fill=fill, line=line)

    def line(self, *points: Point, fill: str = QUIET, width: int = 4) -> None:
        self._draw.line([(x * FINER, y * FINER) for x, y in points], fill=fill, width=width * FINER, joint="curve")

    def round(self, x: float, y: float, radius: float, fill: str | None, line: str = QUIET, width: int = 3) -> None:
        edges = [(x - radius) * FINER, (y - radius) * FINER, (x + radius) * FINER, (y + radius) * FINER]
        self._draw.ellipse(edges, fill=fill, outline=line, width=width * FINER)

    def words(self, text: str) -> None:
        """At the upper left, within what a card shows of it."""
        font = typeface(30 * FINER, bold=True)
        right = 40 + self._draw.textlength(text, font=font) / FINER + 44
        self._draw.rounded_rectangle(
            (40 * FINER, 128 * FINER, right * FINER, 180 * FINER), radius=10 * FINER, fill=ORANGE_TINT
        )
        self._draw.text((62 * FINER, 154 * FINER), text, font=font, fill=ORANGE_INK, anchor="lm")

    def png(self) -> io.BytesIO:
        out = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG")
        return io.BytesIO(out.getvalue())


def sketch(name: str) -> io.BytesIO:
    """The drawing of that name, as a file."""
    sheet = Sheet()
    _SCENES[name](sheet)
    sheet.words(SAYS)
    return sheet.png()


# --- Parts ---


def _ground(sheet: Sheet) -> None:
    sheet.shape((-9, HORIZON), (WIDTH + 9, HORIZON), (WIDTH + 9, HEIGHT + 9), (-9, HEIGHT + 9), fill=GROUND)


def _house(sheet: Sheet, x: float, width: float, storeys: int) -> None:
    """Its front, one side in shade, and a row of windows for each storey."""
    height, depth = storeys * 95, width * 0.28
    top = HORIZON - height
    right = x + width
    sheet.shape(
        (right, top), (right + depth, top + depth * 0.35), (right + depth, HORIZON), (right, HORIZON), fill=SIDE
    )
    sheet.box(x, top, width, height, WALL)
    for storey in range(storeys):
        for column in range(int(width // 80)):
            sheet.box(x + 24 + column * 80, top + 28 + storey * 95, 38, 42, GLASS)


def _tree(sheet: Sheet, x: float, foot: float, size: float, line: str = LEAF_EDGE) -> None:
    below, above = size * 0.07, size * 0.05
    sheet.shape((x - below, foot), (x + below, foot), (x + above, foot - size), (x - above, foot - size), fill=BARK)
    for dx, dy, radius in ((-0.3, 1.0, 0.36), (0.3, 1.02, 0.34), (0.0, 1.32, 0.42)):
        sheet.round(x + dx * size, foot - dy * size, radius * size, LEAF, line)


def _person(sheet: Sheet, x: float, foot: float, height: float) -> None:
    half = height * 0.15
    sheet.shape((x - half, foot), (x + half, foot), (x + half * 0.7, foot - height * 0.72),
                (x - half * 0.7, foot - height * 0.72), fill=SIDE)  # fmt: skip
    sheet.round(x, foot - height * 0.86, height * 0.13, WALL)


def _bench(sheet: Sheet, x: float, foot: float, width: float) -> None:
    for leg in (x + 18, x + width - 18):
        sheet.line((leg, foot), (leg, foot - 100), fill=ORANGE_INK, width=8)
    sheet.shape((x, foot - 46), (x + width, foot - 46), (x + width - 14, foot - 66), (x + 14, foot - 66),
                fill=ORANGE, line=ORANGE_INK)  # fmt: skip
    sheet.box(x + 14, foot - 112, width - 28, 20, ORANGE, ORANGE_INK)


def _bicycle(sheet: Sheet, x: float, foot: float) -> None:
    back, front, seat, pedal = (x, foot - 44), (x + 128, foot - 44), (x + 38, foot - 118), (x + 58, foot - 44)
    handle = (x + 108, foot - 128)
    for wheel in (back, front):
        sheet.round(*wheel, 44, None, INK, 4)
    sheet.line(back, seat, pedal, back, fill=INK)
    sheet.line(pedal, handle, front, fill=INK)
    sheet.line(seat, handle, fill=INK)
    sheet.line((seat[0] - 18, seat[1] - 8), (seat[0] + 18, seat[1] - 8), fill=INK, width=7)
    sheet.line((handle[0] - 16, handle[1] - 10), (handle[0] + 16, handle[1] - 10), fill=INK, width=6)


def _roof(sheet: Sheet, left: float, right: float, top: float, foot: float) -> None:
    """What the idea adds: a roof on two posts, and the shade under it."""
    sheet.shape((left + 30, foot + 12), (right + 70, foot + 12), (right + 10, foot + 84), (left - 40, foot + 84),
                fill=SHADE, line=SHADE)  # fmt: skip
    for post in (left + 40, right - 40):
        sheet.line((post, foot + 40), (post, top + 30), fill=ORANGE_INK, width=12)
    sheet.shape((left, top + 34), (left + 46, top), (right + 34, top), (right, top + 34), fill=ORANGE, line=ORANGE_INK)


# --- Scenes ---


def _shelter(sheet: Sheet) -> None:
    for angle in range(0, 360, 30):
        dx, dy = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        sheet.line((1010 + 84 * dx, 150 + 84 * dy), (1010 + 116 * dx, 150 + 116 * dy), width=6)
    sheet.round(1010, 150, 66, WALL)
    _house(sheet, 70, 260, 3)
    _house(sheet, 820, 200, 2)
    _ground(sheet)
    _roof(sheet, 360, 820, 330, 640)
    sheet.line((890, 690), (890, 380), width=9)
    sheet.box(858, 350, 64, 64, GLASS)
    for x, height in ((470, 210), (560, 180), (690, 215)):
        _person(sheet, x, 680, height)


def _bicycles(sheet: Sheet) -> None:
    _house(sheet, 110, 420, 3)
    _house(sheet, 760, 260, 2)
    _ground(sheet)
    _roof(sheet, 250, 940, 340, 650)
    for x in (320, 510, 700):
        _bicycle(sheet, x, 716)


def _river_trees(sheet: Sheet) -> None:
    sheet.shape((-9, 430), (WIDTH + 9, 400), (WIDTH + 9, HORIZON), (-9, HORIZON), fill=WATER)
    _ground(sheet)
    sheet.shape((-9, 770), (WIDTH + 9, 690), (WIDTH + 9, 760), (-9, 850), fill=WALL)
    for x, foot, size in ((170, 690, 250), (470, 668, 225), (760, 646, 205), (1010, 630, 185)):
        sheet.round(x + 60, foot + 8, 70, SHADE, SHADE)
        _tree(sheet, x, foot, size, ORANGE_INK)
    _bench(sheet, 250, 760, 210)
    _person(sheet, 640, 770, 190)


def _stairs(sheet: Sheet) -> None:
    _ground(sheet)
    _tree(sheet, 1060, 470, 210)
    steps = 7
    for number in range(steps):
        x, y = 300 + number * 90, 800 - number * 62
        sheet.shape((x, y), (WIDTH + 9, y), (WIDTH + 9, y - 62), (x, y - 62), fill=SIDE)
        sheet.shape((x, y - 62), (WIDTH + 9, y - 62), (WIDTH + 9, y - 84), (x + 40, y - 84), fill=WALL)
    _person(sheet, 210, 800, 220)


def _stairs_with_rail(sheet: Sheet) -> None:
    _stairs(sheet)
    for number in (0, 2, 4, 6):
        x, y = 330 + number * 90, 738 - number * 62
        sheet.line((x, y), (x, y - 130), fill=ORANGE_INK, width=10)
    sheet.line((290, 628), (330, 608), (870, 236), (960, 236), fill=ORANGE, width=18)


_SCENES: dict[str, Callable[[Sheet], None]] = {
    "bicycles": _bicycles,
    "river-trees": _river_trees,
    "shelter": _shelter,
    "stairs": _stairs,
    "stairs-with-rail": _stairs_with_rail,
}
