"""GeoPackage (OGC 12-128): all layers of shapes. Views and virtual tables are never asked: nothing is executed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs, epsg_of
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.reading import Progress, Reading
from twin.mirror.readers.tables.layers import Layer, frame_of, has_rows, layer_of, read_layer

_MAGIC = b"SQLite format 3\0"
_SYSTEM = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_STEPS = 50_000_000  # of the database; looking through its own tables takes thousands
_MAX_LAYERS = 500


def read_geopackage(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """All layers of a GeoPackage, in one frame."""
    progress(0.0, _("Reading the file"))
    if not file.head(16).startswith(_MAGIC):
        raise FileRefused(_("%(file)s is no GeoPackage.") % {"file": file.name})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.gpkg"
        file.put(path)
        tables, left_out = _tables_of(path, file.name)
        try:
            yield from _read(path, tables, left_out, file.name, frame=frame, crs=crs, progress=progress)
        except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError) as error:
            raise FileRefused(
                _("%(file)s cannot be read: %(cause)s") % {"file": file.name, "cause": str(error).replace(folder, "")}
            ) from None


def _read(
    path: Path,
    tables: list[str],
    left_out: list[str],
    name: str,
    *,
    frame: LocalFrame | None,
    crs: SourceCrs | None,
    progress: Progress,
) -> Iterator[Reading]:
    opened = [_opened(path, table) for table in tables]
    layers = [(layer, crs or _crs_of(layer)) for layer in opened if has_rows(layer)]
    if not layers:
        raise FileRefused(_("%(file)s has no layer of shapes.") % {"file": name})
    gathering = Gathering("GeoPackage", layers[0][1], frame)
    gathering.lay_frame(frame_of(layers))
    for table in left_out:
        gathering.fault("left_out_layer", table)
    for number, (layer, own) in enumerate(layers):
        if own.epsg != gathering.crs.epsg:
            yield from gathering.in_other_crs(own)
        prefix = f"{layer.name}/" if len(layers) > 1 else ""
        told = _within(progress, number / len(layers), 1 / len(layers))
        yield from read_layer(gathering, layer, prefix=prefix, progress=told)
    yield from gathering.rest()


def _within(progress: Progress, first: float, share: float) -> Progress:
    return lambda done, note: progress(first + share * done, note)


def _opened(path: Path, table: str) -> Layer:
    layer = layer_of(path, table, "GPKG", IMMUTABLE="YES", LIST_ALL_TABLES="NO")
    return replace(layer, has_keys=True)


def _crs_of(layer: Layer) -> SourceCrs:
    epsg = epsg_of(layer.stated_crs)
    if epsg is None:
        raise FileRefused(
            _("The layer %(layer)s does not state its coordinate system. State it with --crs EPSG:N.")
            % {"layer": layer.name[:80]}
        )
    return SourceCrs(epsg)


def _tables_of(path: Path, name: str) -> tuple[list[str], list[str]]:
    """The layers that are plain tables, and those that are not. Raises `FileRefused` for any other database."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.set_progress_handler(lambda: 1, _STEPS)
            return _checked(database, name)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise FileRefused(_("%(file)s cannot be read: %(cause)s") % {"file": name, "cause": error}) from None


def _checked(database: sqlite3.Connection, name: str) -> tuple[list[str], list[str]]:
    schema = database.execute("SELECT lower(name), type, coalesce(sql, '') FROM sqlite_master").fetchall()
    plain = {
        table
        for table, kind, sql in schema
        if kind == "table" and not sql.lstrip().upper().startswith("CREATE VIRTUAL")
    }
    odd = {table for table, kind, _sql in schema if kind in {"table", "view"} and table not in plain}
    if not plain.issuperset(_SYSTEM):
        raise FileRefused(_("%(file)s is a database of SQLite, but no GeoPackage.") % {"file": name})
    if wrong := sorted(table for table in odd if table.startswith(("gpkg_", "sqlite_"))):
        raise FileRefused(
            _("%(file)s is no GeoPackage: its table %(table)s would run code.") % {"file": name, "table": wrong[0][:80]}
        )
    rows = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid")
    named = [str(table) for (table,) in rows.fetchmany(_MAX_LAYERS)]
    usable = [table for table in named if table.lower() in plain and not _computes(database, table)]
    return usable, [table[:100] for table in named if table not in usable]


def _computes(database: sqlite3.Connection, table: str) -> bool:
    """Whether columns of a table are computed when they are read."""
    columns = database.execute("SELECT hidden FROM pragma_table_xinfo(?)", [table])
    return any(hidden in {2, 3} for (hidden,) in columns)
