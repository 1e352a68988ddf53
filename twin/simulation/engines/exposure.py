"""How long samples see the sun, before and after, and what that adds up to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.simulation.engines.casting import Samples
from twin.simulation.engines.outcome import Indicator

# What courts weigh among other circumstances (대법원 2005다72485): four hours in all, or two without a break.
REFERENCE_TOTAL_MIN = 240
REFERENCE_RUN_MIN = 120

# A facade is counted as touched from this area on: less is the sampling's own grain.
LEAST_AREA_M2 = 5.0
LEAST_LOSS_MIN = 10
BANDS_MIN = (10, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Per sample: minutes of sun in the day, before and after, and whether both of the courts' figures are missed."""

    before_min: NDArray[np.int32]
    after_min: NDArray[np.int32]
    below_before: NDArray[np.bool_]
    below_after: NDArray[np.bool_]

    @classmethod
    def of(
        cls, before: NDArray[np.bool_], after: NDArray[np.bool_], in_run: NDArray[np.bool_], step_min: int
    ) -> "Exposure":
        totals = [lit.sum(axis=0, dtype=np.int32) * step_min for lit in (before, after)]
        runs = [longest_run(lit[in_run]) * step_min for lit in (before, after)]
        below = [
            (total < REFERENCE_TOTAL_MIN) & (run < REFERENCE_RUN_MIN) for total, run in zip(totals, runs, strict=True)
        ]
        return cls(totals[0], totals[1], below[0], below[1])

    @property
    def loss_min(self) -> NDArray[np.int32]:
        return self.before_min - self.after_min


def longest_run(lit: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The greatest number of consecutive true rows in each column of `lit`, (steps, samples) → (samples,)."""
    current = np.zeros(lit.shape[1], dtype=np.int32)
    best = np.zeros_like(current)
    for row in lit:
        current = np.where(row, current + 1, 0)
        np.maximum(best, current, out=best)
    return best


def indicators(exposure: Exposure, samples: Samples, facades: int) -> list[Indicator]:
    wall, ground = slice(0, facades), slice(facades, None)
    losing = _losing_buildings(exposure, samples, facades)
    found = [
        Indicator("buildings_considered", "count", len(losing), len(losing)),
        Indicator("facade_considered", "m2", *[float(samples.areas[wall].sum())] * 2),
        Indicator("ground_considered", "m2", *[float(samples.areas[ground].sum())] * 2),
        Indicator("buildings_losing_sun", "count", 0, sum(area >= LEAST_AREA_M2 for area in losing.values())),
        Indicator(
            "buildings_below_reference", "count",
            _buildings_with(exposure.below_before, samples, facades),
            _buildings_with(exposure.below_after, samples, facades),
        ),
        Indicator(
            "buildings_newly_below_reference", "count", 0,
            _buildings_with(exposure.below_after & ~exposure.below_before, samples, facades),
        ),
        Indicator(
            "facade_below_reference", "m2",
            _area(samples, exposure.below_before, wall), _area(samples, exposure.below_after, wall),
        ),
    ]  # fmt: skip
    for name, part in (("facade", wall), ("ground", ground)):
        weight = samples.areas[part]
        for label, minutes in (("mean_sun", (exposure.before_min, exposure.after_min)),):
            values = [float(np.average(m[part], weights=weight)) if len(weight) else None for m in minutes]
            found.append(Indicator(f"{name}_{label}", "min", values[0], values[1]))
        for low, high in zip(BANDS_MIN, (*BANDS_MIN[1:], 10_000), strict=True):
            lost = (exposure.loss_min >= low) & (exposure.loss_min < high)
            found.append(Indicator(f"{name}_losing_{low}", "m2", 0, _area(samples, lost, part)))
        gained = -exposure.loss_min >= LEAST_LOSS_MIN
        found.append(Indicator(f"{name}_gaining", "m2", 0, _area(samples, gained, part)))
    return found


def _area(samples: Samples, chosen: NDArray[np.bool_], part: slice) -> float:
    return float(samples.areas[part][chosen[part]].sum())


def _losing_buildings(exposure: Exposure, samples: Samples, facades: int) -> dict[int, float]:
    """Facade square metres that lose sun, of every building considered."""
    owners, losing = samples.owners[:facades], exposure.loss_min[:facades] >= LEAST_LOSS_MIN
    return {int(o): float(samples.areas[:facades][(owners == o) & losing].sum()) for o in np.unique(owners)}


def _buildings_with(chosen: NDArray[np.bool_], samples: Samples, facades: int) -> int:
    owners, areas = samples.owners[:facades], samples.areas[:facades]
    sums = np.bincount(owners[chosen[:facades]], weights=areas[chosen[:facades]]) if facades else np.empty(0)
    return int((sums >= LEAST_AREA_M2).sum())


def rows(exposure: Exposure, facades: Samples, count: int) -> list[dict[str, Any]]:
    """One row for each building that loses or gains sun, the one that loses most first."""
    rows = []
    loss = exposure.loss_min[:count]
    for owner in np.unique(facades.owners):
        own = facades.owners == owner
        area = facades.areas[own]
        losing, gaining = loss[own] >= LEAST_LOSS_MIN, -loss[own] >= LEAST_LOSS_MIN
        newly = (exposure.below_after[:count] & ~exposure.below_before[:count])[own]
        if max(area[losing].sum(), area[gaining].sum()) < LEAST_AREA_M2:
            continue
        rows.append(
            {
                "owner": int(owner),
                "facade_m2": float(area.sum()),
                "losing_m2": float(area[losing].sum()),
                "gaining_m2": float(area[gaining].sum()),
                "mean_loss_min": float(np.average(loss[own], weights=area)),
                "greatest_loss_min": int(loss[own].max()),
                "newly_below_m2": float(area[newly].sum()),
                "before_min": float(np.average(exposure.before_min[:count][own], weights=area)),
                "after_min": float(np.average(exposure.after_min[:count][own], weights=area)),
            }
        )
    return sorted(rows, key=lambda row: (-row["newly_below_m2"], -row["mean_loss_min"], row["owner"]))


def layers(
    exposure: Exposure,
    grid: NDArray[np.int32],
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
    moments: list[datetime],
    facades: int,
) -> dict[str, NDArray[Any]]:
    """Grids of the ground, (size, size), row 0 south: minutes of sun, and lit or not at three hours; -1: none."""
    covered = grid < 0

    def on_grid(values: NDArray[Any]) -> NDArray[np.int16]:
        spread = values[np.where(covered, 0, grid)] if len(values) else np.zeros(grid.shape)
        return np.where(covered, -1, spread).astype(np.int16)

    layers = {
        "ground_before_min": on_grid(exposure.before_min[facades:]),
        "ground_after_min": on_grid(exposure.after_min[facades:]),
    }
    for hour in (9, 12, 15):
        index = next(i for i, moment in enumerate(moments) if moment.hour == hour)
        layers[f"lit_before_{hour}"] = on_grid(before[index, facades:])
        layers[f"lit_after_{hour}"] = on_grid(after[index, facades:])
    return layers
