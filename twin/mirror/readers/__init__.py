"""Readers of city files. All of them end in a `Reading`: features in the city's local frame."""

from pathlib import Path
from typing import Protocol

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.cityjson import read_cityjson
from twin.mirror.readers.cityjsonseq import read_cityjsonseq
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import CityFile, open_city_file
from twin.mirror.readers.geojson import read_geojson
from twin.mirror.readers.reading import Progress, Reading, no_progress

__all__ = ["Progress", "Reading", "no_progress", "read"]

_GEOJSON_SUFFIX = ".geojson"
_HEAD_BYTES = 65_536


def read(
    path: Path,
    *,
    frame: LocalFrame | None = None,
    epsg: int | None = None,
    progress: Progress = no_progress,
) -> Reading:
    """Read a city file of any known format, or a zip archive with one.

    Parameters
    ----------
    path
        CityJSON 1.0 to 2.0, CityJSONSeq or GeoJSON.
    frame
        The city's local frame. Without one, a frame is laid around the file.
    epsg
        The file's coordinate system, where it states none or a wrong one.

    Raises
    ------
    FileRefused, FileTooLarge
        With the object or line, and the cause.
    """
    file = open_city_file(path)
    crs = SourceCrs(epsg) if epsg is not None else None
    return _reader(file)(file, frame=frame, crs=crs, progress=progress)


class _Reader(Protocol):
    def __call__(
        self, file: CityFile, *, frame: LocalFrame | None, crs: SourceCrs | None, progress: Progress
    ) -> Reading: ...


def _reader(file: CityFile) -> _Reader:
    if file.is_sequence:
        return read_cityjsonseq
    if Path(file.name).suffix.lower() == _GEOJSON_SUFFIX:
        return read_geojson
    with file.open() as opened:
        head = opened.read(_HEAD_BYTES)
    return read_geojson if b'"FeatureCollection"' in head else read_cityjson
