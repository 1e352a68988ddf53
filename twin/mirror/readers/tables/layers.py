"""The rows of a layer as things in plan, batch by batch.

GDAL is given files of our own naming in a folder of our own, which hold nothing but what a format needs. So no name
leads it to other files or to a network, and no other driver takes a file by what it holds: the formats check the first
bytes before, and the driver that opened it is checked after.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyogrio
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyogrio import raw

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.assembly import frame_between
from twin.mirror.readers.classify import guess_by_name
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.ids import key_column
from twin.mirror.readers.limits import MAX_SPREAD_M
from twin.mirror.readers.reading import Progress, Reading

BATCH = 5_000
_PLAIN_TYPES = 8  # shapely's type ids from here on are curves and bodies
_DEGREE_M = 111_000.0
Decode = Callable[[str], str]


@dataclass(slots=True, frozen=True)
class Layer:
    """A layer of a file that GDAL has opened."""

    path: Path
    name: str
    count: int  # as the file says, which need not be so
    bounds: tuple[float, float, float, float] | None
    stated_crs: str | None
    fields: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    decode: Decode = str
    title: str = ""  # what people call it, where the name is ours
    has_keys: bool = False  # whether the numbers of rows stay from one survey to the next


def layer_of(path: Path, name: str | None, driver: str, **options: Any) -> Layer:
    """Open a layer. Raises `FileRefused` where another driver than the named one would read the file."""
    info = pyogrio.read_info(path, layer=name, force_feature_count=True, force_total_bounds=True, **options)
    if info["driver"] != driver:
        raise FileRefused(
            _("The file is no %(format)s, but %(driver)s.") % {"format": driver, "driver": info["driver"]}
        )
    bounds = info["total_bounds"]
    return Layer(
        path=path,
        name=str(info["layer_name"]),
        count=int(info["features"]),
        bounds=tuple(bounds) if bounds is not None and np.isfinite(bounds).all() else None,
        stated_crs=info["crs"],
        fields=tuple(info["fields"]),
        options=options,
    )


def has_rows(layer: Layer) -> bool:
    _meta, fids, _wkb, _fields = raw.read(
        layer.path, layer=layer.name, max_features=1, read_geometry=False, columns=[], return_fids=True, **layer.options
    )
    return len(fids) > 0


def frame_of(layers: list[tuple[Layer, SourceCrs]]) -> LocalFrame | None:
    """Around all layers; None where their bounds say nothing of use, or hold more than a city."""
    corners = [
        crs.to_geodetic(np.array([[x, y, 0.0] for x in layer.bounds[::2] for y in layer.bounds[1::2]]))
        for layer, crs in layers
        if layer.bounds is not None
    ]
    if not corners:
        return None
    places = np.concatenate(corners)[:, :2]
    low, high = places.min(axis=0), places.max(axis=0)
    if not np.isfinite(places).all() or (np.abs(places) > 180).any() or max(high - low) * _DEGREE_M > 2 * MAX_SPREAD_M:
        return None
    return frame_between(low, high)


def read_layer(gathering: Gathering, layer: Layer, *, prefix: str, progress: Progress) -> Iterator[Reading]:
    """The parts of a layer. `prefix` stands before the ids of its rows, where a file has several layers."""
    key = ""
    for first in itertools.count(0, BATCH):
        batch = _batch(layer, first)
        if not first:
            key = key_column(batch.columns)
        for number, (fid, properties, geometry) in enumerate(batch.rows(), start=first + 1):
            _take(gathering, layer, f"{prefix}{fid}", prefix, key, number, properties, geometry)
            yield from gathering.full()
        if len(batch.fids) < BATCH:
            return
        progress(0.9 * min(1.0, (first + BATCH) / max(layer.count, 1)), _("Reading the file"))


def _take(
    gathering: Gathering,
    layer: Layer,
    row_id: str,
    prefix: str,
    key: str,
    number: int,
    properties: dict[str, Any],
    geometry: dict[str, Any] | None,
) -> None:
    label = _("row %(number)d of %(layer)s") % {"number": number, "layer": layer.title or layer.name}
    if geometry is None:
        gathering.fault("unread_shape", row_id, label)
        return
    stated = f"{prefix}{properties[key]}" if key else row_id if layer.has_keys else None
    source_id = gathering.ids.of(stated, {}, geometry, label)
    gathering.add(source_id, properties, geometry, otherwise=guess_by_name(layer.title or layer.name, geometry["type"]))


@dataclass(slots=True)
class _Batch:
    fids: NDArray[np.int64]
    shapes: NDArray[np.object_]
    columns: dict[str, list[Any]]

    def rows(self) -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
        """Row number, properties and GeoJSON geometry; None for shapes that are none or of no plain kind."""
        texts = shapely.to_geojson(self.shapes)
        values = zip(*self.columns.values(), strict=True) if self.columns else ((),) * len(self.fids)
        for fid, text, row in zip(self.fids.tolist(), texts, values, strict=True):
            properties = dict(zip(self.columns, row, strict=True))
            yield from ((fid, properties, part) for part in _plain(orjson.loads(text) if text else None))


def _plain(geometry: dict[str, Any] | None) -> Iterator[dict[str, Any] | None]:
    if geometry is not None and geometry["type"] == "GeometryCollection":
        yield from geometry["geometries"] or [None]
        return
    yield geometry


def _batch(layer: Layer, first: int) -> _Batch:
    meta, fids, wkb, fields = raw.read(
        layer.path,
        layer=layer.name,
        skip_features=first,
        max_features=BATCH,
        return_fids=True,
        datetime_as_string=True,
        **layer.options,
    )
    names = [layer.decode(name) for name in meta["fields"]]
    columns = {name: _values(column, layer.decode) for name, column in zip(names, fields, strict=True)}
    return _Batch(fids, _shapes(wkb), columns)


def _values(column: NDArray[Any], decode: Decode) -> list[Any]:
    values: list[Any] = column.tolist()
    if column.dtype != object or decode is str:
        return values
    return [decode(value) if isinstance(value, str) else value for value in values]


def _shapes(wkb: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes, None for what is empty or of no plain kind; flat where a height is none."""
    shapes: NDArray[np.object_] = shapely.from_wkb(wkb, on_invalid="ignore")
    plain = (shapely.get_type_id(shapes) < _PLAIN_TYPES) & ~shapely.is_empty(shapes) & ~shapely.is_missing(shapes)
    shapes[~plain] = None
    points, owner = shapely.get_coordinates(shapes, include_z=True, return_index=True)
    holed = np.zeros(len(shapes), dtype=bool)
    holed[owner[~np.isfinite(points[:, 2])]] = True
    holed &= shapely.has_z(shapes)
    shapes[holed] = shapely.force_2d(shapes[holed])
    return shapes
