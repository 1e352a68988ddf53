"""Records set aside on disk while a survey is being read, so that their number costs no memory."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson

IN_MEMORY_BYTES = 4 << 20


class Spool:
    """Lists of plain data in the order in which they were written; goes with the process."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - lives as long as this

    def write(self, record: list[Any]) -> None:
        self._file.write(orjson.dumps(record) + b"\n")

    def read(self) -> Iterator[list[Any]]:
        """From the first record on; to be read to the end before the next is written."""
        self._file.seek(0)
        for line in self._file:
            yield orjson.loads(line)
        self._file.seek(0, 2)
