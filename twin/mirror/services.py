"""Bringing a file into a city: read, check, write, tile. All or nothing; `publishing` decides what is shown."""

import datetime as dt
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
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
from twin.mirror import store, tiles
from twin.mirror.access import city_for_user
from twin.mirror.errors import ImportRunning
from twin.mirror.faultplaces import fault_places
from twin.mirror.features import Feature, Kind
from twin.mirror.models import City, CityImport, Publication, Security
from twin.mirror.publishing import next_number, publish, require_free, shown_imports, take_away, take_back
from twin.mirror.quality import report_on
from twin.mirror.readers import Progress, Reading, no_progress, read
from twin.mirror.readers.attributes import chosen
from twin.mirror.readers.files import open_city_file
from twin.mirror.schema import as_fault, check_schema
from twin.mirror.tilecheck import check_tiles
from twin.mirror.time_zones import time_zone_near

# A running import that has shown no sign of life for so long was ended by force: its city is free again.
LOST_AFTER = dt.timedelta(minutes=10)
_SIGN_OF_LIFE_S = 2.0


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
        return re.sub(r"(\.city)?\.(json|jsonl|ndjson|geojson|zip)$", "", self.file_name, flags=re.IGNORECASE)

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
    report = report_on(reading, _within(progress, 0.15, 0.2))
    schema = check_schema(open_city_file(order.path), reading.format)
    return reading, report | {"schema": schema, "faults": [*report["faults"], *as_fault(schema)]}


def import_city(*, order: Order, started_by: User | None = None, progress: Progress = no_progress) -> CityImport:
    """Take a file into its city, which is made where there is none, and publish the city anew.

    As `prepare_import` and `publish` in one go: whatever fails, the city is as it was before. Raises what they raise.
    """
    city_import = prepare_import(order=order, started_by=started_by, progress=_within(progress, 0.0, 0.97))
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
    Whatever fails, the city is as it was before. Raises `FileRefused` or `FileTooLarge` for the file, and
    `ImportRunning` or `ImportWaiting` while another import holds the city. `begun` is called within the transaction
    that writes the import's row: whoever started it can find it again after a crash.
    """
    before = City.objects.filter(slug=order.city_slug).first()
    if before is not None:
        _end_lost_imports(before)
        require_free(before)
    sha256 = open_city_file(order.path).sha256()
    with chosen(order.columns or columns_of_source(before, order.source_name)):
        reading, report = inspect(order=order, progress=progress)
    city_import, publication = _begin(order, reading, report, sha256, started_by, begun)
    told = _reporting(city_import, progress)
    try:
        _carry_out(city_import, publication, reading, told)
    except BaseException as error:
        undo_import(city_import, error)
        raise
    return city_import


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
    report: dict[str, Any],
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
                file_name=clean_text(order.file_name[-255:], 255, multiline=False),
                file_sha256=sha256,
                format=reading.format,
                epsg=reading.crs.epsg,
                security=order.security,
                licence=clean_text(order.licence, 100, multiline=False),
                attribution=clean_text(order.attribution, 300, multiline=False),
                attribution_url=order.attribution_url,
                survey_date=order.survey_date,
                columns=order.columns or columns_of_source(city, order.source_name),
                report=report,
                publication=publication,
                started_by=started_by,
            )
            if begun is not None:
                begun(city_import)
    except IntegrityError:
        raise ImportRunning from None
    return city_import, publication


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
        _within(told, 0.4, 0.98, translate=_stage),
        attribution=city_import.attribution,
    )
    folder = settings.PUBLICATIONS_ROOT / str(publication.pk)
    on_disk = check_tiles(folder, manifest.get("buildings"), manifest.get("ground"))
    tiles_report = manifest.pop("report", {}) | {"on_disk": on_disk}
    report = city_import.report | {"written": written.as_facts(), "tiles": tiles_report}
    publication.manifest = manifest | {"start": _start(features, manifest)}
    _finish(city_import, publication, fault_places(report, publication, source))


def _finish(city_import: CityImport, publication: Publication, report: dict[str, Any]) -> None:
    """From here on, somebody decides: publish or discard."""
    with transaction.atomic():
        publication.save(update_fields=["manifest"])
        city_import.state, city_import.progress, city_import.note = CityImport.State.READY, 1.0, ""
        city_import.report, city_import.seen_at = report, clocks.now()
        running = CityImport.objects.running().filter(pk=city_import.pk)
        if not running.update(state=city_import.state, progress=1.0, note="", report=report, seen_at=clocks.now()):
            raise Conflict  # it was given up as lost meanwhile
        others = [entry for entry in shown_imports(city_import.city) if entry.source != city_import.source]
        publication.imports.set([*others, city_import])


def _end_lost_imports(city: City) -> None:
    """Clean up after imports that ended without a word: the machine or the process stopped."""
    lost = CityImport.objects.running().filter(Q(city=city), Q(seen_at__lt=clocks.now() - LOST_AFTER))
    for city_import in lost.select_related("publication", "city"):
        undo_import(city_import, TimeoutError())


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
