/** Pins and designs as GeoJSON for the flat map. */

import type { Feature, FeatureCollection, Geometry, Position } from "geojson";

import type { Change, Design, Point2 } from "../designs/design";
import type { LocalFrame } from "../frame";
import type { Pin } from "../messages";

export function pinsAsGeoJson(pins: readonly Pin[], frame: LocalFrame): FeatureCollection {
  return collection(
    pins.map((pin) => feature({ type: "Point", coordinates: position(frame, [pin.e, pin.n]) }, { id: pin.id })),
  );
}

/** What a design adds; what it only removes has no place of its own on the map. */
export function designAsGeoJson(design: Design, frame: LocalFrame): FeatureCollection {
  return collection(
    design.changes.flatMap((change) => geometry(change, frame).map((shape) => feature(shape, { kind: kindOf(change) }))),
  );
}

function kindOf(change: Change): string {
  return change.op === "add" ? change.kind : change.op;
}

function geometry(change: Change, frame: LocalFrame): Geometry[] {
  if (change.op === "remove") return [];
  if (change.op === "replace" || change.kind === "building") return [polygon(change.footprint, frame)];
  switch (change.kind) {
    case "park":
      return [polygon(change.area, frame)];
    case "trees":
      return change.points.map((point) => ({ type: "Point", coordinates: position(frame, point) }));
    case "pedestrian_street":
    case "crosswalk":
      return [{ type: "LineString", coordinates: change.line.map((point) => position(frame, point)) }];
    default:
      return [{ type: "Point", coordinates: position(frame, change.point) }];
  }
}

function polygon(ring: readonly Point2[], frame: LocalFrame): Geometry {
  const corners = ring.map((point) => position(frame, point));
  const [first] = corners;
  return { type: "Polygon", coordinates: [first ? [...corners, first] : corners] };
}

function position(frame: LocalFrame, point: Point2): Position {
  const [lon, lat] = frame.toGeodetic(point[0], point[1]);
  return [lon, lat];
}

function feature(shape: Geometry, properties: Record<string, string>): Feature {
  return { type: "Feature", geometry: shape, properties };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}
