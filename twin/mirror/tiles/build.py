"""Everything a publication shows, written into one folder."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.buildings import write_buildings
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import write_variants
from twin.mirror.tiles.quadtree import Box

Progress = Callable[[float, str], None]


def _silent(share: float, stage: str) -> None:
    """Progress that nobody asked for."""


def build(
    features: Sequence[Feature],
    ids: Mapping[str, UUID],
    frame: LocalFrame,
    out_dir: Path,
    progress: Progress = _silent,
    *,
    attribution: str = "",
) -> dict[str, Any]:
    """Write a publication's files.

    Parameters
    ----------
    features
        The whole city, in its local frame.
    ids
        The city object of every feature's `source_id`.
    frame
        The city's local frame.
    out_dir
        Where to write; is made where it is missing.
    progress
        Is told the share that is done, from 0 to 1, and the stage: `buildings`, `ground`, `map` or `packing`.
    attribution
        Whom the map must name.

    Returns
    -------
    dict
        The manifest: `bounds`, `buildings`, `ground`, `instances`, `labels`, `heights`, `map`, `counts` by kind,
        `bytes` of the 3D city on the wire, and `report` with what was found wrong. Files are named relative to `out_dir`.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    with Compressor() as compressor:
        buildings = write_buildings(
            features, ids, frame, out_dir / "buildings", compressor, lambda share: progress(0.4 * share, "buildings")
        )
        compressed = compressor.is_available
    progress(0.9, "packing")
    size = sum(write_variants(path) for path in sorted(out_dir.rglob("*")) if path.is_file())
    progress(1.0, "packing")
    return {
        "bounds": _bounds(buildings.box),
        "buildings": f"buildings/{buildings.tileset}" if buildings.tileset else None,
        "ground": None,
        "instances": None,
        "labels": None,
        "heights": None,
        "map": None,
        "counts": dict(Counter(str(feature.kind) for feature in features)),
        "bytes": size,
        "report": {"tiles": buildings.report | {"compressed": compressed}},
    }


def _bounds(box: Box | None) -> dict[str, list[float]]:
    low, high = (box.low, box.high) if box is not None else (np.zeros(3), np.zeros(3))
    return {"min": np.round(low, 2).tolist(), "max": np.round(high, 2).tolist()}
