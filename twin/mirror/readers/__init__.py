"""Readers of city files. All of them end in `Reading`s: features in the city's local frame."""

from pathlib import Path

from twin.mirror.frame import LocalFrame
from twin.mirror.readers.delivery import Delivery, open_delivery
from twin.mirror.readers.reading import Progress, Reading, merged, no_progress
from twin.mirror.readers.stream import Part, Stream

__all__ = ["Delivery", "Part", "Progress", "Reading", "Stream", "no_progress", "open_delivery", "read"]


def read(
    path: Path,
    *,
    frame: LocalFrame | None = None,
    epsg: int | None = None,
    progress: Progress = no_progress,
) -> Reading:
    """Read a city file of any known format, or a folder or zip archive of several, all of it at once.

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
    stream = Stream(open_delivery([path]), frame=frame, epsg=epsg, progress=progress)
    whole = merged(part.reading for part in stream)
    whole.faults += stream.orphans()
    return whole
