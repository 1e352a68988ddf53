"""The process in which a photo that somebody sent is read: `python -I photo_child.py FOLDER MEMORY_MB TIME_S PARENT`.

The photo comes on standard input. Its three sizes are written to the folder as JPEG, turned upright, in sRGB and with
nothing else in them: no place, no time, no camera. What became of it is said as JSON on standard output. Run by its
path, so that it knows no Django and starts at once: a decoder that crashes, hangs or eats memory harms nobody else.
"""

import ctypes
import io
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
# By longer side. A photo that is smaller is not made larger.
SIDES_PX = {"small": 480, "medium": 960, "large": 1920}
# Known from the header, before anything is decoded. JPEG is decoded at the size that is needed; the others in full.
MOST_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000, "PNG": 32_000_000, "WEBP": 32_000_000}
QUALITY = 82
WHITE = (255, 255, 255)


class Refused(Exception):
    """Not a photo that we show; the text is the code of why."""


def main(folder: Path, memory_mb: int, time_s: int, parent: int) -> int:
    _limit(memory_mb, time_s, parent)
    try:
        told = _develop(io.BytesIO(sys.stdin.buffer.read()), folder)
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except Exception as fault:  # decoders raise whatever they like about what they cannot read
        sys.stderr.write(f"{type(fault).__name__}: {fault}\n")
        told = {"refused": "damaged"}
    sys.stdout.write(json.dumps(told))
    return 0


def _limit(memory_mb: int, time_s: int, parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (time_s, time_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _develop(raw: io.BytesIO, folder: Path) -> dict[str, Any]:
    image = _upright(_opened(raw))
    for name, side in SIDES_PX.items():
        sized = image.copy()
        sized.thumbnail((side, side))
        sized.save(folder / f"{name}.jpg", "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return {"width": sized.width, "height": sized.height}


def _opened(raw: io.BytesIO) -> Any:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(raw, formats=("JPEG", "PNG", "WEBP"))
    except UnidentifiedImageError:
        raise Refused("kind") from None
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    if image.width * image.height > MOST_PIXELS[str(image.format)]:
        raise Refused("pixels")
    # Phones add a depth map or a brighter copy to a JPEG (“MPO”): its first picture is the photo.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Refused("animated")
    return image


def _upright(image: Any) -> Any:
    """As it was meant to be seen, in plain RGB, with nothing attached."""
    from PIL import ImageOps

    if image.format in {"JPEG", "MPO"}:
        largest = max(SIDES_PX.values())
        image.thumbnail((largest, largest))
    turned = ImageOps.exif_transpose(image)
    plain = _in_srgb(turned, image.info.get("icc_profile"))
    plain.info = {}
    return plain


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Phones take photos in wider colours than pages show. What is see-through lies on white."""
    from PIL import Image, ImageCms

    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, WHITE)
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    try:
        if profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        pass  # a profile that cannot be read, or of other colours than the photo's
    return image.convert("RGB")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:5])))
