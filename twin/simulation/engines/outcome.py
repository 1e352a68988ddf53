"""What every engine takes for progress and gives for a result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

# Called with the share that is done, from 0 to 1. It may raise to end the run.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure beside its baseline. `meaning`, `standard` and `source` are keys of texts that the room holds."""

    key: str
    unit: str
    baseline: float | None
    scenario: float | None

    @property
    def change(self) -> float | None:
        if self.baseline is None or self.scenario is None:
            return None
        return self.scenario - self.baseline


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: figures, rows for named objects, and arrays for pictures."""

    indicators: list[Indicator]
    rows: list[dict[str, Any]] = field(default_factory=list)
    layers: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
