"""What is handed in at once: one city file or several, a folder, a zip archive; and what of it is no city file."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twin.mirror.errors import FileRefused
from twin.mirror.readers.files import CityFile, members_of, sha256_of
from twin.mirror.readers.formats import FORMATS, format_of
from twin.mirror.readers.limits import MAX_FILES

# What city files name and readers find by themselves, or what only accompanies them: not worth a word.
SIBLINGS = frozenset(
    {".cpg", ".dbf", ".dtd", ".jpeg", ".jpg", ".mtl", ".png", ".prj", ".qix", ".sbn", ".sbx", ".shx", ".tfw", ".tif"}
    | {".tiff", ".webp", ".xsd"}
)
# Folders of code lists, schemas and pictures, as the national models lay them out.
SIBLING_FOLDERS = frozenset({"appearances", "codelists", "metadata", "schemas", "specification"})

# JSON is written about everything; that about cities has one of these words near its beginning.
_CITY_WORDS = (b'"CityJSON"', b'"CityObjects"', b'"FeatureCollection"', b'"Feature"')

# Why a file was left out; the codes are stored, never rename one.
REASONS: dict[str, Promise] = {
    "unknown_format": gettext_lazy("Not a format of city files"),
    "empty": gettext_lazy("Empty"),
    "refused": gettext_lazy("Refused"),
}


@dataclass(slots=True, frozen=True)
class LeftOut:
    """A file that brought nothing into the city. `reason` is one of `REASONS`."""

    name: str
    reason: str
    detail: str = ""


@dataclass(slots=True)
class Delivery:
    """The city files that were handed in together, in the order of their names, and what else there was."""

    files: list[CityFile]
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes to be read."""
        return sum(file.size for file in self.files)

    def sha256(self) -> str:
        """The fingerprint of what was handed in: of a single file its own, else of all names and fingerprints."""
        handed_in = sorted({file.path for file in self.files})
        if len(handed_in) == 1:
            return sha256_of(handed_in[0])
        names = {file.path: file.shown_name if file.member is None else file.path.name for file in self.files}
        digest = hashlib.sha256()
        for name, path in sorted((names[path], path) for path in handed_in):
            digest.update(f"{name}\0{sha256_of(path)}\n".encode())
        return digest.hexdigest()


def open_delivery(paths: Sequence[Path]) -> Delivery:
    """Find the city files in files, folders (with all below them) and zip archives.

    A single file is taken for a city file, whatever it is called: its reader says what is wrong with it. Of several,
    those that no reader knows are left out.

    Raises
    ------
    FileRefused
        Where nothing is there, an archive is locked, hostile or within another, or no city file is found.
    """
    found = [file for path in paths for file in _files_at(path)]
    if len(found) == 1:
        if not found[0].size:
            raise FileRefused(_("%(file)s is empty.") % {"file": found[0].shown_name})
        return Delivery(found)
    if len(found) > MAX_FILES:
        raise FileRefused(_("More than %(limit)d files were handed in at once.") % {"limit": MAX_FILES})
    delivery = Delivery([])
    for file in found:
        if _accompanies(file):
            continue
        if not file.size:
            delivery.left_out.append(LeftOut(file.shown_name, "empty"))
        elif not _is_known(file):
            delivery.left_out.append(LeftOut(file.shown_name, "unknown_format"))
        else:
            delivery.files.append(file)
    if not delivery.files:
        raise FileRefused(_("There is no city file in %(names)s.") % {"names": _names(paths)})
    return delivery


def _files_at(path: Path) -> Iterator[CityFile]:
    if path.is_dir():
        for below in sorted(path.rglob("*")):
            is_hidden = any(part.startswith((".", "__MACOSX")) for part in below.relative_to(path).parts)
            if below.is_file() and not is_hidden:
                yield from _unpacked(below, path)
        return
    if not path.is_file():
        raise FileRefused(_("%(file)s is not a file.") % {"file": path})
    yield from _unpacked(path, path.parent)


def _unpacked(path: Path, root: Path) -> Iterable[CityFile]:
    if path.stat().st_size == 0 or not zipfile.is_zipfile(path):
        return [CityFile(path, None, path.stat().st_size, root)]
    return members_of(path)


def _accompanies(file: CityFile) -> bool:
    folders = Path(file.shown_name).parent.parts
    return file.suffix in SIBLINGS or not SIBLING_FOLDERS.isdisjoint(part.casefold() for part in folders)


def _is_known(file: CityFile) -> bool:
    """Whether a format claims the file by its name, and then by its first bytes."""
    if not any(file.suffix in entry.suffixes for entry in FORMATS):
        return False
    head = file.head()
    if file.suffix == ".json" and not any(word in head for word in _CITY_WORDS):
        return False
    return file.suffix in format_of(file).suffixes


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(path.name for path in paths[:5]) + (" …" if len(paths) > 5 else "")
