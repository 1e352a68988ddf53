"""Readers of city files. All of them end in `Reading`s: features in the city's local frame."""

from pathlib import Path

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.files import open_city_file
from twin.mirror.readers.formats import format_of
from twin.mirror.readers.reading import Progress, Reading, merged, no_progress

__all__ = ["Progress", "Reading", "no_progress", "read"]


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
        A file of one of `formats.FORMATS`.
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
    return merged(format_of(file).read(file, frame=frame, crs=crs, progress=progress))
