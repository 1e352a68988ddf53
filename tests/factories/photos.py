"""Photos for tests: small ones, drawn here, with whatever a phone or an attacker puts into them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

ORIENTATION, GPS_IFD, GPS_LATITUDE, CAMERA = 0x0112, 0x8825, 2, 0x0110


def a_picture(width: int = 64, height: int = 48, seed: int = 0) -> Image.Image:
    """Red in the upper left, blue elsewhere; `seed` makes it another picture."""
    image = Image.new("RGB", (width, height), (20, 40, 200))
    image.paste((220, 30, 30), (0, 0, width // 2, height // 2))
    image.putpixel((width - 1, height - 1), (seed % 256, seed // 256 % 256, 0))
    image.paste((seed * 37 % 256, 200, 60), (width // 2, height // 2, width, height))
    return image


def a_photo(kind: str = "JPEG", *, width: int = 64, height: int = 48, seed: int = 0, **saved: Any) -> bytes:
    """A file of that kind."""
    out = io.BytesIO()
    a_picture(width, height, seed).save(out, kind, **saved)
    return out.getvalue()


def a_file(name: str = "photo.jpg", raw: bytes | None = None, **told: Any) -> io.BytesIO:
    """As a form sends it."""
    file = io.BytesIO(a_photo(**told) if raw is None else raw)
    file.name = name
    return file


def from_a_phone(orientation: int = 6) -> bytes:
    """Taken on its side at a place that nobody needs to know, with a comment and an XMP packet."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[CAMERA] = "Secret Phone 12"
    exif.get_ifd(GPS_IFD)[GPS_LATITUDE] = (37.0, 33.0, 58.87)
    return a_photo(exif=exif, comment=b"taken at my house", xmp=b"<x:xmpmeta>my house</x:xmpmeta>")


def moving(kind: str = "PNG") -> bytes:
    """Three pictures, one after another."""
    out = io.BytesIO()
    frames = [a_picture(seed=number) for number in range(3)]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be that large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    blocks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in blocks
    )


def of_many_passes(side: int = 7000, passes: int = 60_000) -> bytes:
    """A progressive JPEG that refines the same nothing over and over: small to send, endless to decode."""
    out = io.BytesIO()
    Image.new("L", (side, side), 128).save(out, "JPEG", progressive=True, quality=10)
    whole = out.getvalue()
    start = whole.rindex(b"\xff\xda")
    return whole[:start] + whole[start:-2] * passes + whole[-2:]
