"""All files of a delivery as one stream of parts, in one frame, each object once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from metacity.commons.errors import CityError
from twin.mirror.errors import FileRefused
from twin.mirror.frame import LocalFrame
from twin.mirror.readers.crs import SourceCrs
from twin.mirror.readers.delivery import Delivery, LeftOut
from twin.mirror.readers.files import CityFile
from twin.mirror.readers.formats import format_of
from twin.mirror.readers.reading import Fault, Progress, Reading, no_progress
from twin.mirror.readers.register import Register


@dataclass(slots=True)
class Part:
    """Some objects of a delivery, and the file they come from."""

    file: CityFile
    reading: Reading


@dataclass(slots=True)
class Stream:
    """Yields the parts of a delivery, file after file; all that it keeps is eight bytes an object.

    The frame is the given one, or is laid around the first part. A file that is refused refuses the delivery, by its
    name, unless `skip_refused`: then it is left out, as long as nothing of it was yielded.
    """

    delivery: Delivery
    frame: LocalFrame | None = None
    epsg: int | None = None
    progress: Progress = no_progress
    skip_refused: bool = False
    register: Register = field(default_factory=Register)

    def __iter__(self) -> Iterator[Part]:
        """Raises `FileRefused` or `FileTooLarge`, with the object or line, and the cause."""
        done = 0
        for file in self.delivery.files:
            for reading in self._read(file, done / self.delivery.size, (done + file.size) / self.delivery.size):
                self.frame = reading.frame
                self.register.take(reading)
                yield Part(file, reading)
            done += file.size
        if self.frame is None:
            raise FileRefused(_("No file of the delivery could be read."))

    def orphans(self) -> list[Fault]:
        """Once all was read: parts whose whole is in none of the files."""
        return list(self.register.orphans())

    def _read(self, file: CityFile, low: float, high: float) -> Iterator[Reading]:
        crs = SourceCrs(self.epsg) if self.epsg is not None else None

        def progress(share: float, note: str) -> None:
            self.progress(low + (high - low) * share, note)

        is_first = True
        try:
            for reading in format_of(file).read(file, frame=self.frame, crs=crs, progress=progress):
                yield reading
                is_first = False
        except CityError as error:
            if not (self.skip_refused and is_first and isinstance(error, CityError)):
                raise self._named(file, error) from None
            self.delivery.left_out.append(LeftOut(file.shown_name, "refused", str(error.message)[:300]))

    def _named(self, file: CityFile, error: CityError) -> CityError:
        """The error with the file's name, where there are several."""
        if len(self.delivery.files) > 1 and file.name not in str(error.message):
            error.message = f"{file.shown_name}: {error.message}"
        return error
