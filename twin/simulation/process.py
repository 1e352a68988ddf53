"""Running an engine in a process of its own: watched, bounded, and ended with all that it started."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from metacity.commons import children
from metacity.commons.children import Ending
from twin.simulation.child import BAD_INPUTS, OUT_OF_MEMORY

__all__ = ["Ending", "run_engine"]


def run_engine(
    folder: Path,
    *,
    memory_mb: int,
    time_s: float,
    on_progress: Callable[[float], None],
    is_cancelled: Callable[[], bool],
) -> Ending:
    """Run `twin.simulation.child` on `folder`. `is_cancelled` is asked about twice a second."""

    def hear(told: dict[str, Any]) -> None:
        if isinstance(told.get("progress"), int | float):
            on_progress(float(told["progress"]))

    return children.run(
        [sys.executable, "-m", "twin.simulation.child", str(folder), str(memory_mb), str(os.getpid())],
        cwd=Path(__file__).resolve().parents[2],
        errors=folder / "stderr.txt",
        time_s=time_s,
        meanings={OUT_OF_MEMORY: Ending.MEMORY, BAD_INPUTS: Ending.INPUTS},
        on_line=hear,
        is_cancelled=is_cancelled,
    )
