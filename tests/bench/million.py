"""Importing a large city: real footprints, repeated over a plane until there are a million of them.

The buildings of a real district (`--footprints`, or Gangnam's from METACITY_DATA) are written side by side, square
around square, as a GeoJSON sequence, each with an id of its own; its dimensions and attributes stay. A process of its
own imports the file: `manage.py import_city`, from the start of the interpreter to its end, with its quality report,
its tiles and a database: SQLite, or the one that DATABASE_URL names, which must be empty.

The last line is one JSON object: `objects_per_s`, `peak_mb` (the importing process), `tileset_mb` (3D city and map as
they are kept on disk, without variants for the wire), `seconds`, and `stages`, seconds by what the command says that
it is doing.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import figures

GANGNAM = "cities/seoul_gangnam_osm_buildings/buildings.geojson"
SQLITE = "sqlite"


@dataclass
class Imported:
    """What the importing process told and took."""

    code: int
    seconds: float
    peak_mb: float
    stages: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("--count", type=int, default=1_000_000, help="how many footprints")
    parser.add_argument("--footprints", type=Path, help="a GeoJSON collection of footprints in degrees")
    parser.add_argument("--folder", type=Path, help="where to put the file, the database and the tiles; is kept")
    arguments = parser.parse_args()
    source = arguments.footprints or Path(os.environ.get("METACITY_DATA", "")) / GANGNAM
    with TemporaryDirectory() as temporary:
        folder: Path = arguments.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "million.geojsonl"
        figures.tell(f"Writing {arguments.count:,} footprints")
        write_footprints(source, path, arguments.count)
        ran = imported(path, folder)
        if ran.code != 0:
            figures.tell("\n".join(ran.said[-20:]))
            return 1
        figures.show(
            {
                "database": database(folder).split(":", 1)[0],
                "objects": arguments.count,
                "file_mb": round(path.stat().st_size / 1e6, 1),
                "objects_per_s": round(arguments.count / ran.seconds, 1),
                "peak_mb": ran.peak_mb,
                "tileset_mb": round(kept_bytes(folder / "var" / "publications") / 1e6, 1),
                "seconds": round(ran.seconds, 1),
                "stages": {name: round(seconds, 1) for name, seconds in ran.stages.items()},
            }
        )
    return 0


def write_footprints(source: Path, path: Path, count: int) -> None:
    """So many footprints as a GeoJSON sequence."""
    features = json.loads(source.read_bytes())["features"]
    lons, lats = zip(
        *(point for feature in features for point in points(feature["geometry"]["coordinates"])), strict=True
    )
    width, height = max(lons) - min(lons), max(lats) - min(lats)
    copies = ((column * width, row * height, feature) for column, row in squares() for feature in features)
    with path.open("w", encoding="utf-8") as file:
        for number, (east, north, feature) in enumerate(islice(copies, count)):
            geometry = feature["geometry"]
            moved = {"type": geometry["type"], "coordinates": shifted(geometry["coordinates"], east, north)}
            copied = {"type": "Feature", "id": f"n{number}", "properties": feature["properties"], "geometry": moved}
            file.write(json.dumps(copied, ensure_ascii=False) + "\n")


def squares() -> Iterator[tuple[int, int]]:
    """The middle square, then those around it, and so on without end."""
    yield 0, 0
    for ring in range(1, sys.maxsize):
        for step in range(-ring, ring):
            yield from ((step, -ring), (ring, step), (-step, ring), (-ring, -step))


def points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        yield from points(part)


def shifted(coordinates: Any, east: float, north: float) -> Any:
    if isinstance(coordinates[0], int | float):
        return [round(coordinates[0] + east, 7), round(coordinates[1] + north, 7), *coordinates[2:]]
    return [shifted(part, east, north) for part in coordinates]


def database(folder: Path) -> str:
    return os.environ.get("DATABASE_URL") or f"{SQLITE}:///{folder / 'city.sqlite3'}"


def imported(path: Path, folder: Path) -> Imported:
    """Import the file in a process of its own, with the time of each stage."""
    environment = os.environ | {
        "METACITY_MODE": "test",
        "METACITY_VAR": str(folder / "var"),
        "DATABASE_URL": database(folder),
        "PYTHONUNBUFFERED": "1",
        "LANGUAGE_CODE": "en",
    }
    (folder / "var").mkdir(exist_ok=True)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    figures.tell("Importing")
    started = last = time.perf_counter()
    process = subprocess.Popen(
        [*manage, "import_city", str(path), "--slug", "million"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
    )  # fmt: skip
    stages: dict[str, float] = defaultdict(float)
    said, doing = [], "Starting"
    for line in process.stdout or ():
        said.append(line.rstrip())
        now = time.perf_counter()
        stages[doing] += now - last
        last = now
        if line.startswith("["):
            doing = line.split("] ", 1)[1].strip()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    return Imported(process.returncode, seconds, round(usage.ru_maxrss / 1024, 1), dict(stages), said)


def kept_bytes(folder: Path) -> int:
    """What the files of a publication weigh on disk, without their variants for the wire."""
    return sum(
        file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.suffix not in {".br", ".gz"}
    )


if __name__ == "__main__":
    sys.exit(main())
