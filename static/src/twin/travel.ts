/** Goes where a link says. */

import type { LocalFrame } from "./frame";
import type { Ground } from "./heights";
import type { ViewLink } from "./link";
import type { Place } from "./messages";
import type { Rig } from "./rig";

/** The place that a link names; null where it names none. */
export function placeOf(link: ViewLink, frame: LocalFrame, ground: Ground): Place | null {
  let at: readonly [number, number] | null = null;
  if (link.e !== undefined && link.n !== undefined) at = [link.e, link.n];
  if (link.lon !== undefined && link.lat !== undefined) {
    const [e, n] = frame.toLocal(link.lon, link.lat);
    at = [e, n];
  }
  return at && { e: at[0], n: at[1], z: ground.heightAt(at[0], at[1]) };
}

/** Whether one is to stand where an idea is best seen, because the link names no place to stand. */
export function standsBeforeIdea(link: ViewLink, place: Place | null): boolean {
  return link.walking === true && link.idea !== undefined && place === null;
}

/** Moves the camera as far as the link says; what it leaves out stays as it is. */
export function travel(rig: Rig, ground: Ground, link: ViewLink, place: Place | null, atOnce: boolean): void {
  const e = place?.e ?? rig.pose.e;
  const n = place?.n ?? rig.pose.n;
  const azimuth_deg = link.azimuth_deg ?? rig.pose.azimuth_deg;
  if (link.walking && !standsBeforeIdea(link, place)) {
    rig.startWalk(e, n, azimuth_deg, link.pitch_deg);
    if (atOnce) rig.arrive();
    return;
  }
  rig.endWalk();
  const distance_m = link.distance_m ?? rig.pose.distance_m;
  const pose = { e, n, z: ground.heightAt(e, n), azimuth_deg, distance_m, pitch_deg: link.pitch_deg ?? rig.pose.pitch_deg };
  if (atOnce) rig.jumpTo(pose);
  else rig.goTo(pose);
}
