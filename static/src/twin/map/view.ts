/** Between the shared link (metres to the place, as in 3D) and the map's zoom. */

const EARTH_M = 40_075_016.686;
const TILE_PX = 512;
/** In 3D one sees about as far across as one is away: the 34° lens at a usual window. */
const ACROSS_PER_DISTANCE = 1.1;

/** The zoom at which a map `width_px` wide shows what the city shows from `distance_m`. */
export function zoomOf(distance_m: number, latitude: number, width_px: number): number {
  const across_m = Math.max(distance_m, 1) * ACROSS_PER_DISTANCE;
  const round_m = EARTH_M * Math.cos((latitude * Math.PI) / 180);
  return clamp(Math.log2((round_m * width_px) / (TILE_PX * across_m)), 1, 21);
}

export function distanceOf(zoom: number, latitude: number, width_px: number): number {
  const round_m = EARTH_M * Math.cos((latitude * Math.PI) / 180);
  return (round_m * width_px) / (TILE_PX * 2 ** zoom * ACROSS_PER_DISTANCE);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
