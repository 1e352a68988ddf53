"""Contrast on rendered frames of the 3D city: walls, ground, roofs and lines, a design, pins and controls.

The camera of a link is known, and so are the buildings: their faces are projected into the frame, and the pixels there
are compared as WCAG 2.2 compares colours. Ratios are medians over what is in view.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from tests.e2e.frames import Camera, Frame, Ground, ratio
from tests.e2e.pages import idea_with_a_building
from tests.e2e.site import Site

READY = "[data-city][data-state=ready]"
TIME = "2026-12-21T15:20"
AZIMUTH_DEG, PITCH_DEG = 340.0, 42.0
PATIENCE_MS = 240_000
LEAST_RATIO = 3.0
"""What has to be told apart to be used: WCAG 2.2, 1.4.11."""

HIDE_OVERLAY = """() => document.querySelectorAll('[data-city] > :not([data-city-canvas])')
  .forEach((one) => { one.style.opacity = '0'; })"""

# Faces between two heights (walls, and roofs that slope) and the largest flat roof of each building around a point.
FACES = """
import json, shapely
from twin.mirror.models import City, CityObjectVersion
rows = CityObjectVersion.objects.shown_in_city(City.objects.get(slug="gaon")).filter(kind="building")
found = []
for row in rows.near({e}, {n}, {radius}):
    faces = [list(face.exterior.coords)[:-1] for face in shapely.get_parts(shapely.from_wkb(bytes(row.geometry)))]
    levels = [{{round(z, 1) for _e, _n, z in face}} for face in faces]
    walls = [face for face, level in zip(faces, levels) if len(face) == 4 and len(level) == 2]
    flat = [face for face, level in zip(faces, levels) if len(level) == 1 and face[0][2] > row.min_z + 3]
    roof = max(flat, key=lambda face: shapely.Polygon(face).area, default=None)
    if walls and roof:
        found.append([walls, roof, row.min_z])
print(json.dumps(found))
"""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wall:
    """An upright rectangle: the ends of its foot, how high it goes, and the way it looks (east, north)."""

    start: Points
    end: Points
    base: float
    top: float
    outward: Points
    lean: Points
    """From the foot's beginning to what stands over it."""

    @classmethod
    def of(cls, ring: Any) -> "Wall":
        """From corners that go round counter-clockwise as seen from outside."""
        corners = np.array(ring)
        around, heights = corners[:, :2], corners[:, 2]
        low = heights < heights.mean()
        # The edge along the foot runs to the right as seen from outside.
        first = next(i for i in range(4) if low[i] and low[(i + 1) % 4])
        start, end = around[first], around[(first + 1) % 4]
        along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
        return cls(
            start,
            end,
            float(heights.min()),
            float(heights.max()),
            np.array([along[1], -along[0]]),
            around[first - 1] - start,
        )

    @property
    def is_large(self) -> bool:
        return bool(np.hypot(*(self.end - self.start)) > 4 and self.top - self.base > 4)

    @property
    def is_upright(self) -> bool:
        return bool(np.hypot(*self.lean) < 0.1)

    def faces(self, camera: Camera) -> bool:
        return bool(self.outward @ (camera.eye[:2] - (self.start + self.end) / 2) > 8)

    def surface(self) -> Points:
        """Spots on its upper part, where little stands before it."""
        heights = self.base + (self.top - self.base) * np.linspace(0.5, 0.85, 5)
        return np.array([[*self._at(share), z] for share in np.linspace(0.2, 0.8, 9) for z in heights])

    def foot(self) -> Points:
        """Spots on the ground before it."""
        shares, outs = np.linspace(0.2, 0.8, 7), (0.8, 1.4, 2.0)
        return np.array([[*(self._at(share) + self.outward * out), self.base] for share in shares for out in outs])

    def upper_edge(self) -> Points:
        return np.array([[*self._at(share), self.top] for share in np.linspace(0.15, 0.85, 15)])

    def _at(self, share: float) -> Points:
        spot: Points = self.start + (self.end - self.start) * share
        return spot


@dataclass(frozen=True, slots=True)
class House:
    walls: tuple[Wall, ...]
    roof: Points
    """Spots on its largest flat roof."""
    base: float


def measure(site: Site, page: Page) -> dict[str, float]:
    """Every ratio by its name; `page` is a visitor's at 1440 × 900."""
    return _city(site, page) | _design(site, page) | _overlay(page)


def _city(site: Site, page: Page) -> dict[str, float]:
    manifest = page.request.get("/api/v1/cities/gaon/").json()
    e, n, _z = manifest["start"]["target"]
    camera, frame = _look_at(page, manifest, e, n, 260)
    ratios: dict[str, list[float]] = {"wall_ground": [], "roof_wall": [], "line_wall": [], "line_roof": []}
    for house in _houses_near(site, e, n, 150):
        roof = frame.colour(camera, house.roof)
        for seen in (wall for wall in house.walls if wall.is_large and wall.faces(camera)):
            wall, line = frame.colour(camera, seen.surface()), frame.darkest(camera, seen.upper_edge())
            foot = frame.colour(camera, seen.foot())
            if wall is None or line is None or foot is None:
                continue
            ratios["line_wall"].append(ratio(line, wall))
            if seen.base < house.base + 0.5:
                ratios["wall_ground"].append(ratio(wall, foot))
            if roof is not None:
                ratios["roof_wall"].append(ratio(roof, wall))
                ratios["line_roof"].append(ratio(line, roof))
    return _medians(ratios)


def _design(site: Site, page: Page) -> dict[str, float]:
    """The outline and the filling of a citizen's building, against walls beside it and against each other."""
    idea, change = idea_with_a_building(page.request)
    ring = [(float(e), float(n)) for e, n in change["footprint"]]
    e, n = (sum(axis) / len(ring) for axis in zip(*ring, strict=True))
    manifest = page.request.get("/api/v1/cities/gaon/").json()
    camera, frame = _look_at(page, manifest, e, n, 150, idea)
    ground = Ground.of(page, manifest)
    base = change.get("base_m") or min(ground.height(*corner) for corner in ring)
    top = base + change["storeys"] * change.get("storey_height_m", 3.3)
    beside = [
        colour
        for house in _houses_near(site, e, n, 60)
        for wall in house.walls
        if wall.is_large and wall.faces(camera) and (colour := frame.colour(camera, wall.surface())) is not None
    ]
    found: dict[str, list[float]] = {"design_outline_wall": [], "design_outline_filling": [], "design_filling_wall": []}
    for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
        drawn = Wall.of([(*start, base), (*end, base), (*end, top), (*start, top)])
        filling, outline = frame.colour(camera, drawn.surface()), frame.darkest(camera, drawn.upper_edge())
        if drawn.faces(camera) and filling is not None and outline is not None:
            found["design_outline_wall"] += [ratio(outline, wall) for wall in beside]
            found["design_outline_filling"].append(ratio(outline, filling))
            found["design_filling_wall"] += [ratio(filling, wall) for wall in beside]
    return _medians(found)


def _overlay(page: Page) -> dict[str, float]:
    """The edge of pins and controls against what is on either side of it."""
    _open(page, f"t={TIME}")
    frame = Frame.of(page.screenshot())
    found = {}
    for name, selector in (("pins", ".pin:not([hidden]) .pin__head"), ("controls", ".city__button")):
        boxes = [one.bounding_box() for one in page.locator(selector).all()]
        found[name] = [frame.edge(box) for box in boxes if box is not None and frame.holds(box)]
    return _medians(found)


def _open(page: Page, link: str) -> None:
    page.goto("about:blank")
    page.goto(f"/city/?quality=high&{link}")
    page.wait_for_selector(READY, timeout=PATIENCE_MS)


def _look_at(
    page: Page, manifest: dict[str, Any], e: float, n: float, distance_m: float, idea: str = ""
) -> tuple[Camera, Frame]:
    """From the south-east, with the afternoon's sun from the left: one side of a house is lit, one in shade."""
    link = f"e={e}&n={n}&d={distance_m}&a={AZIMUTH_DEG}&p={PITCH_DEG}&t={TIME}"
    _open(page, f"{link}&idea={idea}" if idea else link)
    if idea:
        page.wait_for_selector("[data-city-card] [data-action=compare]")
        page.wait_for_selector(READY, timeout=PATIENCE_MS)
    ground = Ground.of(page, manifest)
    camera = Camera.of(page, ground, e=e, n=n, distance_m=distance_m, azimuth_deg=AZIMUTH_DEG, pitch_deg=PITCH_DEG)
    page.evaluate(HIDE_OVERLAY)
    return camera, Frame.of(page.locator("[data-city-canvas]").screenshot())


def _houses_near(site: Site, e: float, n: float, radius_m: float) -> list[House]:
    told = site.manage("shell", "-v", "0", "-c", FACES.format(e=e, n=n, radius=radius_m))
    return [
        House(tuple(wall for wall in map(Wall.of, walls) if wall.is_upright), _within(roof), base)
        for walls, roof, base in json.loads(told)
    ]


def _within(roof: Any) -> Points:
    corners = np.array(roof)
    middle = corners.mean(axis=0)
    return np.array([middle + (corner - middle) * share for corner in corners for share in np.linspace(0.1, 0.6, 5)])


def _medians(ratios: dict[str, list[float]]) -> dict[str, float]:
    return {name: float(np.median(values)) for name, values in ratios.items() if values}


def shown(ratios: dict[str, float]) -> str:
    return "\n".join(f"  {name:24} {value:5.2f} : 1" for name, value in ratios.items())


def too_low(ratios: dict[str, float]) -> list[str]:
    """What has to be told apart and cannot be, or was not found."""
    return [name for name in ("design_outline_wall", "pins", "controls") if ratios.get(name, 0.0) < LEAST_RATIO]
