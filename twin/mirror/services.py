"""Bringing a file into a city: read, check, write, tile. All or nothing; `publishing` decides what is shown."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import clocks
from metacity.commons.access import Person
from metacity.commons.errors import CityError, Conflict, Invalid
from metacity.commons.text import clean_text
from twin.mirror.access import city_for_user
from twin.mirror.carrying import READ_SHARE, Telling, carry_out, within
from twin.mirror.errors import ImportRunning
from twin.mirror.models import City, CityImport, Publication, Security
from twin.mirror.publishing import next_number, publish, require_free, shown_imports, take_away, take_back
from twin.mirror.readers import Part, Progress, Reading, Stream, no_progress, open_delivery
from twin.mirror.readers.attributes import chosen
from twin.mirror.time_zones import time_zone_near

# A running import that has shown no sign of life for so long was ended by force: its city is free again.
LOST_AFTER = dt.timedelta(minutes=10)


def city_for(slug: str | None, user: Person | None = None) -> City:
    """The city at an address, or the default city where the address names none; raises `CityUnknown`.

    Cities with closed data are there only for a `user` from the office.
    """
    return city_for_user(user, slug)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be imported, into which city, and who may have it.

    What lies at `path` and `more_paths` (files, folders, zip archives) is one delivery; with `skip_refused` a file of
    it that is refused is left out and listed, else it refuses the whole.

    `source` names whose ids the objects carry: a later import of the same source into the city replaces this one, one
    of another source stands beside it. It is the (first) file's name unless said otherwise.
    """

    path: Path
    more_paths: tuple[Path, ...] = ()
    skip_refused: bool = False
    slug: str = ""
    name: str = ""
    name_en: str = ""
    epsg: int | None = None
    source: str = ""
    time_zone: str = ""
    security: str = Security.RESTRICTED
    licence: str = ""
    attribution: str = ""
    attribution_url: str = ""
    survey_date: dt.date | None = None
    file_name: str = ""
    """What the file was called by whoever handed it in, where it is kept under another name."""
    columns: dict[str, str] = field(default_factory=dict)
    """The file's column for attributes of ours; see `readers.attributes.chosen`."""

    def __post_init__(self) -> None:
        if not self.file_name:
            object.__setattr__(self, "file_name", self.path.name)

    @property
    def source_name(self) -> str:
        return clean_text(self.source or self.file_stem, 100, multiline=False)

    @property
    def file_stem(self) -> str:
        """The file's name without what only says its format."""
        return re.sub(
            r"(\.city|\.osm)?\.(json|jsonl|ndjson|geojson|geojsonl|geojsons|geojsonseq|ndgeojson|gml|citygml|xml|osm|pbf|gpkg|shp|zip)$",
            "",
            self.file_name,
            flags=re.IGNORECASE,
        )

    @property
    def shown_name(self) -> str:
        """What was handed in, in a few words."""
        more = len(self.more_paths)
        return f"{self.file_name} (+{more})" if more else self.file_name

    def stream(self, city: City | None, progress: Progress = no_progress) -> Stream:
        """What is to be imported, ready to be read into the frame of `city`, or into one of its own."""
        return Stream(
            open_delivery([self.path, *self.more_paths]),
            frame=city.frame if city else None,
            epsg=self.epsg,
            progress=lambda share, note: progress(READ_SHARE * share, note),
            skip_refused=self.skip_refused,
        )

    @property
    def city_slug(self) -> str:
        """Of letters, digits and hyphens; from the name or, where that has no Latin letters, from the file's name."""
        for text in (self.slug, self.name_en, self.name, self.file_stem, self.path.parent.name):
            slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
            if slug:
                return slug
        return "city"


def import_city(*, order: Order, started_by: User | None = None, progress: Progress = no_progress) -> CityImport:
    """Take a delivery into its city, which is made where there is none, and publish the city anew.

    As `prepare_import` and `publish` in one go: whatever fails, the city is as it was before. Raises what they raise.
    """
    city_import = prepare_import(order=order, started_by=started_by, progress=within(progress, 0.0, 0.97))
    progress(0.97, _("Publishing"))
    try:
        publish(city_import=city_import, by=started_by)
    except BaseException as error:
        undo_import(city_import, error)
        raise
    progress(1.0, _("Published"))
    return city_import


def prepare_import(
    *,
    order: Order,
    started_by: User | None = None,
    progress: Progress = no_progress,
    begun: Callable[[CityImport], None] | None = None,
) -> CityImport:
    """Take a file into its city as a publication that nobody sees yet; it is then ready to be published or discarded.

    Ids of objects that the source has named before stay. A city that is made for it is the office's alone until then.
    Whatever fails, the city is as it was before. Raises `FileRefused` or `FileTooLarge` for a file, and
    `ImportRunning` or `ImportWaiting` while another import holds the city. `begun` is called within the transaction
    that writes the import's row: whoever started it can find it again after a crash.
    """
    before = City.objects.filter(slug=order.city_slug).first()
    if before is not None and _end_lost_imports(before):
        before = City.objects.filter(slug=order.city_slug).first()
    if before is not None:
        require_free(before)
    told = Telling(progress)
    stream = order.stream(before, told)
    sha256 = stream.delivery.sha256()
    with chosen(order.columns or columns_of_source(before, order.source_name)):
        parts = iter(stream)
        first = next(parts)
        city_import, publication = _begin(order, first.reading, sha256, started_by, begun)
        told.city_import = city_import
        _carry_out(city_import, publication, stream, chain([first], parts), told)
    return city_import


def _carry_out(
    city_import: CityImport, publication: Publication, stream: Stream, parts: Iterable[Part], told: Progress
) -> None:
    try:
        carry_out(city_import, publication, stream, parts, told)
        _finish(city_import, publication)
    except BaseException as error:
        undo_import(city_import, error)
        raise


def undo_import(city_import: CityImport, error: BaseException | None) -> None:
    """Rows and files as they were before an unfinished import began; it stays on record with its cause.

    Without an `error` it was cancelled. A city that was made for the import goes, and the record with it.
    """
    if city_import.publication is not None:
        take_away(city_import.publication.pk)
        take_back(city_import, city_import.publication)
    cause = error.message if isinstance(error, CityError) else type(error).__name__ if error else ""
    CityImport.objects.unfinished().filter(pk=city_import.pk).update(
        state=CityImport.State.FAILED if error else CityImport.State.CANCELLED,
        note=str(cause)[:300],
        finished_at=clocks.now(),
    )


def _begin(
    order: Order,
    reading: Reading,
    sha256: str,
    started_by: User | None,
    begun: Callable[[CityImport], None] | None,
) -> tuple[CityImport, Publication]:
    """The rows that mark an import as running. The database lets only one per city through."""
    if order.attribution_url and not is_web_address(order.attribution_url):
        raise Invalid(_("The address of the attribution is no web address."))
    try:
        with transaction.atomic():
            city, _made = City.objects.select_for_update().get_or_create(
                slug=order.city_slug, defaults=_city_fields(order, reading)
            )
            if (city.origin_lon, city.origin_lat) != (reading.frame.lon, reading.frame.lat):
                raise ImportRunning  # another import has just made the city, around another file
            require_free(city)
            publication = Publication.objects.create(city=city, number=next_number(city))
            city_import = CityImport.objects.create(
                city=city,
                source=order.source_name,
                file_name=clean_text(order.shown_name[-255:], 255, multiline=False),
                file_sha256=sha256,
                format=reading.format,
                epsg=reading.crs.epsg,
                security=order.security,
                **_credit(order, reading),
                survey_date=order.survey_date,
                columns=order.columns or columns_of_source(city, order.source_name),
                publication=publication,
                started_by=started_by,
            )
            if begun is not None:
                begun(city_import)
    except IntegrityError:
        raise ImportRunning from None
    return city_import, publication


def _credit(order: Order, reading: Reading) -> dict[str, str]:
    """Whom the map names: as ordered, else as the format demands."""
    own = reading.credit if reading.credit and not order.attribution else None
    return {
        "licence": clean_text(order.licence or (own.licence if own else ""), 100, multiline=False),
        "attribution": clean_text(order.attribution or (own.attribution if own else ""), 300, multiline=False),
        "attribution_url": order.attribution_url or (own.url if own else ""),
    }


def columns_of_source(city: City | None, source: str) -> dict[str, str]:
    """The columns that somebody chose when this source was last taken into the city; empty where nobody did."""
    if city is None:
        return {}
    last = city.imports.filter(source=source).exclude(columns={}).order_by("-started_at").first()
    return dict(last.columns) if last else {}


def is_web_address(text: str) -> bool:
    try:
        URLValidator(schemes=["https", "http"])(text)
    except ValidationError:
        return False
    return True


def _city_fields(order: Order, reading: Reading) -> dict[str, Any]:
    frame = reading.frame
    return {
        "name": clean_text(order.name or order.name_en or order.file_stem, 100, multiline=False),
        "name_en": clean_text(order.name_en, 100, multiline=False),
        "epsg": reading.crs.epsg,
        "vertical_datum": reading.crs.vertical_name[:100],
        "origin_lon": frame.lon,
        "origin_lat": frame.lat,
        "origin_height_m": frame.height,
        "time_zone": order.time_zone or time_zone_near(frame.lon, frame.lat),
        # Nobody outside the office finds it before something is published in it.
        "is_closed": True,
    }


def _finish(city_import: CityImport, publication: Publication) -> None:
    """From here on, somebody decides: publish or discard."""
    with transaction.atomic():
        publication.save(update_fields=["manifest"])
        now = clocks.now()
        running = CityImport.objects.running().filter(pk=city_import.pk)
        state, report = CityImport.State.READY, city_import.report
        if not running.update(state=state, progress=1.0, note="", report=report, seen_at=now):
            raise Conflict  # it was given up as lost meanwhile
        city_import.state, city_import.progress, city_import.note, city_import.seen_at = state, 1.0, "", now
        others = [entry for entry in shown_imports(city_import.city) if entry.source != city_import.source]
        publication.imports.set([*others, city_import])


def _end_lost_imports(city: City) -> bool:
    """Clean up after imports that ended without a word: the machine or the process stopped. True where there were any.

    A city that such an import had made goes with it.
    """
    lost = CityImport.objects.running().filter(Q(city=city), Q(seen_at__lt=clocks.now() - LOST_AFTER))
    lost = lost.select_related("publication", "city")
    for city_import in lost:
        undo_import(city_import, TimeoutError())
    return bool(lost)
