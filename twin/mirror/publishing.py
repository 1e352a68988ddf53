"""Which state of a city people see: publish what was prepared, discard it, go back to an earlier one, take one away.

Each switch is one transaction: everybody sees all of it or nothing. See `models.Publication` for what numbers mean.
"""

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import clocks, events, ledger
from metacity.commons.errors import Conflict
from twin.mirror import standing, store
from twin.mirror.errors import ImportRunning, ImportWaiting
from twin.mirror.models import City, CityImport, Publication, Security

# Superseded publications whose files are kept, for those who still look at them and to roll back to.
_PAST_KEPT = 2


def require_free(city: City) -> None:
    """Raises `ImportRunning` or `ImportWaiting` while an import holds the city."""
    held = CityImport.objects.unfinished().filter(city=city).values_list("state", flat=True).first()
    if held == CityImport.State.READY:
        raise ImportWaiting
    if held is not None:
        raise ImportRunning


@transaction.atomic
def publish(*, city_import: CityImport, by: User | None) -> Publication:
    """Show what an import has prepared. Raises `Conflict` unless it is ready."""
    now, publication = clocks.now(), _prepared(city_import)
    city = City.objects.select_for_update().get(pk=city_import.city_id)
    _end(city_import, CityImport.State.DONE, now)
    store.update_objects(publication)
    _make_current(city, publication, now)
    _tell(
        city, publication, by, "city.published",
        {"import": str(city_import.pk), "file": city_import.file_sha256,
         "objects": int(city_import.report.get("objects", 0))},
    )  # fmt: skip
    return publication


@transaction.atomic
def discard(*, city_import: CityImport, by: User | None) -> None:
    """Leave the city as it was before an import that is ready; a city that was made for it goes with it.

    Raises `Conflict` unless the import is ready.
    """
    publication = _prepared(city_import)
    _end(city_import, CityImport.State.DISCARDED, clocks.now())
    ledger.record(
        action="import.discarded", actor=by.actor_id if by else None, subject=f"import:{city_import.pk}",
        facts={"city": str(city_import.city_id), "file": city_import.file_sha256},
    )  # fmt: skip
    transaction.on_commit(partial(take_away, publication.pk), robust=True)
    take_back(city_import, publication)


def take_back(city_import: CityImport, publication: Publication) -> None:
    """Rows as they were before the import; the city goes with them where nothing else is known of it."""
    with transaction.atomic():
        store.discard(city_import, publication.number)
        publication.delete()
        city_import.publication = None
        if not city_import.city.publications.exists():
            _forget(city_import.city)


def _forget(city: City) -> None:
    try:
        with transaction.atomic():
            city.delete()
    except ProtectedError:
        pass  # somebody has already planned something in it; it stays without a publication


@transaction.atomic
def withdraw(*, publication: Publication, actor: User | None) -> None:
    """Take a publication that is no longer current out of the world: its files are deleted and stay away for good."""
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
    transaction.on_commit(partial(take_away, publication.pk), robust=True)


def roll_back(*, publication: Publication, by: User | None) -> Publication:
    """Show again what an earlier publication showed, under the next number (see `Publication`).

    Raises `Conflict` where its files are gone or it is current, and `ImportRunning` or `ImportWaiting` while an import
    holds the city: what that has written continues what is shown now.
    """
    if not publication.can_return:
        raise Conflict(_("The files of this publication are no longer here."))
    new_id = uuid.uuid4()
    _link_files(publication.pk, new_id)
    try:
        return _rolled_back(publication, new_id, by)
    except BaseException:
        take_away(new_id)
        raise


@transaction.atomic
def _rolled_back(publication: Publication, new_id: uuid.UUID, by: User | None) -> Publication:
    city = City.objects.select_for_update().get(pk=publication.city_id)
    require_free(city)
    earlier = Publication.objects.select_for_update().get(pk=publication.pk)
    if not earlier.can_return:
        raise Conflict(_("The files of this publication are no longer here."))
    again = Publication.objects.create(
        id=new_id, city=city, number=next_number(city), manifest=earlier.manifest, restores=earlier
    )
    store.restore(earlier, again)
    store.update_objects(again)
    again.imports.set(earlier.imports.all())
    _make_current(city, again, clocks.now())
    _tell(city, again, by, "city.rolled_back", {"restored": str(earlier.pk), "restored_number": earlier.number})
    return again


def next_number(city: City) -> int:
    last: int | None = city.publications.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def shown_imports(city: City) -> list[CityImport]:
    """The import of each source that a city shows now, the oldest first."""
    return list(city.publication.imports.defer("report").order_by("finished_at", "pk")) if city.publication else []


def _prepared(city_import: CityImport) -> Publication:
    if city_import.publication is None:
        raise Conflict
    return city_import.publication


def _end(city_import: CityImport, state: CityImport.State, now: dt.datetime) -> None:
    """Decide about an import that is ready; of two who decide at a time, the second is refused."""
    ready = CityImport.objects.filter(pk=city_import.pk, state=CityImport.State.READY)
    if not ready.update(state=state, progress=1.0, note="", finished_at=now):
        raise Conflict
    city_import.state, city_import.progress, city_import.note, city_import.finished_at = state, 1.0, "", now


def _make_current(city: City, publication: Publication, now: dt.datetime) -> None:
    Publication.objects.filter(city=city, state=Publication.State.CURRENT).update(state=Publication.State.PAST)
    publication.state, publication.published_at = Publication.State.CURRENT, now
    publication.save(update_fields=["state", "published_at"])
    city.publication = publication
    city.is_closed = publication.imports.filter(security=Security.CLOSED).exists()
    city.is_default = city.is_default or not City.objects.filter(is_default=True).exists()
    city.save(update_fields=["publication", "is_closed", "is_default"])
    for pk in city.publications.values_list("pk", flat=True):
        transaction.on_commit(partial(standing.forget, pk), robust=True)
    _retire(city)


def _tell(city: City, publication: Publication, by: User | None, action: str, facts: Mapping[str, str | int]) -> None:
    ledger.record(
        action=action,
        actor=by.actor_id if by else None,
        subject=f"city:{city.pk}",
        facts={"publication": str(publication.pk), **facts},
    )
    # One kind for both: to whoever looks at the city, it is a new publication either way.
    events.announce(
        room=city.room,
        kind="city.published",
        payload={"publication": str(publication.pk), "number": publication.number},
    )


def _retire(city: City) -> None:
    """Withdraw publications that were superseded long ago, and their files with them."""
    past = city.publications.filter(state=Publication.State.PAST).order_by("-number")
    old = [row.pk for row in past[_PAST_KEPT:]]
    Publication.objects.filter(pk__in=old).update(state=Publication.State.WITHDRAWN)
    for pk in old:
        transaction.on_commit(partial(take_away, pk), robust=True)


def _link_files(earlier: uuid.UUID, later: uuid.UUID) -> None:
    """The same files under another id: hard links where the disk has them, for files that never change; else copies."""
    root = settings.PUBLICATIONS_ROOT
    if (root / str(earlier)).is_dir():
        shutil.copytree(root / str(earlier), root / str(later), copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def take_away(publication_id: uuid.UUID) -> None:
    """Delete the files of a publication; whoever asks for what was shown once hears that it was withdrawn."""
    standing.forget(publication_id)
    shutil.rmtree(settings.PUBLICATIONS_ROOT / str(publication_id), ignore_errors=True)
