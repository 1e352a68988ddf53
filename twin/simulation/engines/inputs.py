"""The sun engine's inputs as files, for a process of its own."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from twin.simulation.engines.casting import Scene, Site
from twin.simulation.engines.sun import Parameters


def save(folder: Path, baseline: Scene, scenario: Scene, parameters: Parameters) -> None:
    """Write `inputs.npz` and `parameters.json`."""
    np.savez(
        folder / "inputs.npz",
        baseline=baseline.triangles,
        baseline_owners=baseline.owners,
        scenario=scenario.triangles,
        scenario_owners=scenario.owners,
    )
    site = asdict(parameters.site) | {"changed": sorted(parameters.site.changed)}
    document = {
        "site": site,
        "latitude": parameters.latitude,
        "longitude": parameters.longitude,
        "day": parameters.day.isoformat(),
        "time_zone": parameters.time_zone,
        "step_min": parameters.step_min,
    }
    (folder / "parameters.json").write_text(json.dumps(document))


def load(folder: Path) -> tuple[Scene, Scene, Parameters]:
    """Read what `save` wrote.

    Raises
    ------
    ValueError
        If a file is missing or does not hold what it should.
    """
    try:
        arrays = np.load(folder / "inputs.npz", allow_pickle=False)
        document = json.loads((folder / "parameters.json").read_text())
        site = Site(**{**document["site"], "changed": frozenset(document["site"]["changed"])})
        return (
            Scene(arrays["baseline"], arrays["baseline_owners"]),
            Scene(arrays["scenario"], arrays["scenario_owners"]),
            Parameters(**{**document, "site": site, "day": date.fromisoformat(document["day"])}),
        )
    except (OSError, KeyError, TypeError, BadZipFile) as error:
        raise ValueError(f"The inputs cannot be read: {error}") from error
