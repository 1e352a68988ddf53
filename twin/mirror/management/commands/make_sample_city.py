"""`manage.py make_sample_city PATH`: write the fictional district as a CityJSON file, ready for `import_city`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from twin.mirror.sample import DEFAULT_SEED, write_sample_city


class Command(BaseCommand):
    """Write the sample city; the same seed gives the same bytes."""

    help = "Write the fictional sample district as a CityJSON 2.0 file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the file to write")
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, help="what the plan leaves open follows this number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if options["seed"] < 0:
            raise CommandError("The seed must not be negative.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            size = write_sample_city(path, options["seed"])
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: {size / 1e6:.1f} MB")
