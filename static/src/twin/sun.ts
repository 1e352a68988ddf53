/**
 * Where the sun stands: the low-precision theory of Meeus, Astronomical Algorithms (2nd ed.), chapter 25, in the form
 * NOAA publishes it. Within 0.02° of the SPA between 1950 and 2050; the impact sheets use the SPA itself on the server.
 */

const DEGREE = Math.PI / 180;
const J2000_MS = Date.UTC(2000, 0, 1, 12);
const CENTURY_MS = 36_525 * 86_400_000;

export interface SunPosition {
  /** Degrees clockwise from north. */
  readonly azimuth_deg: number;
  /** Degrees above the horizon, without refraction; negative at night. */
  readonly elevation_deg: number;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

export function sunPosition(time: Date, lat_deg: number, lon_deg: number): SunPosition {
  const t = (time.getTime() - J2000_MS) / CENTURY_MS;
  const meanLongitude = modulo(280.46646 + t * (36_000.76983 + t * 0.0003032), 360);
  const anomaly = (357.52911 + t * (35_999.05029 - 0.0001537 * t)) * DEGREE;
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const centre =
    Math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    Math.sin(2 * anomaly) * (0.019993 - 0.000101 * t) +
    Math.sin(3 * anomaly) * 0.000289;
  const node = (125.04 - 1934.136 * t) * DEGREE;
  const longitude = (meanLongitude + centre - 0.00569 - 0.00478 * Math.sin(node)) * DEGREE;
  const obliquity =
    (23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60 + 0.00256 * Math.cos(node)) * DEGREE;
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude));

  const y = Math.tan(obliquity / 2) ** 2;
  const mean = meanLongitude * DEGREE;
  const equationOfTime_min =
    (4 / DEGREE) *
    (y * Math.sin(2 * mean) -
      2 * eccentricity * Math.sin(anomaly) +
      4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * mean) -
      0.5 * y * y * Math.sin(4 * mean) -
      1.25 * eccentricity * eccentricity * Math.sin(2 * anomaly));
  const utc_min = modulo(time.getTime() / 60_000, 1440);
  const hourAngle = (modulo(utc_min + equationOfTime_min + 4 * lon_deg, 1440) / 4 - 180) * DEGREE;

  const lat = lat_deg * DEGREE;
  const elevation = Math.asin(
    Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hourAngle),
  );
  const azimuth = Math.atan2(
    Math.sin(hourAngle),
    Math.cos(hourAngle) * Math.sin(lat) - Math.tan(declination) * Math.cos(lat),
  );
  return { azimuth_deg: modulo(azimuth / DEGREE + 180, 360), elevation_deg: elevation / DEGREE };
}

/** The first and last minute of a day, of `steps` looked at, at which the sun is up; null where it never is. */
export function daylight(
  timeAt: (minute: number) => Date,
  lat_deg: number,
  lon_deg: number,
): { readonly rise_min: number; readonly set_min: number } | null {
  let rise = -1;
  let set = -1;
  for (let minute = 0; minute < 1440; minute += 5) {
    if (sunPosition(timeAt(minute), lat_deg, lon_deg).elevation_deg <= 0) continue;
    if (rise < 0) rise = minute;
    set = minute;
  }
  return rise < 0 ? null : { rise_min: rise, set_min: set };
}
