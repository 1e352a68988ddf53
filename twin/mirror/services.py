"""Bringing a file into a city and showing it: read, check, write, tile, publish. All or nothing."""

import datetime as dt
import re
import shutil
import uuid
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import clocks, events, ledger
from metacity.commons.access import Person
from metacity.commons.errors import CityError, Conflict, Invalid
from metacity.commons.text import clean_text
from twin.mirror import standing, store
from twin.mirror.access import city_for_user
from twin.mirror.carrying import READ_SHARE, Telling, carry_out
from twin.mirror.errors import ImportRunning
from twin.mirror.models import City, CityImport, Publication, Security
from twin.mirror.readers import Progress, Reading, Stream, no_progress, open_delivery
from twin.mirror.time_zones import time_zone_near

# A running import that has shown no sign of life for so long was ended by force: its city is free again.
LOST_AFTER = dt.timedelta(minutes=10)
# Superseded publications whose files are kept for those who still look at them.
_PAST_KEPT = 2


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

    @property
    def file_stem(self) -> str:
        """The file's name without what only says its format."""
        return re.sub(
            r"(\.city)?\.(json|jsonl|ndjson|geojson|geojsonl|geojsons|geojsonseq|ndgeojson|zip)$",
            "",
            self.path.name,
            flags=re.IGNORECASE,
        )

    @property
    def file_name(self) -> str:
        """What was handed in, in a few words."""
        more = len(self.more_paths)
        return f"{self.path.name} (+{more})" if more else self.path.name

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

    Ids of objects that the source has named before stay. Whatever fails, the city is as it was before. Raises
    `FileRefused` or `FileTooLarge` for a file, and `ImportRunning` while another import into the city runs.
    """
    before = City.objects.filter(slug=order.city_slug).first()
    if before is not None and _end_lost_imports(before):
        before = City.objects.filter(slug=order.city_slug).first()
    if before is not None and CityImport.objects.running().filter(city=before).exists():
        raise ImportRunning
    told = Telling(progress)
    stream = order.stream(before, told)
    sha256 = stream.delivery.sha256()
    parts = iter(stream)
    first = next(parts)
    city_import, publication = _begin(order, first.reading, {}, sha256, started_by)
    told.city_import = city_import
    try:
        writer = carry_out(city_import, publication, stream, chain([first], parts), told)
        _publish(city_import, publication, writer)
        told(1.0, _("Published"))
    except BaseException as error:
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()  # a lost connection is opened anew
        _undo(city_import, publication, error, city_is_new=before is None)
        raise
    return city_import


def withdraw(*, publication: Publication, actor: User | None) -> None:
    """Take a publication that is no longer current out of the world: its files are deleted and stay away for good."""
    with transaction.atomic():
        updated = Publication.objects.filter(pk=publication.pk, state=Publication.State.PAST).update(
            state=Publication.State.WITHDRAWN
        )
        if not updated:
            raise Conflict(_("Only a publication that another one has superseded can be withdrawn."))
        ledger.record(
            action="publication.withdrawn",
            actor=actor.actor_id if actor else None,
            subject=f"publication:{publication.pk}",
        )
        transaction.on_commit(partial(_take_away, publication.pk), robust=True)


def _begin(
    order: Order, reading: Reading, report: dict[str, Any], sha256: str, started_by: User | None
) -> tuple[CityImport, Publication]:
    """The rows that mark an import as running. The database lets only one per city through."""
    if order.attribution_url and not is_web_address(order.attribution_url):
        raise Invalid(_("The address of the attribution is no web address."))
    try:
        with transaction.atomic():
            city, _made = City.objects.get_or_create(slug=order.city_slug, defaults=_city_fields(order, reading))
            if (city.origin_lon, city.origin_lat) != (reading.frame.lon, reading.frame.lat):
                raise ImportRunning  # another import has just made the city, around another file
            numbers = city.publications.aggregate(last=Max("number"))
            publication = Publication.objects.create(city=city, number=(numbers["last"] or 0) + 1)
            city_import = CityImport.objects.create(
                city=city,
                source=clean_text(order.source or order.file_stem, 100, multiline=False),
                file_name=clean_text(order.file_name[-255:], 255, multiline=False),
                file_sha256=sha256,
                format=reading.format,
                epsg=reading.crs.epsg,
                security=order.security,
                licence=clean_text(order.licence, 100, multiline=False),
                attribution=clean_text(order.attribution, 300, multiline=False),
                attribution_url=order.attribution_url,
                survey_date=order.survey_date,
                report=report,
                publication=publication,
                started_by=started_by,
            )
    except IntegrityError:
        raise ImportRunning from None
    return city_import, publication


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
        "is_default": not City.objects.filter(is_default=True).exists(),
    }


def _publish(city_import: CityImport, publication: Publication, writer: store.Writer) -> None:
    """Switch the city to a prepared publication. In one transaction: everybody sees all of it or nothing."""
    city, now = city_import.city, clocks.now()
    with transaction.atomic():
        writer.update_objects()
        Publication.objects.filter(city=city, state=Publication.State.CURRENT).update(state=Publication.State.PAST)
        publication.state, publication.published_at = Publication.State.CURRENT, now
        publication.save(update_fields=["state", "published_at", "manifest"])
        city_import.state, city_import.progress, city_import.finished_at = CityImport.State.DONE, 1.0, now
        city_import.note = ""
        city_import.save(update_fields=["state", "progress", "note", "finished_at", "report"])
        city.publication = publication
        city.is_closed = any(entry.security == Security.CLOSED for entry in shown_imports(city))
        city.save(update_fields=["publication", "is_closed"])
        _retire(city)
        ledger.record(
            action="city.published",
            actor=city_import.started_by.actor_id if city_import.started_by else None,
            subject=f"city:{city.pk}",
            facts={
                "import": str(city_import.pk),
                "publication": str(publication.pk),
                "file": city_import.file_sha256,
                "objects": city_import.report["objects"],
            },
        )
        events.announce(
            room=city.room,
            kind="city.published",
            payload={"publication": str(publication.pk), "number": publication.number},
        )


def shown_imports(city: City) -> list[CityImport]:
    """The latest finished import of each source of a city: those that it shows now."""
    latest: dict[str, CityImport] = {}
    for entry in city.imports.filter(state=CityImport.State.DONE).order_by("finished_at").defer("report"):
        latest[entry.source] = entry
    return list(latest.values())


def _retire(city: City) -> None:
    """Withdraw publications that were superseded long ago, and their files with them."""
    past = city.publications.filter(state=Publication.State.PAST).order_by("-number")
    old = [row.pk for row in past[_PAST_KEPT:]]
    Publication.objects.filter(pk__in=old).update(state=Publication.State.WITHDRAWN)
    for pk in old:
        transaction.on_commit(partial(_take_away, pk), robust=True)


def _undo(city_import: CityImport, publication: Publication, error: BaseException, *, city_is_new: bool) -> None:
    """Rows and files as they were before the import began; the failed import stays on record with its cause."""
    _delete_files(publication.pk)
    store.discard(city_import, publication.number)
    if city_is_new:
        city_import.city.delete()
        return
    publication.delete()
    cause = error.message if isinstance(error, CityError) else type(error).__name__
    CityImport.objects.filter(pk=city_import.pk).update(
        state=CityImport.State.FAILED, note=str(cause)[:300], finished_at=clocks.now(), publication=None
    )


def _end_lost_imports(city: City) -> bool:
    """Clean up after imports that ended without a word: the machine or the process stopped. True where there were any.

    A city that such an import had made goes with it.
    """
    lost = CityImport.objects.running().filter(Q(city=city), Q(seen_at__lt=clocks.now() - LOST_AFTER))
    found = [row for row in lost.select_related("publication", "city") if row.publication is not None]
    for city_import in found:
        if city_import.publication is not None:
            is_new = not city.imports.exclude(pk=city_import.pk).exists()
            _undo(city_import, city_import.publication, TimeoutError(), city_is_new=is_new)
    return bool(found)


def _take_away(publication_id: uuid.UUID) -> None:
    """Delete what was shown once; whoever asks for it next hears that it was withdrawn."""
    _delete_files(publication_id)
    standing.forget(publication_id)


def _delete_files(publication_id: uuid.UUID) -> None:
    standing.forget(publication_id)
    shutil.rmtree(settings.PUBLICATIONS_ROOT / str(publication_id), ignore_errors=True)
