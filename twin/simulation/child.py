"""The process that an engine runs in: `python -m twin.simulation.child FOLDER`.

It reads `inputs.npz` and `parameters.json` from the folder, writes `outcome.json` and `layers.npz` there, and tells
its progress as JSON lines on standard output. It knows no Django and no database: if it crashes, nothing else does.
The limits on memory and its death with the parent are set here, before anything large is imported.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
OUT_OF_MEMORY = 3
BAD_INPUTS = 4


def main(folder: Path, memory_mb: int, parent: int) -> int:
    _die_with_parent(parent)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    try:
        _run(folder)
    except MemoryError:
        return OUT_OF_MEMORY
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUTS
    return 0


def _die_with_parent(parent: int) -> None:
    """On Linux the kernel ends this process when its parent goes; one that went before is noticed by its number."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def _run(folder: Path) -> None:
    import numpy as np

    from twin.simulation.engines import inputs, sun

    told = -1

    def progress(share: float) -> None:
        nonlocal told
        if int(share * 100) > told:
            told = int(share * 100)
            sys.stdout.write(json.dumps({"progress": round(share, 4)}) + "\n")
            sys.stdout.flush()

    baseline, scenario, parameters = inputs.load(folder)
    outcome = sun.run(baseline, scenario, parameters, progress)
    np.savez_compressed(folder / "layers.npz", allow_pickle=False, **outcome.layers)
    document = {
        "indicators": [
            {"key": i.key, "unit": i.unit, "baseline": i.baseline, "scenario": i.scenario} for i in outcome.indicators
        ],
        "rows": outcome.rows,
        "facts": dict(outcome.facts),
    }
    (folder / "outcome.json").write_text(json.dumps(document))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
