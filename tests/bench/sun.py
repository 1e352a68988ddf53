"""The sun engine on a real city: one site, 300 m around it, the winter solstice from 08 to 16 h in steps of 10 minutes.

A building of 24 storeys is put on the open ground nearest to the city's middle, and the engine compares the city with
and without it. `seconds` and `peak_mb` are those of the engine's own process, from start to outcome; `engine_seconds`
is the bare engine in this process, already imported. Give a file to read it instead of Gangnam.
"""

import resource
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from shapely import STRtree, box, points

from tests.bench import figures
from tests.bench.data import data_file
from twin.mirror.designs.changes import parse, rectangle
from twin.mirror.designs.solids import body
from twin.mirror.features import Kind
from twin.mirror.readers import read
from twin.mirror.tiles.mesh import triangulate
from twin.simulation.engines import inputs, sun
from twin.simulation.engines.casting import Scene, Site
from twin.simulation.process import Ending, run_engine

GANGNAM = "cities/seoul_gangnam_osm_buildings/buildings.geojson"
RADIUS_M = 300.0
STOREYS = 24
SIZE_M = 24.0


def main() -> int:
    parser = figures.parser(__doc__ or "")
    parser.add_argument("path", nargs="?", help="a city file; Gangnam's footprints without it")
    arguments = parser.parse_args()
    figures.set_up_django()
    baseline, site, parameters = scenes(Path(arguments.path) if arguments.path else data_file(GANGNAM))
    (tower,) = parse({"changes": [building(site)]}).changes
    mesh = triangulate([body(tower, float(np.median(baseline.triangles[:, :, 2].min(axis=1))))])
    added = mesh.vertices[mesh.triangles]
    number = int(baseline.owners.max()) + 1
    scenario = Scene(
        np.concatenate([baseline.triangles, added]),
        np.concatenate([baseline.owners, np.full(len(added), number, dtype=np.int32)]),
    )
    with TemporaryDirectory() as folder:
        inputs.save(Path(folder), baseline, scenario, parameters)
        started = time.perf_counter()
        ending = run_engine(
            Path(folder), memory_mb=8192, time_s=600, on_progress=lambda _: None, is_cancelled=lambda: False
        )
        seconds = time.perf_counter() - started
    if ending is not Ending.DONE:
        figures.tell(f"The engine ended with {ending}.")
        return 1
    started = time.perf_counter()
    outcome = sun.run(baseline, scenario, parameters, lambda _: None)
    figures.show(
        {
            "seconds": round(seconds, 2),
            "engine_seconds": round(time.perf_counter() - started, 2),
            "peak_mb": figures.peak_mb(resource.RUSAGE_CHILDREN),
            "triangles": len(scenario.triangles),
            "samples": outcome.facts["samples"],
            "rays": outcome.facts["rays"],
            "buildings_losing_sun": next(i.scenario for i in outcome.indicators if i.key == "buildings_losing_sun"),
        }
    )
    return 0


def scenes(path: Path) -> tuple[Scene, tuple[float, float], sun.Parameters]:
    """The city as it is, an open site near its middle, and where and when to compute."""
    figures.tell(f"Reading {path.name}")
    reading = read(path)
    buildings = [f for f in reading.features if f.kind in {Kind.BUILDING, Kind.BUILDING_PART} and f.best_lod()]
    mesh = triangulate([f.lods[f.best_lod() or ""] for f in buildings])
    scene = Scene(mesh.vertices[mesh.triangles], mesh.owners.astype(np.int32))
    site = open_site(scene)
    frame = reading.frame
    return (
        scene,
        site,
        sun.Parameters(Site(*site, radius_m=RADIUS_M), frame.lat, frame.lon, date(2026, 12, 21), "Asia/Seoul"),
    )


def open_site(scene: Scene) -> tuple[float, float]:
    """The nearest point to the middle around which a building of our size fits."""
    corners = scene.triangles[:, :, :2]
    low, high = corners.min(axis=1), corners.max(axis=1)
    tree = STRtree(box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    middle = np.median(corners.reshape(-1, 2), axis=0)
    steps = np.arange(-400, 401, 10.0)
    e, n = (grid.ravel() for grid in np.meshgrid(middle[0] + steps, middle[1] + steps))
    _found, distance = tree.query_nearest(points(e, n), return_distance=True, all_matches=False)
    free = distance > SIZE_M * 0.75
    away = np.where(free, np.hypot(e - middle[0], n - middle[1]), np.inf)
    best = int(np.argmin(away))
    return float(e[best]), float(n[best])


def building(site: tuple[float, float]) -> dict[str, object]:
    footprint = rectangle(centre=site, width_m=SIZE_M, depth_m=SIZE_M, rotation_deg=0)
    return {"op": "add", "kind": "building", "footprint": footprint, "storeys": STOREYS}


if __name__ == "__main__":
    sys.exit(main())
