"""Small shape files and GeoPackages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio import raw

from tests.factories.mirror import EAST, NORTH

Columns = Mapping[str, Sequence[Any]]


def squares(count: int, size: float = 10) -> list[shapely.Geometry]:
    """A row of squares from (EAST, NORTH) to the east, in EPSG:5186."""
    return [shapely.box(EAST + 2 * n * size, NORTH, EAST + (2 * n + 1) * size, NORTH + size) for n in range(count)]


def shapefile(
    path: Path,
    shapes: Sequence[shapely.Geometry],
    columns: Columns,
    *,
    geometry_type: str = "Polygon",
    crs: str | None = "EPSG:5186",
    encoding: str = "UTF-8",
) -> Path:
    """With all its siblings; see `says` for what the siblings say of its letters."""
    _write(path, shapes, columns, driver="ESRI Shapefile", geometry_type=geometry_type, crs=crs, encoding=encoding)
    return path


def says(path: Path, *, cpg: str | None = None, language: int = 0) -> Path:
    """Let a shape file say of its letters this and no more."""
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    table = path.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    content[29] = language
    table.write_bytes(content)
    return path


def geopackage(
    path: Path,
    layer: str,
    shapes: Sequence[shapely.Geometry],
    columns: Columns,
    *,
    geometry_type: str = "Polygon",
    crs: str | None = "EPSG:5186",
) -> Path:
    """A layer more in a GeoPackage."""
    _write(path, shapes, columns, driver="GPKG", geometry_type=geometry_type, crs=crs, layer=layer)
    return path


def _write(path: Path, shapes: Sequence[shapely.Geometry], columns: Columns, **options: Any) -> None:
    arrays = [np.array(list(values), dtype=_dtype(values)) for values in columns.values()]
    wkb = shapely.to_wkb(np.array(list(shapes), dtype=object))
    raw.write(str(path), wkb, arrays, list(columns), **options)


def _dtype(values: Sequence[Any]) -> type:
    if all(isinstance(value, int) for value in values):
        return np.int64
    return np.float64 if all(isinstance(value, int | float) for value in values) else object
