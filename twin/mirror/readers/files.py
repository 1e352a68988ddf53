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
from twin.mirror.readers.limits import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_LINE_BYTES,
    MAX_SEQUENCE_BYTES,
    MAX_ZIP_RATIO,
)

SEQUENCE_SUFFIXES = {".jsonl", ".ndjson"}
ARCHIVE_SUFFIXES = (".zip", ".7z", ".rar", ".tar", ".tar.gz", ".tgz", ".gz", ".bz2", ".xz")
_CHUNK = 1 << 20


@dataclass(slots=True, frozen=True)
class CityFile:
    """A file, or a file within a zip archive."""

    path: Path
    member: str | None  # the name within the archive
    size: int
    root: Path | None = None  # the folder that was handed in; the file's own unless given

    @property
    def name(self) -> str:
        return self.member or self.path.name

    @property
    def shown_name(self) -> str:
        """The name by which whoever handed it in knows it: within the folder or the archive."""
        if self.member is not None:
            return f"{self.path.name}/{self.member}"
        return self.path.relative_to(self._root).as_posix()

    @property
    def _root(self) -> Path:
        return self.path.parent if self.root is None else self.root

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

        Only what was handed in with it is found: the folder that was handed in and below, or the archive.
        """
        here = self.member or self.path.relative_to(self._root).as_posix()
        parts = posixpath.normpath(posixpath.join(posixpath.dirname(here), relative)).split("/")
        if relative.startswith("/") or "\\" in relative or "\0" in relative or ".." in parts:
            return None
        if self.member is None:
            root = self._root.resolve()
            found = root.joinpath(*parts).resolve()
            if not found.is_relative_to(root) or not found.is_file():
                return None
            return CityFile(found, None, found.stat().st_size, root)
        try:
            with zipfile.ZipFile(self.path) as archive:
                info = archive.getinfo("/".join(parts))
        except (zipfile.BadZipFile, OSError, KeyError):
            return None
        if info.is_dir():
            return None
        _check_member(self.path, info)
        return CityFile(self.path, info.filename, info.file_size)

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


def sha256_of(path: Path) -> str:
    """The fingerprint of a file as it was handed in."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def members_of(path: Path) -> list[CityFile]:
    """The files in a zip archive, hidden ones aside, by name; refuses archives within it, passwords and zip bombs."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir() and not _is_hidden(info.filename)]
    except (zipfile.BadZipFile, OSError) as error:
        raise FileRefused(_("%(file)s cannot be unpacked: %(cause)s") % {"file": path.name, "cause": error}) from None
    if not members:
        raise FileRefused(_("There is no city file in %(names)s.") % {"names": path.name})
    if len(members) > MAX_FILES:
        raise FileRefused(_("More than %(limit)d files were handed in at once.") % {"limit": MAX_FILES})
    for info in members:
        _check_member(path, info)
    total, packed = sum(info.file_size for info in members), sum(info.compress_size for info in members)
    _require_ratio(path, total, packed)
    if total > MAX_SEQUENCE_BYTES:
        raise _too_large(path.name, MAX_SEQUENCE_BYTES)
    return [CityFile(path, info.filename, info.file_size) for info in sorted(members, key=lambda info: info.filename)]


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or "/." in f"/{name}"


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    if info.filename.lower().endswith(ARCHIVE_SUFFIXES):
        raise FileRefused(
            _("%(file)s holds another archive: %(member)s. Unpack it first.")
            % {"file": path.name, "member": info.filename}
        )
    if info.flag_bits & 0x1:
        raise FileRefused(_("%(file)s is locked with a password.") % {"file": path.name})
    _require_ratio(path, info.file_size, info.compress_size)


def _require_ratio(path: Path, size: int, packed: int) -> None:
    if size > MAX_ZIP_RATIO * max(packed, 1):
        raise FileRefused(
            _("%(file)s unpacks to %(ratio)d times its size, which no city file does.")
            % {"file": path.name, "ratio": size // max(packed, 1)}
        )


def _too_large(name: str, limit: int) -> FileTooLarge:
    return FileTooLarge(
        _("%(file)s is larger than %(limit)d MB, the most that is read at once.") % {"file": name, "limit": limit >> 20}
    )
