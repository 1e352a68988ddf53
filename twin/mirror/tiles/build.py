"""Everything a publication shows, written into one folder."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from twin.mirror.features import Feature
from twin.mirror.frame import LocalFrame
from twin.mirror.tiles.buildings import write_buildings
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import pack, write_json
from twin.mirror.tiles.ground import write_ground
from twin.mirror.tiles.instances import instances_of
from twin.mirror.tiles.labels import labels_of
from twin.mirror.tiles.mapfeatures import map_features
from twin.mirror.tiles.quadtree import Box
from twin.mirror.tiles.terrain import Terrain
from twin.mirror.tiles.vectormap import write_map

Progress = Callable[[float, str], None]

MAP_FILE = "map.mbtiles"


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
        `bytes` of the 3D city on the wire, and `report` with what was found wrong. Files are named from `out_dir`.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    with Compressor() as compressor:
        buildings = write_buildings(
            features, ids, frame, out_dir / "buildings", compressor, lambda share: progress(0.4 * share, "buildings")
        )
        ground = write_ground(
            features,
            ids,
            frame,
            out_dir / "ground",
            compressor,
            buildings.footings,
            lambda share: progress(0.4 + 0.3 * share, "ground"),
        )
        compressed = compressor.is_available
    terrain = ground.terrain if ground else None
    areas = ground.areas if ground else []
    heights = _write_heights(terrain, out_dir) if terrain else None
    instances = _write_json(out_dir, "instances.json", instances_of(features, ids, terrain))
    labels = labels_of(features, ids, buildings, areas, terrain)
    label_file = _write_json(
        out_dir, "labels.json", {"labels": [label.as_json() for label in labels]} if labels else None
    )
    map_tiles = write_map(
        map_features(features, ids, buildings.blocks, areas, labels),
        frame,
        out_dir / MAP_FILE,
        attribution,
        lambda share: progress(0.7 + 0.2 * share, "map"),
    )
    progress(0.9, "packing")
    size = pack(out_dir, but=MAP_FILE)
    progress(1.0, "packing")
    return {
        "bounds": _bounds(buildings.box, ground.box if ground else None),
        "buildings": f"buildings/{buildings.tileset}" if buildings.tileset else None,
        "ground": f"ground/{ground.tileset}" if ground else None,
        "instances": instances,
        "labels": label_file,
        "heights": heights,
        "map": map_tiles,
        "counts": dict(Counter(str(feature.kind) for feature in features)),
        "bytes": size,
        "report": buildings.report | (ground.report if ground else {}) | {"compressed": compressed},
    }


def _write_json(out_dir: Path, name: str, content: dict[str, Any] | None) -> str | None:
    if content is None:
        return None
    write_json(out_dir / name, content)
    return name


def _write_heights(terrain: Terrain, out_dir: Path) -> dict[str, Any]:
    data, reading = terrain.height_grid().packed()
    (out_dir / "heights.bin").write_bytes(data)
    return {"file": "heights.bin"} | reading


def _bounds(*boxes: Box | None) -> dict[str, list[float]]:
    known = [box for box in boxes if box is not None]
    whole = reduce(Box.union, known) if known else Box(np.zeros(3), np.zeros(3))
    return {"min": np.round(whole.low, 2).tolist(), "max": np.round(whole.high, 2).tolist()}
