"""The 3D tiles of a publication as they lie on disk: whether a viewer finds everything where it expects it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE_M = 0.05  # boxes are rounded to centimetres
# What a phone on a slow line can wait for; beyond, a tile should have been divided.
LARGE_BYTES = 4 << 20
_DEEPEST = 64


def check_tiles(folder: Path, *tilesets: str | None) -> dict[str, Any]:
    """Figures and faults of tilesets, external ones included.

    Returns `tiles` (numbers of tiles with content), `bytes` and `largest_bytes` as a client loads them, and the numbers
    `large` (tiles beyond `LARGE_BYTES`), `missing` (named files that are not there) and `outside` (tiles that reach out
    of the tile above, and vanish with it while they are in view).
    """
    sizes: list[int] = []
    missing = outside = 0
    for name in tilesets:
        if not name:
            continue
        for tile in _tiles(folder / name):
            outside += tile.reaches_out
            for file in tile.contents:
                size = _loaded_bytes(file)
                missing += size is None
                sizes.append(size or 0)
    return {
        "tiles": len(sizes),
        "bytes": sum(sizes),
        "largest_bytes": max(sizes, default=0),
        "large": sum(size > LARGE_BYTES for size in sizes),
        "missing": missing,
        "outside": outside,
    }


@dataclass(frozen=True, slots=True)
class _Tile:
    contents: list[Path]
    reaches_out: bool


def _tiles(tileset: Path) -> Iterator[_Tile]:
    """Every tile below, those of external tilesets in their place. A tileset that is not there is one missing file."""
    waiting: list[tuple[Path, dict[str, Any] | None, Floats | None, int]] = [(tileset, None, None, 0)]
    while waiting:
        file, tile, above, depth = waiting.pop()
        if tile is None:
            if not file.is_file() or depth > _DEEPEST:
                yield _Tile([file], reaches_out=False)
                continue
            tile = json.loads(file.read_bytes())["root"]
        box = _corners(tile["boundingVolume"]["box"]) if "box" in tile["boundingVolume"] else above
        named = [entry["uri"] for entry in [tile.get("content"), *tile.get("contents", ())] if entry]
        inner = [file.parent / uri for uri in named if uri.endswith(".json")]
        plain = [file.parent / uri for uri in named if not uri.endswith(".json")]
        yield _Tile(plain, reaches_out=_reaches_out(box, above))
        waiting += [(entry, None, box, depth + 1) for entry in inner]
        waiting += [(file, child, box, depth + 1) for child in tile.get("children", ())]


def _corners(box: list[float]) -> Floats:
    """Least and greatest corner of a box along the frame's axes, as ours are; else of the upright one around it."""
    centre, axes = np.array(box[:3]), np.array(box[3:]).reshape(3, 3)
    reach = np.abs(axes).sum(axis=0)
    return np.stack([centre - reach, centre + reach])


def _reaches_out(box: Floats | None, above: Floats | None) -> bool:
    if box is None or above is None:
        return False
    return bool((box[0] < above[0] - TOLERANCE_M).any() or (box[1] > above[1] + TOLERANCE_M).any())


def _loaded_bytes(file: Path) -> int | None:
    """What a client loads: the smallest of the stored forms."""
    forms = [file, file.with_name(f"{file.name}.br"), file.with_name(f"{file.name}.gz")]
    return min((form.stat().st_size for form in forms if form.is_file()), default=None)
