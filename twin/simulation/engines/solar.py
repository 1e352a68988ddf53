"""Where the sun stands.

pvlib is imported where it is used: it brings pandas and SciPy, a second and 60 MB that only an engine's own process
should spend.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray


def directions(
    moments: list[datetime], *, latitude: float, longitude: float, height_m: float = 0.0
) -> NDArray[np.float64]:
    """Unit vectors from the ground to the sun, (k, 3) in ENU, for aware `moments`.

    The position is the NREL solar position algorithm's (Reda and Andreas, 2004, NREL/TP-560-34302), as pvlib computes
    it, lifted by refraction at 1010 hPa and 12 °C: where the eye sees the sun. Below the horizon z is negative.
    """
    import pandas as pd
    from pvlib import solarposition

    position = solarposition.get_solarposition(
        pd.DatetimeIndex(moments).tz_convert("UTC"), latitude, longitude, altitude=height_m, method="nrel_numpy"
    )
    elevation = np.radians(position["apparent_elevation"].to_numpy())
    azimuth = np.radians(position["azimuth"].to_numpy())
    return np.column_stack(
        [np.cos(elevation) * np.sin(azimuth), np.cos(elevation) * np.cos(azimuth), np.sin(elevation)]
    )


def step_middles(day: date, zone: str, first: time, last: time, step: timedelta) -> list[datetime]:
    """The middle of each step between two clock times of a day: each stands for its whole step."""
    tz = ZoneInfo(zone)
    start, end = datetime.combine(day, first, tz), datetime.combine(day, last, tz)
    count = round((end - start) / step)
    return [start + (index + 0.5) * step for index in range(count)]


def solar_noon(day: date, zone: str, *, longitude: float) -> datetime:
    """When the sun culminates at `longitude`, by the local clock (in Seoul about 12:30)."""
    import pandas as pd
    from pvlib import solarposition

    noon = pd.DatetimeIndex([datetime.combine(day, time(12), ZoneInfo("UTC"))])
    equation_min = float(solarposition.equation_of_time_spencer71(noon.day_of_year.to_numpy()).item())
    noon_utc = datetime.combine(day, time(12), ZoneInfo("UTC")) - timedelta(minutes=longitude * 4 + equation_min)
    return noon_utc.astimezone(ZoneInfo(zone))
