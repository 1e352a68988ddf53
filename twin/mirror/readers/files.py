"""Opening a city file: its size, its unpacking, its fingerprint. Nothing is read before its size is known."""

import hashlib
import posixpath
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from twin.mirror.errors import FileRefused, FileTooLarge
from twin.mirror.readers.limits import MAX_FILE_BYTES, MAX_LINE_BYTES, MAX_SEQUENCE_BYTES, MAX_ZIP_RATIO

SEQUENCE_SUFFIXES = {".jsonl", ".ndjson"}
_CHUNK = 1 << 20


@dataclass(slots=True, frozen=True)
class CityFile:
    """A file, or the one file within a zip archive."""

    path: Path
    member: str | None  # the name within the archive
    size: int

    @property
    def name(self) -> str:
        return self.member or self.path.name

    @property
    def suffix(self) -> str:
        """In lower case, with its dot."""
        return Path(self.name).suffix.lower()

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes, by which formats are told apart."""
        with self.open() as opened:
            return opened.read(size)

    def beside(self, relative: str) -> "CityFile | None":
        """A file that this one names by a relative path: a code list, a texture, the attributes of a shape file.

        Only what was handed in with it is found: the folder of the file and below, or the archive.
        """
        parts = posixpath.normpath(posixpath.join(posixpath.dirname(self.member or ""), relative)).split("/")
        if relative.startswith("/") or "\\" in relative or "\0" in relative or ".." in parts:
            return None
        if self.member is None:
            root = self.path.parent.resolve()
            found = root.joinpath(*parts).resolve()
            return (
                CityFile(found, None, found.stat().st_size) if found.is_relative_to(root) and found.is_file() else None
            )
        try:
            with zipfile.ZipFile(self.path) as archive:
                info = archive.getinfo("/".join(parts))
        except (zipfile.BadZipFile, OSError, KeyError):
            return None
        return None if info.is_dir() else _member(self.path, info)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes, unpacked. More of them than the archive declared are refused."""
        if self.member is None:
            with self.path.open("rb") as file:
                yield file
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as member:
                yield member
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise FileRefused(
                _("%(file)s cannot be unpacked: %(cause)s") % {"file": self.path.name, "cause": error}
            ) from None

    def require_readable(self, limit: int = MAX_SEQUENCE_BYTES) -> None:
        """Refuse what is too large even for readers that hold little of it at a time."""
        if self.size > limit:
            raise _too_large(self.name, limit)

    def read(self) -> bytes:
        """All of it."""
        if self.size > MAX_FILE_BYTES:
            raise _too_large(self.name, MAX_FILE_BYTES)
        with self.open() as file:
            content = file.read(self.size + 1)
        if len(content) > self.size:
            raise FileRefused(_("%(file)s unpacks to more than it declares.") % {"file": self.path.name})
        return content

    def put(self, path: Path) -> None:
        """Make the file available under another name, for libraries that read by name: linked, or unpacked."""
        self.require_readable()
        if self.member is None:
            path.symlink_to(self.path.resolve())
            return
        with self.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, _CHUNK)

    def lines(self) -> Iterator[tuple[int, bytes, int]]:
        """Number, content and end position of each line that is not blank."""
        self.require_readable()
        position = 0
        with self.open() as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE_BYTES + 1), b""), start=1):
                position += len(line)
                if len(line) > MAX_LINE_BYTES:
                    raise FileTooLarge(
                        _("%(file)s, line %(line)d is longer than %(limit)d MB.")
                        % {"file": self.name, "line": number, "limit": MAX_LINE_BYTES >> 20}
                    )
                if position > self.size:
                    raise FileRefused(_("%(file)s unpacks to more than it declares.") % {"file": self.path.name})
                if stripped := line.strip():
                    yield number, stripped, position

    def sha256(self) -> str:
        """The fingerprint of the file as it was handed in."""
        digest = hashlib.sha256()
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def open_city_file(path: Path) -> CityFile:
    """A file or the only one in a zip archive; refuses folders, empty files, archives of several and zip bombs."""
    if not path.is_file():
        raise FileRefused(_("%(file)s is not a file.") % {"file": path})
    if path.stat().st_size == 0:
        raise FileRefused(_("%(file)s is empty.") % {"file": path.name})
    if not zipfile.is_zipfile(path):
        return CityFile(path, None, path.stat().st_size)
    return _only_member(path)


def _only_member(path: Path) -> CityFile:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                info
                for info in archive.infolist()
                if not info.is_dir() and not info.filename.startswith("__MACOSX/") and "/." not in f"/{info.filename}"
            ]
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(_("%(file)s cannot be unpacked: %(cause)s") % {"file": path.name, "cause": error}) from None
    members = _without_siblings(members)
    if len(members) != 1:
        raise FileRefused(
            _("%(file)s holds %(count)d files. Hand in an archive with the city file alone.")
            % {"file": path.name, "count": len(members)}
        )
    return _member(path, members[0])


def _without_siblings(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """The members but for what belongs to a shape file, which several files of one name make up."""
    shapes = {
        stem for info in members for stem, suffix in [posixpath.splitext(info.filename)] if suffix.lower() == ".shp"
    }
    return [
        info
        for info in members
        if info.filename.lower().endswith(".shp") or not any(info.filename.startswith(f"{stem}.") for stem in shapes)
    ]


def _member(path: Path, info: zipfile.ZipInfo) -> CityFile:
    """A member of an archive; what is locked, or unpacks to more than a city file does, is refused."""
    if info.flag_bits & 0x1:
        raise FileRefused(_("%(file)s is locked with a password.") % {"file": path.name})
    if info.file_size > MAX_ZIP_RATIO * max(info.compress_size, 1):
        raise FileRefused(
            _("%(file)s unpacks to %(ratio)d times its size, which no city file does.")
            % {"file": path.name, "ratio": info.file_size // max(info.compress_size, 1)}
        )
    return CityFile(path, info.filename, info.file_size)


def _too_large(name: str, limit: int) -> FileTooLarge:
    return FileTooLarge(
        _("%(file)s is larger than %(limit)d MB, the most that is read at once.") % {"file": name, "limit": limit >> 20}
    )
