"""Importing a city file, beside cjio's export of the same file to GLB in the same run.

Every figure is that of a process of its own, from the start of the interpreter to its end:

- bare: parse, mesh and tiles, without a database (what `ratio_cjio` compares with cjio's export);
- end to end: `manage.py import_city` with its quality report and an SQLite database (`objects_per_s`, `peak_mb`,
  `ratio_cjio_end_to_end`).

`objects` counts city objects as the file has them, `bytes_per_object_wire` is what the 3D buildings weigh on the wire
(compressed as they are sent) for each building. `faces_failed` are faces that a side reports it could not draw.
cjio reads CityJSON alone: for other formats its figures are null. On Den Haag it takes three minutes or more.
"""

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import figures

BARE = "--bare"


@dataclass(frozen=True)
class Ran:
    """A process that has ended."""

    seconds: float
    cpu_s: float  # tells more than seconds where the machine is busy with other things
    peak_mb: float
    output: str
    code: int


def main() -> int:
    if BARE in sys.argv:
        return bare(Path(sys.argv[-2]), Path(sys.argv[-1]))
    parser = figures.parser(__doc__ or "")
    parser.add_argument("path", type=Path, help="a city file")
    parser.add_argument("--crs", help="its coordinate system, where it states none: EPSG:N")
    parser.add_argument("--no-cjio", action="store_true", help="leave the peer out")
    arguments = parser.parse_args()
    path: Path = arguments.path.resolve()
    with TemporaryDirectory() as folder:
        ours, told = measure_bare(path, Path(folder), arguments.crs)
        whole = measure_end_to_end(path, Path(folder), arguments.crs)
        peer = None if arguments.no_cjio else measure_cjio(path, Path(folder))
    for side in (ours, whole):
        if side.code != 0:
            figures.tell(side.output[-2000:])
            return 1
    figures.show(
        {
            "file": path.name,
            "objects": told["objects"],
            "buildings": told["buildings"],
            "objects_per_s": round(told["objects"] / whole.seconds, 1),
            "objects_per_s_bare": round(told["objects"] / ours.seconds, 1),
            "seconds": round(whole.seconds, 2),
            "seconds_bare": round(ours.seconds, 2),
            "cpu_s": whole.cpu_s,
            "cpu_s_bare": ours.cpu_s,
            "peak_mb": whole.peak_mb,
            "peak_mb_bare": ours.peak_mb,
            "bytes_per_object_wire": round(told["bytes"] / max(told["buildings"], 1), 1),
            "faces_failed": told["faces_failed"],
            **compared(peer, ours, whole),
        }
    )
    return 0


def compared(peer: Ran | None, ours: Ran, whole: Ran) -> dict[str, Any]:
    """cjio's figures beside ours; null where it did not run or did not get through."""
    done = peer is not None and peer.code == 0
    if peer is not None and not done:
        figures.tell(f"cjio did not get through: {peer.output[-300:].strip()}")
    return {
        "seconds_cjio": round(peer.seconds, 2) if peer and done else None,
        "cpu_s_cjio": peer.cpu_s if peer and done else None,
        "peak_mb_cjio": peer.peak_mb if peer and done else None,
        "faces_failed_cjio": failures_of_cjio(peer.output) if peer and done else None,
        "ratio_cjio": round(peer.seconds / ours.seconds, 1) if peer and done else None,
        "ratio_cjio_end_to_end": round(peer.seconds / whole.seconds, 1) if peer and done else None,
    }


def measure_bare(path: Path, folder: Path, crs: str | None) -> tuple[Ran, dict[str, Any]]:
    figures.tell("Parsing, meshing and tiling, without a database")
    environment = {"BENCH_CRS": crs or ""}
    ran = run([sys.executable, "-m", "tests.bench.import_city", BARE, str(path), str(folder / "bare")], environment)
    lines = ran.output.strip().splitlines()
    return ran, json.loads(lines[-1]) if ran.code == 0 and lines else {}


def measure_end_to_end(path: Path, folder: Path, crs: str | None) -> Ran:
    figures.tell("Importing into a database")
    environment = {
        "METACITY_MODE": "test",
        "METACITY_VAR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'city.sqlite3'}",
    }
    (folder / "var").mkdir()
    manage = [sys.executable, "manage.py"]
    prepared = run([*manage, "migrate", "--verbosity", "0"], environment)
    if prepared.code != 0:
        return prepared
    return run([*manage, "import_city", str(path), *(["--crs", crs] if crs else [])], environment)


def measure_cjio(path: Path, folder: Path) -> Ran | None:
    if path.suffix.lower() != ".json":
        return None
    program = Path(sys.executable).with_name("cjio")
    if not program.is_file():
        figures.tell(f"cjio is not installed: {sys.executable} -m pip install -r tests/bench/peers/requirements.txt")
        return None
    figures.tell("cjio exporting the same file to GLB")
    return run([str(program), str(path), "upgrade", "export", "glb", str(folder / "cjio.glb")], {})


def failures_of_cjio(output: str) -> int:
    """Faces that cjio says it could not triangulate: it writes a line for each."""
    return output.count("Failed to triangulate face")


def run(command: list[str], environment: dict[str, str]) -> Ran:
    """A process from start to end, its output and its greatest memory, children that it waited for included."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | environment
    )
    output = process.stdout.read() if process.stdout else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    cpu_s = round(usage.ru_utime + usage.ru_stime, 2)
    return Ran(seconds, cpu_s, round(usage.ru_maxrss / 1024, 1), output, process.returncode)


def bare(path: Path, folder: Path) -> int:
    """The child: parse, mesh, tile."""
    from django.conf import settings

    settings.configure(USE_I18N=False)  # words are not wanted, and neither are apps

    from uuid import uuid4

    from twin.mirror.features import Kind
    from twin.mirror.readers import read
    from twin.mirror.readers.crs import epsg_of
    from twin.mirror.tiles import build

    reading = read(path, epsg=epsg_of(os.environ.get("BENCH_CRS")))
    manifest = build(
        reading.features, {feature.source_id: uuid4() for feature in reading.features}, reading.frame, folder
    )
    lost = sum(fault.code == "too_few_points" for fault in reading.faults)
    figures.show(
        {
            "objects": len(reading.features),
            "buildings": sum(feature.kind is Kind.BUILDING for feature in reading.features),
            "bytes": wire_bytes(folder / "buildings"),
            "faces_failed": lost + int(manifest.get("report", {}).get("failed_faces", 0)),
            "peak_mb": figures.peak_mb(resource.RUSAGE_SELF),
        }
    )
    return 0


def wire_bytes(folder: Path) -> int:
    """What the files of a folder weigh as they are sent: compressed where a compressed form is kept."""
    total = 0
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in {".br", ".gz"}:
            packed = file.with_name(file.name + ".br")
            total += (packed if packed.is_file() else file).stat().st_size
    return total


if __name__ == "__main__":
    sys.exit(main())
