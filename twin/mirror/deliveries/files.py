"""The files of deliveries: private to the installation, named by us, gone when nobody needs them any more."""

import datetime as dt
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from metacity.commons.errors import Invalid
from metacity.commons.text import clean_text
from twin.mirror.errors import FileTooLarge
from twin.mirror.readers.formats import FORMATS

# Files that stand beside another and say nothing alone: parts of a shape file, pictures, code lists.
COMPANIONS = frozenset({".dbf", ".shx", ".prj", ".cpg", ".xml", ".png", ".jpg", ".jpeg"})
MOST_FILES = 200
_SEVERAL = "delivery.zip"


class Upload(Protocol):
    """A file as a form hands it over."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


def accepted_suffixes() -> list[str]:
    """How names of city files end."""
    return sorted({suffix for entry in FORMATS for suffix in entry.suffixes} | {".zip"})


def keep(delivery: uuid.UUID, uploads: Sequence[Upload]) -> int:
    """Write what was handed in to the delivery's folder; several files become one archive. How many bytes.

    Raises `Invalid` (field `file`) for none, too many, or what is no city file by its name, and `FileTooLarge`.
    """
    names = [_name(upload) for upload in uploads]
    _check(names, uploads)
    folder = _folder(delivery)
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    try:
        if len(uploads) == 1:
            _write(folder / f"city{_suffix(names[0])}", uploads[0])
        else:
            _pack(folder / _SEVERAL, names, uploads)
    except BaseException:
        forget(delivery)
        raise
    return sum(upload.size or 0 for upload in uploads)


def path_of(delivery: uuid.UUID) -> Path | None:
    """The one file of a delivery; None when it is gone."""
    return next(iter(sorted(_folder(delivery).glob("*"))), None)


def forget(delivery: uuid.UUID) -> None:
    shutil.rmtree(_folder(delivery), ignore_errors=True)


def kept() -> list[uuid.UUID]:
    """The deliveries that have files here."""
    root = Path(settings.DELIVERIES_ROOT)
    return [uuid.UUID(folder.name) for folder in root.iterdir()] if root.is_dir() else []


def is_older(delivery: uuid.UUID, moment: dt.datetime) -> bool:
    try:
        return _folder(delivery).stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def shown_name(upload: Upload) -> str:
    return clean_text(_name(upload)[-255:], 255, multiline=False)


def _folder(delivery: uuid.UUID) -> Path:
    return Path(settings.DELIVERIES_ROOT) / str(delivery)


def _name(upload: Upload) -> str:
    return PurePosixPath((upload.name or "").replace("\\", "/")).name


def _suffix(name: str) -> str:
    lower = name.lower()
    return ".city.json" if lower.endswith(".city.json") else PurePosixPath(lower).suffix


def _check(names: Sequence[str], uploads: Sequence[Upload]) -> None:
    accepted = accepted_suffixes()
    if not names:
        raise Invalid(fields={"file": [_("Choose a file.")]})
    if len(names) > MOST_FILES:
        raise Invalid(fields={"file": [_("At most %(most)d files. Put more into a zip.") % {"most": MOST_FILES}]})
    if len({name.lower() for name in names}) < len(names):
        raise Invalid(fields={"file": [_("Two of the files have the same name.")]})
    suffixes = [PurePosixPath(name.lower()).suffix for name in names]
    strange = [name for name, suffix in zip(names, suffixes, strict=True) if suffix not in {*accepted, *COMPANIONS}]
    if strange or not set(suffixes) & set(accepted):
        text = _("%(file)s is no city file. They end in %(endings)s.")
        told = {"file": (strange or names)[0][:80], "endings": ", ".join(accepted)}
        raise Invalid(fields={"file": [text % told]})
    if sum(upload.size or 0 for upload in uploads) > settings.CITY_UPLOAD_MB * 2**20:
        raise FileTooLarge(_("These files are larger than %(limit)d MB.") % {"limit": settings.CITY_UPLOAD_MB})


def _write(path: Path, upload: Upload) -> None:
    with path.open("xb") as file:
        for chunk in upload.chunks():
            file.write(chunk)


def _pack(path: Path, names: Sequence[str], uploads: Sequence[Upload]) -> None:
    """Their names say which belong together, so they stay; within an archive they can do no harm."""
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as archive:
        for name, upload in zip(names, uploads, strict=True):
            with archive.open(name, "w", force_zip64=True) as member:
                for chunk in upload.chunks():
                    member.write(chunk)
