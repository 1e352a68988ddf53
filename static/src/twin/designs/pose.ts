import type { Ground } from "../heights";
import type { Pose } from "../rig";
import { extentOf, type Design } from "./design";

/** Where a design is best looked at from: all of it, with its neighbours; null where it only removes. */
export function poseFor(design: Design, ground: Ground): Omit<Pose, "azimuth_deg"> | null {
  const extent = extentOf(design);
  if (!extent) return null;
  const { e, n, reach_m, height_m } = extent;
  const size = Math.max(reach_m * 2, height_m, 45);
  return { e, n, z: ground.heightAt(e, n) + height_m / 3, distance_m: size * 4.2, pitch_deg: 28 };
}
