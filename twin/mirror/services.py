"""Bringing a file into a city and showing it: read, check, write, tile, publish. All or nothing."""

import datetime as dt
import math
import re
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import clocks, events, ledger
from metacity.commons.access import Person
from metacity.commons.errors import CityError, Conflict, Invalid
from metacity.commons.text import clean_text
from twin.mirror import standing, store, tiles
from twin.mirror.access import city_for_user
from twin.mirror.errors import ImportRunning
from twin.mirror.features import Feature, Kind
from twin.mirror.models import City, CityImport, Publication, Security
from twin.mirror.quality import report_on
from twin.mirror.readers import Progress, Reading, no_progress, read
from twin.mirror.readers.files import open_city_file
from twin.mirror.time_zones import time_zone_near

# A running import that has shown no sign of life for so long was ended by force: its city is free again.
LOST_AFTER = dt.timedelta(minutes=10)
_SIGN_OF_LIFE_S = 2.0
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

    `source` names whose ids the objects carry: a later import of the same source into the city replaces this one, one
    of another source stands beside it. It is the file's name unless said otherwise.
    """

    path: Path
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
            r"(\.city)?\.(json|jsonl|ndjson|geojson|gml|citygml|xml|zip)$", "", self.path.name, flags=re.IGNORECASE
        )

    @property
    def city_slug(self) -> str:
        """Of letters, digits and hyphens; from the name or, where that has no Latin letters, from the file's name."""
        for text in (self.slug, self.name_en, self.name, self.file_stem, self.path.parent.name):
            slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].strip("-")
            if slug:
                return slug
        return "city"


def inspect(*, order: Order, progress: Progress = no_progress) -> tuple[Reading, dict[str, Any]]:
    """Read and check a file as an import would, and change nothing. Raises what `import_city` raises for the file."""
    city = City.objects.filter(slug=order.city_slug).first()
    reading = read(
        order.path, frame=city.frame if city else None, epsg=order.epsg, progress=_within(progress, 0.0, 0.15)
    )
    return reading, report_on(reading, _within(progress, 0.15, 0.2))


def import_city(*, order: Order, started_by: User | None = None, progress: Progress = no_progress) -> CityImport:
    """Take a file into its city, which is made where there is none, and publish the city anew.

    Ids of objects that the source has named before stay. Whatever fails, the city is as it was before. Raises
    `FileRefused` or `FileTooLarge` for the file, and `ImportRunning` while another import into the city runs.
    """
    before = City.objects.filter(slug=order.city_slug).first()
    if before is not None:
        _end_lost_imports(before)
        if CityImport.objects.running().filter(city=before).exists():
            raise ImportRunning
    sha256 = open_city_file(order.path).sha256()
    reading, report = inspect(order=order, progress=progress)
    city_import, publication = _begin(order, reading, report, sha256, started_by)
    told = _reporting(city_import, progress)
    try:
        _carry_out(city_import, publication, reading, told)
    except BaseException as error:
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
                file_name=clean_text(order.path.name[-255:], 255, multiline=False),
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


def _carry_out(city_import: CityImport, publication: Publication, reading: Reading, told: Progress) -> None:
    city, source = city_import.city, city_import.source
    told(0.2, _("Writing the objects"))
    known = store.known_ids(city, source)
    ids = store.assign_ids(reading.features, known)
    written = store.write_objects(
        city_import=city_import,
        publication=publication,
        features=reading.features,
        ids=ids,
        known=known,
        progress=lambda share: told(0.2 + 0.2 * share, _("Writing the objects")),
    )
    features, all_ids = list(reading.features), dict(ids)
    if city.publication is not None:
        others, other_ids = store.shown_features(city.publication, without_source=source)
        features += others
        all_ids |= other_ids
    manifest = tiles.build(
        features,
        all_ids,
        city.frame,
        settings.PUBLICATIONS_ROOT / str(publication.pk),
        _within(told, 0.4, 0.95, translate=_stage),
        attribution=city_import.attribution,
    )
    told(0.97, _("Publishing"))
    city_import.report |= {"written": written.as_facts(), "tiles": manifest.pop("report", {})}
    publication.manifest = manifest | {"start": _start(features, manifest)}
    _publish(city_import, publication, reading, ids, known)
    told(1.0, _("Published"))


def _publish(
    city_import: CityImport,
    publication: Publication,
    reading: Reading,
    ids: dict[str, uuid.UUID],
    known: dict[str, uuid.UUID],
) -> None:
    """Switch the city to a prepared publication. In one transaction: everybody sees all of it or nothing."""
    city, now = city_import.city, clocks.now()
    with transaction.atomic():
        store.update_objects(reading.features, ids, known)
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
                "objects": len(reading.features),
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
    if city_is_new:
        city_import.city.delete()
        return
    store.discard(city_import, publication.number)
    publication.delete()
    cause = error.message if isinstance(error, CityError) else type(error).__name__
    CityImport.objects.filter(pk=city_import.pk).update(
        state=CityImport.State.FAILED, note=str(cause)[:300], finished_at=clocks.now(), publication=None
    )


def _end_lost_imports(city: City) -> None:
    """Clean up after imports that ended without a word: the machine or the process stopped."""
    lost = CityImport.objects.running().filter(Q(city=city), Q(seen_at__lt=clocks.now() - LOST_AFTER))
    for city_import in lost.select_related("publication", "city"):
        if city_import.publication is not None:
            _undo(city_import, city_import.publication, TimeoutError(), city_is_new=False)


def _reporting(city_import: CityImport, progress: Progress) -> Progress:
    """Tells `progress`, and from time to time the import's own row."""
    last = -math.inf

    def told(share: float, note: str) -> None:
        nonlocal last
        progress(share, note)
        if time.monotonic() - last >= _SIGN_OF_LIFE_S:
            last = time.monotonic()
            CityImport.objects.filter(pk=city_import.pk).update(
                progress=min(max(share, 0.0), 1.0), note=note[:300], seen_at=clocks.now()
            )

    return told


def _within(progress: Progress, low: float, high: float, translate: Callable[[str], str] = str) -> Progress:
    """A part of a larger progress."""
    return lambda share, note: progress(low + (high - low) * share, translate(note))


def _stage(code: str) -> str:
    """What `tiles.build` is doing, in words."""
    return {
        "buildings": _("Drawing the buildings"),
        "ground": _("Drawing the ground"),
        "map": _("Drawing the map"),
        "packing": _("Packing the files"),
    }.get(code, code)


def _start(features: list[Feature], manifest: dict[str, Any]) -> dict[str, Any]:
    """Where a first look goes: the middle of the buildings, from the south-west and from above."""
    bounds = manifest["bounds"]
    centres = [
        np.mean(surfaces.bounds, axis=0)
        for feature in features
        if feature.kind in {Kind.BUILDING, Kind.BUILDING_PART}
        for surfaces in list(feature.lods.values())[-1:]
    ]
    low, high = np.array(bounds["min"]), np.array(bounds["max"])
    if centres:
        e, n, _z = np.median(centres, axis=0)
        z = float(np.median([surface[2] for surface in centres]))
        spread = float(np.median(np.hypot(*(np.array(centres)[:, :2] - [e, n]).T)))
    else:
        (e, n), z, spread = ((low + high) / 2)[:2], float(low[2]), float(np.hypot(*(high - low)[:2])) / 4
    return {
        "target": [round(float(e), 1), round(float(n), 1), round(z, 1)],
        "distance_m": round(min(max(spread * 1.5, 150.0), 900.0)),
        "azimuth_deg": 30,
        "pitch_deg": 35,
    }


def _take_away(publication_id: uuid.UUID) -> None:
    """Delete what was shown once; whoever asks for it next hears that it was withdrawn."""
    _delete_files(publication_id)
    standing.forget(publication_id)


def _delete_files(publication_id: uuid.UUID) -> None:
    standing.forget(publication_id)
    shutil.rmtree(settings.PUBLICATIONS_ROOT / str(publication_id), ignore_errors=True)
