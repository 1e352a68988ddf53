"""`manage.py seed_demo`: the sample district, its accounts, and what each room adds to it."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from metacity.commons import clocks
from metacity.commons.seeding import seed_all
from twin.mirror.models import City

SLUG = "gaon"


class Command(BaseCommand):
    help = (
        "Make the demo's fictional district with accounts and all that people do in it. Run again, it changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Invented ideas never stand on a real district: set METACITY_MODE=demo.")
        call_command("seed_demo_accounts", verbosity=options["verbosity"], stdout=self.stdout)
        city = City.objects.filter(slug=SLUG, publication__isnull=False).first() or self._make_city(
            options["verbosity"]
        )
        for room, made in seed_all(city, clocks.now()):
            self.stdout.write(f"{city.name}, {room}: {made}")

    def _make_city(self, verbosity: int) -> City:
        """Through the same importer as any city."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "gaon.city.json"
            call_command("make_sample_city", str(path), verbosity=verbosity, stdout=self.stdout)
            call_command(
                "import_city",
                str(path),
                slug=SLUG,
                name="가온구",
                name_en="Gaon-gu",
                security="open",
                licence="CC0-1.0",
                verbosity=verbosity,
                stdout=self.stdout,
            )
        return City.objects.get(slug=SLUG)
