"""Typefaces for pictures the server draws: share pictures, shadow pictures, map pictures.

Pretendard GOV under the SIL Open Font License (LICENSE.txt beside), with all 11,172 syllables of modern Korean.
Pillow reads WOFF2, which is half the size of the OpenType file.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont

_HERE = Path(__file__).parent
REGULAR = _HERE / "PretendardGOV-Regular.woff2"
BOLD = _HERE / "PretendardGOV-Bold.woff2"


@cache
def typeface(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The service's typeface at `size_px` pixels, loaded once a process and size."""
    return ImageFont.truetype(BOLD if bold else REGULAR, size_px)
