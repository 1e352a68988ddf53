"""`manage.py import_city PATH`: take a city file into the platform, or say why not."""

import argparse
import datetime as dt
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from metacity.commons.errors import CityError
from twin.mirror.carrying import inspect
from twin.mirror.models import City, CityImport, Security
from twin.mirror.quality import lines
from twin.mirror.readers.attributes import ALIASES
from twin.mirror.readers.crs import epsg_of
from twin.mirror.services import Order, import_city, prepare_import

REFUSED = 2  # the exit code when the city was left as it was


class Command(BaseCommand):
    help = (
        "Imports city files: CityGML 1.0 to 3.0, CityJSON 1.0 to 2.0 and its sequences, OpenStreetMap (.osm, .osm.pbf "
        "or an answer of Overpass), and GeoJSON, GeoJSON sequences, GeoPackage or Shapefile with footprints and "
        "heights or storeys. One or several, a folder or a zip archive are one delivery. Prints a quality report, and "
        "publishes the city. Exit code 2: a file was refused, and the city is as it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", type=Path, metavar="PATH", nargs="+", help="a city file, a folder or an archive")
        parser.add_argument("--name", default="", help="the city's name; the file's name unless given")
        parser.add_argument("--name-en", default="", help="the city's name in English")
        parser.add_argument("--slug", default="", help="the city in addresses; an existing city is updated")
        parser.add_argument(
            "--crs",
            type=_epsg,
            metavar="EPSG:N",
            help="the coordinate system, where the file states none or a wrong one",
        )
        parser.add_argument(
            "--source", default="", help="whose ids the objects carry: replaces what this source brought before"
        )
        parser.add_argument(
            "--time-zone", type=_time_zone, default=None, help="such as Asia/Seoul; guessed unless given"
        )
        parser.add_argument("--licence", default="", help="such as CC BY 4.0")
        parser.add_argument("--attribution", default="", help="whom the map must name")
        parser.add_argument("--attribution-url", default="")
        parser.add_argument("--survey-date", type=_date, metavar="YYYY-MM-DD", help="when the data were collected")
        parser.add_argument(
            "--security", choices=Security.values, default=Security.RESTRICTED, help="who may have the data"
        )
        parser.add_argument(
            "--map",
            type=_column,
            action="append",
            default=[],
            metavar="ATTRIBUTE=COLUMN",
            help="the file's column for an attribute, such as height_m=HEIGHT; an empty column: none. May be repeated; "
            "remembered for the source",
        )
        parser.add_argument(
            "--no-publish",
            action="store_true",
            help="prepare only: the office looks at it, and publishes or discards it",
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="leave out files that are refused, and list them in the report"
        )
        parser.add_argument("--dry-run", action="store_true", help="read, check and report, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        fields = ("skip_refused", "slug", "name", "name_en", "source", "security", "licence", "attribution")
        order = Order(
            path=options["paths"][0],
            more_paths=tuple(options["paths"][1:]),
            **{field: options[field] for field in fields},
            epsg=options["crs"],
            time_zone=options["time_zone"] or "",
            attribution_url=options["attribution_url"],
            survey_date=options["survey_date"],
            columns=dict(options["map"]),
        )
        started = time.monotonic()
        try:
            if options["dry_run"]:
                city = City.objects.filter(slug=order.city_slug).first()
                report = inspect(order.stream(city, self._progress()))
            else:
                with _ended_in_order():
                    bring_in = prepare_import if options["no_publish"] else import_city
                    city_import = bring_in(order=order, progress=self._progress())
                report = city_import.report
        except CityError as error:
            raise CommandError(str(error.message), returncode=REFUSED) from None
        for line in lines(report):
            self.stdout.write(line)
        seconds = time.monotonic() - started
        if options["dry_run"]:
            self.stdout.write(_("Nothing was changed (--dry-run). %(seconds).1f s") % {"seconds": seconds})
            return
        self._tell(city_import, seconds)

    def _tell(self, city_import: CityImport, seconds: float) -> None:
        text = (
            _("Published as number %(number)d of %(city)s (%(slug)s): %(added)d new, %(changed)d changed, "
              "%(unchanged)d unchanged, %(removed)d gone. %(seconds).1f s")
            if city_import.state == CityImport.State.DONE
            else _("Ready as number %(number)d of %(city)s (%(slug)s), and not published: %(added)d new, %(changed)d "
                   "changed, %(unchanged)d unchanged, %(removed)d gone. %(seconds).1f s")
        )  # fmt: skip
        facts = {
            "number": city_import.publication.number if city_import.publication else 0,
            "city": city_import.city,
            "slug": city_import.city.slug,
            "seconds": seconds,
            **city_import.report["written"],
        }
        self.stdout.write(text % facts)

    def _progress(self) -> Any:
        """Prints a line for every new stage and every tenth of the way."""
        told: tuple[int, str] = (-1, "")

        def progress(share: float, note: str) -> None:
            nonlocal told
            if (int(share * 10), note) != told:
                told = (int(share * 10), note)
                self.stdout.write(f"[{share * 100:3.0f} %] {note}")
                self.stdout.flush()

        return progress


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Whoever ends the process by SIGTERM gets the city as it was, as with Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _column(text: str) -> tuple[str, str]:
    attribute, equals, column = text.partition("=")
    if not equals or attribute not in ALIASES:
        raise argparse.ArgumentTypeError(
            f"{text} is not of the form ATTRIBUTE=COLUMN, with one of {', '.join(ALIASES)}"
        )
    return attribute, column


def _epsg(text: str) -> int:
    code = int(text) if text.isdigit() else epsg_of(text)
    if code is None:
        raise argparse.ArgumentTypeError(f"{text} is not of the form EPSG:N")
    return code


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not of the form YYYY-MM-DD") from None


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise argparse.ArgumentTypeError(f"{text} is no time zone")
    return text
