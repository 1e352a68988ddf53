"""Direct sun on facades and ground around a site, as it is and with a design.

Rays are cast on the real triangles (Embree): nothing is simplified to blocks or cells. What is not modelled: windows
and rooms, trees, reflected and diffuse light, clouds, and terrain beyond the scene.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np

from twin.simulation.engines import exposure, solar
from twin.simulation.engines.casting import Caster, Scene, Site, facade_samples, ground_samples, joined
from twin.simulation.engines.outcome import Outcome, Progress

NAME = "sun"
VERSION = "1"

# The clock hours within which courts count sun at the winter solstice: in all, and without a break.
DAY_FIRST, DAY_LAST = time(8), time(16)
RUN_FIRST, RUN_LAST = time(9), time(15)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Where and when."""

    site: Site
    latitude: float
    longitude: float
    day: date
    time_zone: str
    step_min: int = 10


def run(baseline: Scene, scenario: Scene, parameters: Parameters, progress: Progress) -> Outcome:
    """Minutes of sun from 08 to 16 h and the longest run from 09 to 15 h, before and after.

    The same points are asked in both scenes. Facades that lose at least half an hour are counted, from 5 m² a building.

    Raises
    ------
    ValueError
        If a scene has no triangle, or the step is not positive.
    """
    _check(baseline, scenario, parameters)
    origin = np.array([parameters.site.e, parameters.site.n, 0.0])
    before, after = Caster(baseline, origin), Caster(scenario, origin)
    facades = facade_samples(baseline, parameters.site)
    grid, ground = ground_samples(before, after, baseline, parameters.site)
    moments = solar.step_middles(
        parameters.day, parameters.time_zone, DAY_FIRST, DAY_LAST, timedelta(minutes=parameters.step_min)
    )
    suns = solar.directions(moments, latitude=parameters.latitude, longitude=parameters.longitude)
    everything = joined(facades, ground)
    lit_before = np.zeros((len(moments), len(everything.points)), dtype=bool)
    lit_after = np.zeros_like(lit_before)
    for index, sun in enumerate(suns):
        lit_before[index] = before.sees(sun, everything)
        lit_after[index] = after.sees(sun, everything)
        progress((index + 1) / len(suns))
    in_run = np.array([RUN_FIRST <= moment.time() < RUN_LAST for moment in moments])
    exposed = exposure.Exposure.of(lit_before, lit_after, in_run, parameters.step_min)
    count = len(facades.points)
    return Outcome(
        indicators=exposure.indicators(exposed, everything, count),
        rows=exposure.rows(exposed, everything, count),
        layers=exposure.layers(exposed, grid, lit_before, lit_after, moments, count),
        facts={
            "engine": NAME,
            "version": VERSION,
            "day": parameters.day.isoformat(),
            "radius_m": parameters.site.radius_m,
            "step_min": parameters.step_min,
            "samples": len(everything.points),
            "rays": int(2 * len(moments) * len(everything.points)),
            "solar_noon": solar.solar_noon(
                parameters.day, parameters.time_zone, longitude=parameters.longitude
            ).strftime("%H:%M"),
            "grid": {
                "min_e": parameters.site.e - parameters.site.radius_m,
                "min_n": parameters.site.n - parameters.site.radius_m,
                "step_m": parameters.site.ground_spacing_m,
                "size": len(grid),
            },
        },
    )


def _check(baseline: Scene, scenario: Scene, parameters: Parameters) -> None:
    if not len(baseline.triangles) or not len(scenario.triangles):
        raise ValueError("A scene without triangles casts no shadow.")
    if parameters.step_min <= 0:
        raise ValueError("The step must be positive.")
