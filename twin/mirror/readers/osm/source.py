"""An extract as osmium takes it: a file on disk, with a place for what osmium keeps of it."""

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import osmium

from twin.mirror.readers.files import CityFile
from twin.mirror.readers.osm.kinds import KEYS

# Places of nodes take 16 bytes each, and of an extract as PBF about three times its size; beyond, they lie on disk.
_IN_MEMORY_BYTES = {"pbf": 200 << 20, "xml": 3 << 30}
# Spelled so by many writers, and unknown to the parser.
_ODD_ENCODING = re.compile(rb"""^(\s*<\?xml[^>]*encoding=["'])utf8(["'])""", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Extract:
    """A file of OpenStreetMap on disk. The format is ours to say: no name leads to another one, or to a network."""

    path: Path
    format: str  # "pbf" or "xml"
    folder: Path  # for what does not fit into memory

    @property
    def file(self) -> osmium.io.File:
        return osmium.io.File(str(self.path.resolve()), self.format)

    def objects(self, *keys: str) -> Iterable[Any]:
        """Nodes, ways with places, relations and areas that have one of these keys, else one of `KEYS`."""
        chosen = osmium.filter.KeyFilter(*(keys or KEYS))
        processor = osmium.FileProcessor(self.file).with_locations(self._storage())
        return processor.with_areas(osmium.filter.KeyFilter(*(keys or KEYS))).with_filter(chosen)

    def relations(self, key: str, value: str) -> Iterable[Any]:
        chosen = osmium.filter.TagFilter((key, value))
        return osmium.FileProcessor(self.file, osmium.osm.RELATION).with_filter(chosen)

    def has_any(self, key: str) -> bool:
        """Whether a way or relation has a key: sooner known than where it is."""
        entities = osmium.osm.WAY | osmium.osm.RELATION
        found = osmium.FileProcessor(self.file, entities).with_filter(osmium.filter.KeyFilter(key))
        return next(iter(found), None) is not None

    def _storage(self) -> str:
        if self.path.stat().st_size <= _IN_MEMORY_BYTES[self.format]:
            return "flex_mem"
        return f"sparse_file_array,{self.folder / 'places'}"


@contextmanager
def extract_of(file: CityFile, kind: str) -> Iterator[Extract]:
    """An extract, unpacked and put right where it must be; what was made for it goes with it."""
    with work_folder(kind) as extract:
        if kind == "xml" and _ODD_ENCODING.match(file.head(200)):
            _respell(file, extract.path)
        else:
            file.put(extract.path)
        yield extract


@contextmanager
def work_folder(kind: str) -> Iterator[Extract]:
    """A place for an extract that is still to be put there."""
    with TemporaryDirectory() as name:
        yield Extract(Path(name) / f"extract.{kind}", kind, Path(name))


def _respell(file: CityFile, path: Path) -> None:
    with file.open() as source, path.open("wb") as target:
        target.write(_ODD_ENCODING.sub(rb"\1UTF-8\2", source.read(200)))
        shutil.copyfileobj(source, target, 1 << 20)
