"""`python -m metacity.commons.fonts.outlines TEXT … > FILE.json`: bold letters as paths for SVG drawings, by text.

A drawing shown as a picture loads no typeface, and not every machine has one with Hangul. Unpacking the typeface takes
seconds, so this is done once, while developing, for the few texts that stand in drawings.
"""

import json
import sys

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from metacity.commons.fonts import BOLD


def outlines(text: str, size: float = 7.5) -> str:
    """The path of one line, `size` user units high, whose baseline starts at (0, 0)."""
    font = TTFont(BOLD)
    glyphs, names, widths = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    scale, x = size / font["head"].unitsPerEm, 0.0
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    for letter in text:
        name = names[ord(letter)]
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
        x += widths[name][0] * scale
    return str(pen.getCommands())


if __name__ == "__main__":
    json.dump({text: outlines(text) for text in sys.argv[1:]}, sys.stdout, ensure_ascii=False, indent=0)
