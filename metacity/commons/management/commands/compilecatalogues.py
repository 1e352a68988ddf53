"""`manage.py compilecatalogues`: translations from .po to .mo, without the system's gettext."""

import os
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compiles the catalogues of all rooms."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="*", type=Path, help="Catalogues of these folders only.")

    def handle(self, *args: Any, folders: list[Path], **options: Any) -> None:
        sources = sorted(
            po for folder in folders or settings.LOCALE_PATHS for po in Path(folder).glob("*/LC_MESSAGES/*.po")
        )
        for po in sources:
            _compile(po)
        if options["verbosity"]:
            self.stdout.write(f"{len(sources)} catalogues compiled.")


def _compile(po: Path) -> None:
    """Writes the .mo beside `po`, in one move: a server that reads meanwhile never meets half a file."""
    buffer = BytesIO()
    write_mo(buffer, _read(po))
    part = po.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(buffer.getvalue())
    part.replace(po.with_suffix(".mo"))


def _read(po: Path) -> Catalog:
    try:
        with po.open("rb") as file:
            catalogue = read_po(file, locale=po.parent.parent.name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise CommandError(f"{po}: {error}") from error
    faults = [f"{po}:{message.lineno}: {error}" for message, errors in catalogue.check() for error in errors]
    if faults:
        raise CommandError("\n".join(faults))
    return catalogue
