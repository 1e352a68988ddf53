"""Imports as real processes: ended in the middle, and two at once."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from tests.factories.mirror import a_small_city, footprint, imported, the_city
from tests.presence.daphne import database_url
from twin.mirror.models import CityImport, CityObject, CityObjectVersion, Publication

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 1_000


def many_footprints(path: Path, prefix: str, count: int = MANY) -> Path:
    lots = (
        footprint(f"{prefix}{n}", lon=127 + n % 80 / 5_000, lat=37.5 + n // 80 / 5_000, height=3 + n % 20)
        for n in range(count)
    )
    path.write_text("\n".join(map(json.dumps, lots)))
    return path


@contextmanager
def importing(path: Path, slug: str, var: Path) -> Iterator[subprocess.Popen[str]]:
    """`manage.py import_city` on the tests' database; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_city", str(path), "--slug", slug, "--name", slug],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "METACITY_VAR": str(var), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen[str], percent: int) -> None:
    """Read what it prints until it has come so far."""
    for line in process.stdout or ():
        if line.startswith("[") and int(line[1:4]) >= percent:
            return
    raise AssertionError(f"It ended with {process.wait()} before {percent} %.")


def files(publications: Path) -> list[str]:
    return sorted(path.name for path in publications.iterdir()) if publications.exists() else []


def test_a_process_that_is_told_to_end_takes_everything_back(tmp_path: Path, publications: Path) -> None:
    imported(a_small_city().write(tmp_path / "a.city.json"))
    before = (sorted(CityObjectVersion.objects.values_list("pk", "published_to")), files(publications))
    with importing(many_footprints(tmp_path / "lots.geojsonl", "lot"), "gaon", tmp_path) as process:
        wait_for(process, 40)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert (sorted(CityObjectVersion.objects.values_list("pk", "published_to")), files(publications)) == before
    assert not CityObject.objects.filter(source="lots").exists()
    assert CityImport.objects.get(source="lots").state == CityImport.State.FAILED


def test_what_a_killed_process_left_is_cleared_by_the_next_import(tmp_path: Path, publications: Path) -> None:
    imported(a_small_city().write(tmp_path / "a.city.json"))
    shown = the_city().publication
    with importing(many_footprints(tmp_path / "lots.geojsonl", "lot"), "gaon", tmp_path) as process:
        wait_for(process, 40)
        process.kill()
        process.wait()
    assert CityObject.objects.filter(source="lots").count() == MANY
    assert the_city().publication == shown  # nobody has seen any of it
    CityImport.objects.running().update(seen_at=timezone.now() - dt.timedelta(minutes=11))
    imported(a_small_city().write(tmp_path / "a.city.json"))
    assert not CityObject.objects.filter(source="lots").exists()
    assert CityObjectVersion.objects.count() == 7
    assert files(publications) == sorted(str(pk) for pk in Publication.objects.values_list("pk", flat=True))


def test_two_imports_at_once_into_two_cities_do_not_mix(tmp_path: Path, publications: Path) -> None:
    paths = [many_footprints(tmp_path / f"{name}.geojsonl", name, 500) for name in ("north", "south")]
    with importing(paths[0], "north", tmp_path) as first, importing(paths[1], "south", tmp_path) as second:
        for process in (first, second):
            said, _nothing = process.communicate(timeout=120)
            assert process.returncode == 0, said
    for name in ("north", "south"):
        shown = CityObjectVersion.objects.shown_in_city(the_city(name)).select_related("object")
        ids = {version.object.source_id for version in shown}
        assert ids == {f"{name}{number}" for number in range(500)}
        assert (publications / str(the_city(name).publication_id) / "map.mbtiles").is_file()


def test_of_two_imports_at_once_into_one_city_the_second_is_refused(tmp_path: Path, publications: Path) -> None:
    imported(a_small_city().write(tmp_path / "a.city.json"))
    path = many_footprints(tmp_path / "lots.geojsonl", "lot")
    with importing(path, "gaon", tmp_path) as first:
        wait_for(first, 50)
        first.send_signal(signal.SIGSTOP)
        with importing(path, "gaon", tmp_path) as second:
            said, _nothing = second.communicate(timeout=60)
        first.send_signal(signal.SIGCONT)
        assert second.returncode == 2, said
        first.communicate(timeout=120)
        assert first.returncode == 0
    assert CityObjectVersion.objects.shown_in_city(the_city()).count() == 7 + MANY
