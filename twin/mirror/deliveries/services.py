"""From files that are handed in to an import that is ready: hand in, start, cancel, read, give up."""

import datetime as dt
import logging
import math
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from metacity.accounts.models import User
from metacity.commons import clocks, events, jobs, ledger
from metacity.commons.children import Ending
from metacity.commons.errors import CityError, Conflict
from twin.mirror.deliveries import files
from twin.mirror.deliveries.columns import columns_of
from twin.mirror.deliveries.models import Delivery
from twin.mirror.deliveries.said import Said, checked, checked_columns
from twin.mirror.models import City, CityImport
from twin.mirror.services import Order, columns_of_source, prepare_import, undo_import

TASK = "mirror.take_in"
TELL_EVERY_S = 1.0
# Files of what was not accepted wait so long for another try.
FAILED_KEPT = dt.timedelta(days=7)
# From a file's writing to the row that names it pass moments.
_GRACE = dt.timedelta(hours=1)

log = logging.getLogger(__name__)


def hand_in(*, said: Said, uploads: Sequence[files.Upload], by: User) -> Delivery:
    """Keep files for a city, and have them read.

    Where the files have columns whose meaning only people know, and none were named for this source before, the
    delivery waits (`received`) until somebody has looked at them.

    Raises
    ------
    Invalid
        With what is wrong in which field.
    FileTooLarge
        Where all files together exceed `CITY_UPLOAD_MB`.
    """
    city = City.objects.filter(slug=said.slug).first()
    told = checked(said, city)
    pk = uuid.uuid4()
    size = files.keep(pk, uploads)
    name = files.shown_name(uploads[0])
    told["source"] = told["source"] or Order(path=files.path_of(pk) or settings.BASE_DIR, file_name=name).source_name
    told["columns"] = said.columns or columns_of_source(city, told["source"])
    try:
        return _take(Delivery(pk=pk, size_bytes=size, file_name=name, handed_in_by=by, **told), by)
    except BaseException:
        files.forget(pk)
        raise


@transaction.atomic
def _take(delivery: Delivery, by: User) -> Delivery:
    waits = not delivery.columns and bool(columns_of(delivery))
    delivery.state = Delivery.State.RECEIVED if waits else Delivery.State.QUEUED
    delivery.save(force_insert=True)
    if not waits:
        _enqueue(delivery)
    ledger.record(
        action="delivery.handed_in", actor=by.actor_id, subject=f"delivery:{delivery.pk}",
        facts={"bytes": delivery.size_bytes, "security": delivery.security},
    )  # fmt: skip
    return delivery


@transaction.atomic
def start(*, delivery: Delivery, columns: dict[str, str] | None = None) -> Delivery:
    """Have a delivery read that waits for its columns, or that failed. Raises `Conflict` for any other."""
    if files.path_of(delivery.pk) is None:
        raise Conflict(_("The files are no longer here. Hand them in again."))
    startable = Delivery.objects.filter(pk=delivery.pk, state__in=[Delivery.State.RECEIVED, Delivery.State.FAILED])
    chosen = delivery.columns if columns is None else checked_columns(columns)
    if not startable.update(
        state=Delivery.State.QUEUED, progress=0.0, note="", columns=chosen, finished_at=None, city_import=None
    ):
        raise Conflict
    delivery.refresh_from_db()
    _enqueue(delivery)
    _tell(delivery)
    return delivery


@transaction.atomic
def cancel(*, delivery: Delivery, by: User) -> Delivery:
    """Stop a delivery, whatever it is waiting for; its process ends within a second, and its files go.

    Raises `Conflict` if it has ended already.
    """
    if (job := jobs.active(_key(delivery.pk))) is not None:
        jobs.cancel(job)
    was = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if (
        not Delivery.objects.open()
        .filter(pk=delivery.pk)
        .update(state=Delivery.State.CANCELLED, note="", finished_at=clocks.now())
    ):
        raise Conflict
    if was.state != Delivery.State.RUNNING:  # else whoever reads them takes them away
        transaction.on_commit(partial(files.forget, delivery.pk))
    ledger.record(action="delivery.cancelled", actor=by.actor_id, subject=f"delivery:{delivery.pk}")
    delivery.refresh_from_db()
    _tell(delivery)
    return delivery


def read(*, delivery_id: uuid.UUID) -> None:
    """Read a delivery that waits, or that was being read when a worker died. What a worker does."""
    from twin.mirror.deliveries.process import run_reader

    delivery = _begin(delivery_id)
    if delivery is None:
        return
    _undo(delivery, None)
    heard: dict[str, Any] = {}
    ending = run_reader(delivery, on_line=_listener(delivery, heard), is_cancelled=lambda: _is_unwanted(delivery_id))
    delivery.refresh_from_db()
    if delivery.state == Delivery.State.CANCELLED:
        _undo(delivery, None)
        files.forget(delivery.pk)
    elif ending is Ending.DONE and "refused" not in heard:
        files.forget(delivery.pk)
        _finish(delivery, Delivery.State.DONE)
    elif ending is not Ending.CANCELLED:  # otherwise another worker has it by now
        cause = CityError(heard.get("refused") or _cause(ending))
        _undo(delivery, cause)
        _finish(delivery, Delivery.State.FAILED, str(cause.message))


def prepare(*, delivery_id: uuid.UUID, progress: Any) -> CityImport:
    """Read a delivery into its city, here and now. What the process of a worker does."""
    delivery = Delivery.objects.select_related("handed_in_by").get(pk=delivery_id)
    path = files.path_of(delivery.pk)
    if path is None:
        raise Conflict(_("The files are no longer here. Hand them in again."))

    def begun(city_import: CityImport) -> None:
        if not Delivery.objects.filter(pk=delivery_id, state=Delivery.State.RUNNING).update(city_import=city_import):
            raise Conflict

    names = ("slug", "name", "name_en", "time_zone", "source", "epsg", "security", "licence", "attribution")
    more = ("attribution_url", "survey_date", "columns", "file_name")
    order = Order(path=path, **{name: getattr(delivery, name) for name in (*names, *more)})
    return prepare_import(order=order, started_by=delivery.handed_in_by, progress=progress, begun=begun)


@transaction.atomic
def give_up(*, delivery_id: uuid.UUID) -> None:
    """Say of a delivery that its job was tried for the last time: workers died over it."""
    delivery = Delivery.objects.under_way().filter(pk=delivery_id).first()
    if delivery is not None:
        cause = CityError(_cause(Ending.CRASHED))
        _undo(delivery, cause)
        _finish(delivery, Delivery.State.FAILED, str(cause.message))


def forget_files(now: dt.datetime) -> int:
    """Remove the files that nobody waits for: of deliveries that failed long ago or are no more. How many."""
    waiting = Delivery.objects.open().exclude(state=Delivery.State.FAILED, finished_at__lt=now - FAILED_KEPT)
    young = Delivery.objects.filter(created_at__gte=now - _GRACE)
    needed = set((waiting | young).values_list("pk", flat=True))
    gone = [pk for pk in files.kept() if pk not in needed and files.is_older(pk, now - _GRACE)]
    for pk in gone:
        files.forget(pk)
    return len(gone)


@transaction.atomic
def _begin(delivery_id: uuid.UUID) -> Delivery | None:
    if not Delivery.objects.under_way().filter(pk=delivery_id).update(state=Delivery.State.RUNNING, progress=0.0):
        return None
    delivery = Delivery.objects.get(pk=delivery_id)
    _tell(delivery)
    return delivery


def _is_unwanted(delivery_id: uuid.UUID) -> bool:
    """Cancelled, or in another worker's hands by now."""
    is_running = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.RUNNING).exists()
    return not is_running or not jobs.is_wanted(jobs.current())


def _listener(delivery: Delivery, heard: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Takes what the process tells: its progress, which is told on from time to time, and why it refused."""
    last = -math.inf

    def hear(told: dict[str, Any]) -> None:
        nonlocal last
        if "refused" in told:
            heard["refused"] = str(told["refused"])
        elif time.monotonic() - last >= TELL_EVERY_S:
            last = time.monotonic()
            _note(delivery, told)

    return hear


def _note(delivery: Delivery, told: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            running = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.RUNNING)
            share = min(max(float(told.get("progress", 0.0)), 0.0), 1.0)
            if running.update(progress=share, note=str(told.get("note", ""))[:300]):
                _tell(delivery)
    except DatabaseError:  # the process is writing much at once; the next word will get through
        log.info("The progress of the delivery %s could not be told.", delivery.pk, exc_info=True)


def _undo(delivery: Delivery, cause: CityError | None) -> None:
    """Take back what an earlier try, or one that was ended by force, has written."""
    begun = delivery.city_import
    if begun is not None and begun.state == CityImport.State.RUNNING:
        undo_import(begun, cause)


@transaction.atomic
def _finish(delivery: Delivery, state: Delivery.State, note: str = "") -> None:
    running = Delivery.objects.under_way().filter(pk=delivery.pk)
    share = 1.0 if state == Delivery.State.DONE else delivery.progress
    if running.update(state=state, note=note[:300], progress=share, finished_at=clocks.now()):
        _tell(delivery)


def _cause(ending: Ending) -> str:
    """Why a reading ended that refused nothing itself."""
    return {
        Ending.MEMORY: _("Reading these files takes more memory than there is for one import."),
        Ending.TIME: _("Reading these files took longer than an import may take."),
    }.get(ending) or _("Reading these files ended in a fault. The operator finds the details in the log.")


def _enqueue(delivery: Delivery) -> None:
    jobs.enqueue(task=TASK, args={"delivery": str(delivery.pk)}, key=_key(delivery.pk), queue="tiles")


def _key(delivery_id: uuid.UUID) -> str:
    return f"delivery.{delivery_id}"


def _tell(delivery: Delivery) -> None:
    events.announce(room=delivery.room, kind="delivery.changed", payload={"delivery": str(delivery.pk)})
