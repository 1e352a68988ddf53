"""From a design to a run and its outcome."""

import json
import shutil
import uuid
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from metacity.accounts.models import User
from metacity.commons import clocks, jobs
from metacity.commons.errors import Conflict
from twin.mirror.designs.models import DesignVersion
from twin.simulation import pictures, scenes
from twin.simulation.engines import inputs, sun
from twin.simulation.models import Run, Scenario
from twin.simulation.process import Ending, run_engine
from twin.simulation.signals import run_changed

TASK = "simulation.run"
TELL_EVERY_S = 1.0


@transaction.atomic
def request_run(*, version: DesignVersion, by: User | None) -> Run | None:
    """See to it that a design's effect on the sun is computed for the city as it stands; the run, new or known.

    None where the design casts no shadow and takes none away: there is nothing to compute.
    """
    publication = version.design.city.publication
    if publication is None or not scenes.changes_sun(version.change_set):
        return None
    scenario, _made = Scenario.objects.get_or_create(publication=publication, design_version=version)
    parameters = scenes.parameters_of(version)
    run, is_new = Run.objects.get_or_create(
        input_hash=_input_hash(scenario, parameters),
        defaults={
            "engine": sun.NAME,
            "engine_version": sun.VERSION,
            "parameters": parameters,
            "requested_by": by,
        },
    )
    scenario.runs.add(run)
    if is_new or _queue_again(run):
        jobs.enqueue(task=TASK, args={"run": str(run.id)}, key=_job_key(run), queue="simulation")
        _tell(run)
    return run


@transaction.atomic
def cancel_run(*, run: Run) -> Run:
    """Stop a run that waits or computes; its process ends within a second.

    Raises
    ------
    Conflict
        If it has ended already.
    """
    # Its job ends with it, and first, as where a job is given up: asked for again, the run gets a job of its own.
    if (job := jobs.active(_job_key(run))) is not None:
        jobs.cancel(job)
    if not Run.objects.unfinished().filter(pk=run.pk).update(state=Run.State.CANCELLED, finished_at=clocks.now()):
        raise Conflict
    run.refresh_from_db()
    _tell(run)
    return run


def compute_run(*, run_id: uuid.UUID) -> Run | None:
    """Compute a run that waits, or that was computing when a worker died. None if there is nothing to do."""
    run = _start(run_id)
    if run is None:
        return None
    with TemporaryDirectory(prefix="metacity-run-") as name:
        folder = Path(name)
        prepared = scenes.prepare(run)
        if prepared is None:
            return _finish(run, Ending.INPUTS)
        inputs.save(folder, prepared.baseline, prepared.scenario, prepared.parameters)
        ending = run_engine(
            folder,
            memory_mb=settings.SIMULATION_MEMORY_MB,
            time_s=settings.SIMULATION_TIME_S,
            on_progress=_progress_teller(run),
            is_cancelled=lambda: Run.objects.filter(pk=run.pk, state=Run.State.CANCELLED).exists(),
        )
        if ending is not Ending.DONE:
            return _finish(run, ending)
        outcome = json.loads((folder / "outcome.json").read_text())
        outcome["rows"] = prepared.named(outcome["rows"])
        _keep_pictures(run, folder)
        return _finish(run, ending, outcome)


@transaction.atomic
def give_up(*, run_id: uuid.UUID) -> None:
    """Say of a run that its job was tried for the last time."""
    run = Run.objects.unfinished().filter(pk=run_id).first()
    if run is None:
        return
    Run.objects.unfinished().filter(pk=run_id).update(
        state=Run.State.FAILED, failure=Ending.CRASHED.value, finished_at=clocks.now()
    )
    run.refresh_from_db()
    _tell(run)


def pictures_folder(run: Run) -> Path:
    return Path(settings.MEDIA_ROOT) / "runs" / str(run.id)


def _job_key(run: Run) -> str:
    return f"run.{run.id}"


def _input_hash(scenario: Scenario, parameters: dict[str, Any]) -> str:
    """Equal for equal inputs: a publication never changes, and a design's digest is that of its canonical form."""
    parts = [
        sun.NAME,
        sun.VERSION,
        str(scenario.publication_id),
        scenario.design_version.digest,
        json.dumps(parameters, sort_keys=True),
    ]
    return sha256("\n".join(parts).encode()).hexdigest()


def _queue_again(run: Run) -> bool:
    """A failed or cancelled run may be asked for again; a waiting, computing or finished one serves as it is."""
    changed = Run.objects.filter(pk=run.pk, state__in=[Run.State.FAILED, Run.State.CANCELLED]).update(
        state=Run.State.QUEUED, progress=0.0, failure="", started_at=None, finished_at=None
    )
    if changed:
        run.refresh_from_db()
    return bool(changed)


@transaction.atomic
def _start(run_id: uuid.UUID) -> Run | None:
    waiting = Run.objects.unfinished().filter(pk=run_id)
    if not waiting.update(state=Run.State.RUNNING, progress=0.0, started_at=clocks.now()):
        return None
    run = Run.objects.get(pk=run_id)
    _tell(run)
    return run


def _progress_teller(run: Run) -> Callable[[float], None]:
    last = clocks.now()

    def tell(share: float) -> None:
        nonlocal last
        if (clocks.now() - last).total_seconds() < TELL_EVERY_S:
            return
        last = clocks.now()
        with transaction.atomic():
            if Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(progress=min(share, 1.0)):
                run.progress = share
                _tell(run)

    return tell


@transaction.atomic
def _finish(run: Run, ending: Ending, outcome: dict[str, Any] | None = None) -> Run:
    """Keep how a run ended, unless it was cancelled meanwhile or a second worker was faster."""
    is_done = ending is Ending.DONE
    if ending is not Ending.CANCELLED:
        Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
            state=Run.State.DONE if is_done else Run.State.FAILED,
            progress=1.0 if is_done else run.progress,
            failure="" if is_done else ending.value,
            outcome=outcome or {},
            finished_at=clocks.now(),
        )
    run.refresh_from_db()
    _tell(run)
    return run


def _keep_pictures(run: Run, folder: Path) -> None:
    target = pictures_folder(run)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with np.load(folder / "layers.npz", allow_pickle=False) as layers:
        for name, picture in pictures.draw(layers):
            picture.save(target / f"{name}.png", optimize=True)


def _tell(run: Run) -> None:
    run_changed.send(sender=Run, run=run)
