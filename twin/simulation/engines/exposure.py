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

# A building is counted from this facade area on, and a loss from this time on: less is the sampling's own grain.
LEAST_AREA_M2 = 5.0
LEAST_LOSS_MIN = 30
BANDS_MIN = (30, 60, 120, 240)
# A building falls short when at least this share of the facade that met the courts' figures no longer does. North walls
# never meet them, so what lies below them already says nothing of a building.
LEAST_SHARE = 0.1


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
    """Figures over all samples, of which the first `facades` are facades and the rest is ground."""
    wall, ground = slice(0, facades), slice(facades, None)
    buildings = Buildings.of(exposure, samples, facades)
    found = [
        Indicator("buildings_considered", "count", len(buildings.owners), len(buildings.owners)),
        Indicator("facade_considered", "m2", *[float(samples.areas[wall].sum())] * 2),
        Indicator("ground_considered", "m2", *[float(samples.areas[ground].sum())] * 2),
        Indicator("buildings_losing_sun", "count", 0, int(buildings.is_losing.sum())),
        Indicator("buildings_newly_below_reference", "count", 0, int(buildings.is_newly_below.sum())),
        Indicator(
            "facade_meeting_reference",
            "m2",
            _area(samples, ~exposure.below_before, wall),
            _area(samples, ~exposure.below_after, wall),
        ),
    ]
    for name, part in (("facade", wall), ("ground", ground)):
        found += _sun(name, exposure, samples, part)
    return found


def _sun(name: str, exposure: Exposure, samples: Samples, part: slice) -> list[Indicator]:
    """The mean of a kind of surface, and how much of it loses how much."""
    weight = samples.areas[part]
    means = [
        float(np.average(minutes[part], weights=weight)) if len(weight) else None
        for minutes in (exposure.before_min, exposure.after_min)
    ]
    found = [Indicator(f"{name}_mean_sun", "min", means[0], means[1])]
    for low, high in zip(BANDS_MIN, (*BANDS_MIN[1:], 10_000), strict=True):
        lost = (exposure.loss_min >= low) & (exposure.loss_min < high)
        found.append(Indicator(f"{name}_losing_{low}", "m2", 0, _area(samples, lost, part)))
    gained = -exposure.loss_min >= LEAST_LOSS_MIN
    return [*found, Indicator(f"{name}_gaining", "m2", 0, _area(samples, gained, part))]


def _area(samples: Samples, chosen: NDArray[np.bool_], part: slice) -> float:
    return float(samples.areas[part][chosen[part]].sum())


@dataclass(frozen=True, slots=True)
class Buildings:
    """Facade areas, in m², of every building considered; all arrays are (number of buildings,)."""

    owners: NDArray[np.int32]
    facade: NDArray[np.float64]
    losing: NDArray[np.float64]
    gaining: NDArray[np.float64]
    met: NDArray[np.float64]  # met the courts' figures before
    newly_below: NDArray[np.float64]
    mean_before_min: NDArray[np.float64]
    mean_after_min: NDArray[np.float64]
    greatest_loss_min: NDArray[np.int32]

    @classmethod
    def of(cls, exposure: Exposure, samples: Samples, facades: int) -> "Buildings":
        wall = slice(0, facades)
        owners, number = np.unique(samples.owners[wall], return_inverse=True)
        area, loss = samples.areas[wall], exposure.loss_min[wall]
        met = ~exposure.below_before[wall]

        def total(weights: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.bincount(number, weights=weights, minlength=len(owners)).astype(np.float64)

        whole = total(area)
        greatest = np.full(len(owners), -10_000, dtype=np.int32)
        np.maximum.at(greatest, number, loss)
        return cls(
            owners=owners,
            facade=whole,
            losing=total(area * (loss >= LEAST_LOSS_MIN)),
            gaining=total(area * (-loss >= LEAST_LOSS_MIN)),
            met=total(area * met),
            newly_below=total(area * (met & exposure.below_after[wall])),
            mean_before_min=total(area * exposure.before_min[wall]) / np.maximum(whole, 1e-9),
            mean_after_min=total(area * exposure.after_min[wall]) / np.maximum(whole, 1e-9),
            greatest_loss_min=greatest,
        )

    @property
    def is_losing(self) -> NDArray[np.bool_]:
        return self.losing >= LEAST_AREA_M2

    @property
    def is_newly_below(self) -> NDArray[np.bool_]:
        return (self.newly_below >= LEAST_AREA_M2) & (self.newly_below >= LEAST_SHARE * self.met)


def rows(exposure: Exposure, samples: Samples, facades: int) -> list[dict[str, Any]]:
    """One row for each building that loses or gains sun, the one that is touched most first."""
    found = Buildings.of(exposure, samples, facades)
    touched = np.flatnonzero(found.is_losing | (found.gaining >= LEAST_AREA_M2))
    rows = [
        {
            "owner": int(found.owners[i]),
            "facade_m2": float(found.facade[i]),
            "losing_m2": float(found.losing[i]),
            "gaining_m2": float(found.gaining[i]),
            "mean_loss_min": float(found.mean_before_min[i] - found.mean_after_min[i]),
            "greatest_loss_min": int(found.greatest_loss_min[i]),
            "newly_below_m2": float(found.newly_below[i]),
            "is_newly_below": bool(found.is_newly_below[i]),
        }
        for i in touched
    ]
    return sorted(rows, key=lambda row: (not row["is_newly_below"], -row["mean_loss_min"], row["owner"]))


def layers(
    exposure: Exposure,
    grid: NDArray[np.int32],
    before: NDArray[np.bool_],
    after: NDArray[np.bool_],
    moments: list[datetime],
    facades: int,
) -> dict[str, NDArray[Any]]:
    """Grids of the ground, (size, size), row 0 in the south: minutes of sun, and at three hours lit (1) or not (0).

    -1 stands for a building, -2 for where no ground is known.
    """
    covered = grid < 0

    def on_grid(values: NDArray[Any]) -> NDArray[np.int16]:
        spread = values[np.where(covered, 0, grid)] if len(values) else np.zeros(grid.shape)
        return np.where(covered, grid, spread).astype(np.int16)

    layers = {
        "ground_before_min": on_grid(exposure.before_min[facades:]),
        "ground_after_min": on_grid(exposure.after_min[facades:]),
    }
    for hour in (9, 12, 15):
        index = next(i for i, moment in enumerate(moments) if moment.hour == hour)
        layers[f"lit_before_{hour}"] = on_grid(before[index, facades:])
        layers[f"lit_after_{hour}"] = on_grid(after[index, facades:])
    return layers
