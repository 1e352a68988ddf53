"""Shapefile (ESRI 1998): shapes, with their attributes in a file beside them, in whatever letters."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.footprints import Gathering
from twin.mirror.readers.reading import Progress, Reading
from twin.mirror.readers.tables.encoding import encoding_of
from twin.mirror.readers.tables.layers import frame_of, layer_of, read_layer

_MAGIC = b"\x00\x00\x27\x0a"
_PRJ_BYTES = 20_000
_BYTE_BY_BYTE = "ISO-8859-1"  # as GDAL spells it: it hands texts over as they are, and we know better what they say


def read_shapefile(
    file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
) -> Iterator[Reading]:
    """A shape file with its `.shx`, `.dbf`, `.prj` and `.cpg`."""
    progress(0.0, _("Reading the file"))
    if not file.head(4).startswith(_MAGIC):
        raise FileRefused(_("%(file)s is no shape file.") % {"file": file.name})
    members = {".shp": file, ".shx": _required(file, ".shx"), ".dbf": _required(file, ".dbf")}
    crs = crs or _stated_crs(file)
    encoding = encoding_of(members[".dbf"], _beside(file, ".cpg"))
    stem = Path(file.name).stem
    with TemporaryDirectory() as folder:
        for suffix, member in members.items():
            member.put(Path(folder) / f"table{suffix}")
        try:
            opened = layer_of(Path(folder) / "table.shp", None, "ESRI Shapefile", encoding=_BYTE_BY_BYTE)
            layer = replace(opened, decode=lambda text: _decoded(text, encoding.name))
            gathering = Gathering("Shapefile", crs, frame, encoding=encoding)
            gathering.lay_frame(frame_of([(layer, crs)]))
            yield from read_layer(gathering, replace(layer, title=stem), prefix="", progress=progress)
        except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError) as error:
            raise FileRefused(
                _("%(file)s cannot be read: %(cause)s")
                % {"file": file.name, "cause": str(error).replace(f"{folder}/table", stem)}
            ) from None
    yield from gathering.rest()


def _decoded(text: str, codec: str) -> str:
    return text if text.isascii() else text.encode(_BYTE_BY_BYTE).decode(codec, "replace").rstrip("\ufffd")


def _beside(file: CityFile, suffix: str) -> CityFile | None:
    """The sibling of the same name, its suffix in small letters or capitals."""
    stem = Path(file.name).stem
    return next(
        (found for spelled in (suffix, suffix.upper()) if (found := file.beside(f"{stem}{spelled}")) is not None), None
    )


def _required(file: CityFile, suffix: str) -> CityFile:
    found = _beside(file, suffix)
    if found is None:
        raise FileRefused(
            _("%(file)s lacks its %(suffix)s file. Hand in all files of that name, together or in a zip archive.")
            % {"file": file.name, "suffix": suffix}
        )
    return found


def _stated_crs(file: CityFile) -> SourceCrs:
    prj = _beside(file, ".prj")
    if prj is None:
        raise FileRefused(
            _("%(file)s has no .prj file that states its coordinate system. State it with --crs EPSG:N.")
            % {"file": file.name}
        )
    text = prj.head(_PRJ_BYTES).decode("utf-8", "replace").strip("\0\ufeff \r\n\t")
    try:
        stated = CRS.from_wkt(text)
        epsg = stated.to_epsg() or stated.to_epsg(min_confidence=25)
    except CRSError:
        stated, epsg = None, None
    if epsg is None:
        raise FileRefused(
            _("%(crs)s, stated by %(file)s, has no EPSG code that we know. State it with --crs EPSG:N.")
            % {"crs": (stated.name if stated else text)[:80], "file": prj.name}
        )
    return SourceCrs(epsg)
