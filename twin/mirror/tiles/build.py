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
from twin.mirror.tiles.buildings import BuildingTiles, Region, write_buildings
from twin.mirror.tiles.compressor import Compressor
from twin.mirror.tiles.files import pack, write_json
from twin.mirror.tiles.ground import GroundTiles, Standing, write_ground
from twin.mirror.tiles.instances import instances_of
from twin.mirror.tiles.labels import Label, labels_of, labels_on
from twin.mirror.tiles.mapfeatures import buildings_on_map, map_features
from twin.mirror.tiles.mapspool import MapSpool
from twin.mirror.tiles.quadtree import Box
from twin.mirror.tiles.stock import Listed, Stock
from twin.mirror.tiles.terrain import Terrain
from twin.mirror.tiles.vectormap import on_world, spool_at, write_map

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
    """`build_city` for a city that is in memory.

    Parameters
    ----------
    features
        The whole city, in its local frame.
    ids
        The city object of every feature's `source_id`.
    """
    return build_city(Listed(features, ids), frame, out_dir, progress, attribution=attribution)


def build_city(
    stock: Stock, frame: LocalFrame, out_dir: Path, progress: Progress = _silent, *, attribution: str = ""
) -> dict[str, Any]:
    """Write a publication's files. Of the buildings, only those of a region are in memory at a time.

    Parameters
    ----------
    stock
        The city's features, in its local frame.
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
    with spool_at(out_dir) as spool:
        return _City(stock, frame, out_dir, progress, spool).written(attribution)


class _City:
    """A city while its files are being written: what its regions leave behind for other stages."""

    def __init__(self, stock: Stock, frame: LocalFrame, out_dir: Path, progress: Progress, spool: MapSpool) -> None:
        self._rest, self._stock, self._frame, self._out_dir = stock.rest, stock, frame, out_dir
        self._progress, self._spool = progress, spool
        self._counts = Counter(str(feature.kind) for feature in self._rest.features)
        self._standing = Standing()
        self._labels: list[Label] = []

    def written(self, attribution: str) -> dict[str, Any]:
        buildings, ground, compressed = self._write_tiles()
        terrain, areas = (ground.terrain, ground.areas) if ground else (None, [])
        features, ids = self._rest.features, self._rest.ids
        heights = _write_heights(terrain, self._out_dir) if terrain else None
        instances = _write_json(self._out_dir, "instances.json", instances_of(features, ids, terrain))
        labels = labels_of(features, ids, self._labels, areas, terrain)
        said = {"labels": [label.as_json() for label in labels]} if labels else None
        label_file = _write_json(self._out_dir, "labels.json", said)
        map_tiles = write_map(
            map_features(features, ids, areas, labels),
            self._spool,
            self._frame,
            self._out_dir / MAP_FILE,
            attribution,
            lambda share: self._progress(0.6 + 0.3 * share, "map"),
        )
        self._progress(0.9, "packing")
        size = pack(self._out_dir, but=(MAP_FILE, self._spool.name))
        self._progress(1.0, "packing")
        return {
            "bounds": _bounds(buildings.box, ground.box if ground else None),
            "buildings": f"buildings/{buildings.tileset}" if buildings.tileset else None,
            "ground": f"ground/{ground.tileset}" if ground else None,
            "instances": instances,
            "labels": label_file,
            "heights": heights,
            "map": map_tiles,
            "counts": dict(self._counts),
            "bytes": size,
            "report": buildings.report | (ground.report if ground else {}) | {"compressed": compressed},
        }

    def _write_tiles(self) -> tuple[BuildingTiles, GroundTiles | None, bool]:
        """Both tilesets, and whether they could be compressed."""
        with Compressor() as compressor:
            buildings = write_buildings(
                self._stock,
                self._frame,
                self._out_dir / "buildings",
                compressor,
                lambda share: self._progress(0.4 * share, "buildings"),
                self._see,
            )
            self._standing.footings = buildings.footings
            ground = write_ground(
                self._rest.features,
                self._rest.ids,
                self._frame,
                self._out_dir / "ground",
                compressor,
                self._standing,
                lambda share: self._progress(0.4 + 0.2 * share, "ground"),
            )
            return buildings, ground, compressor.is_available

    def _see(self, region: Region) -> None:
        """Keep of some of the buildings what the ground, the labels and the map need of them."""
        built = [feature for feature in region.features if feature.kind.is_built]
        self._counts.update(str(feature.kind) for feature in built)
        self._standing.see(built)
        self._labels += labels_on(region)
        shown = list(buildings_on_map(region.blocks))
        self._spool.add(shown, on_world([feature.shape for feature in shown], self._frame))


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
