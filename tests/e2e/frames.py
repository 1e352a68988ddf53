"""A camera over the city's ground, and the frames it draws, as numbers."""

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import FloatRect, Page

Floats = NDArray[np.float64]

LENS_DEG = 34.0
"""Of `static/src/twin/view.ts`, from 80 m on."""
LEAST_PIXELS = 5
BAND_PX = 3


def luminance(colour: Floats) -> float:
    """Relative luminance of an sRGB colour (0 to 255), as WCAG 2.2 defines it."""
    share = colour / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def ratio(one: Floats, other: Floats) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, slots=True)
class Ground:
    """Heights on a grid, as the publication's `heights.bin` holds them."""

    heights: Floats
    min_e: float
    min_n: float
    step_m: float

    @classmethod
    def of(cls, page: Page, manifest: dict[str, Any]) -> "Ground":
        publication = manifest["publication"]
        told = publication["heights"]
        raw = page.request.get(publication["base_url"] + told["file"]).body()
        steps = np.frombuffer(raw, "<i2").reshape(told["rows"], told["columns"])
        return cls(steps * told["scale_m"] + told["offset_m"], told["min_e"], told["min_n"], told["step_m"])

    def height(self, e: float, n: float) -> float:
        """Between the four nearest points of the grid, in metres."""
        column, row = (e - self.min_e) / self.step_m, (n - self.min_n) / self.step_m
        left, below = int(column), int(row)
        x, y = column - left, row - below
        lower = self.heights[below, left] * (1 - x) + self.heights[below, left + 1] * x
        upper = self.heights[below + 1, left] * (1 - x) + self.heights[below + 1, left + 1] * x
        return float(lower * (1 - y) + upper * y)


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera. `axes`: rows right, up and forward, in the local frame; `shift`: pixels right and down."""

    eye: Floats
    axes: Floats
    size: tuple[float, float]
    shift: tuple[float, float]

    @classmethod
    def of(
        cls, page: Page, ground: Ground, *, e: float, n: float, distance_m: float, azimuth_deg: float, pitch_deg: float
    ) -> "Camera":
        """The camera of a link, on the page as it stands: an open card moves the picture's middle."""
        a, p = math.radians(azimuth_deg), math.radians(pitch_deg)
        forward = np.array([math.sin(a) * math.cos(p), math.cos(a) * math.cos(p), -math.sin(p)])
        right = np.array([math.cos(a), -math.sin(a), 0.0])
        eye = np.array([e, n, ground.height(e, n)]) - forward * distance_m
        box = page.locator("[data-city-canvas]").bounding_box()
        card = page.locator("[data-city-card]").bounding_box()
        assert box is not None
        covered = card["x"] + card["width"] - box["x"] if card is not None else 0.0
        return cls(
            eye, np.array([right, np.cross(right, forward), forward]), (box["width"], box["height"]), (covered / 2, 0.0)
        )

    def project(self, points: Floats) -> Floats:
        """Pixels (n, 2) of points (n, 3); NaN behind the camera."""
        seen = (points - self.eye) @ self.axes.T
        depth = np.where(seen[:, 2] > 1, seen[:, 2], np.nan)
        scale = self.size[1] / 2 / math.tan(math.radians(LENS_DEG / 2))
        x = self.size[0] / 2 + self.shift[0] + seen[:, 0] / depth * scale
        y = self.size[1] / 2 + self.shift[1] - seen[:, 1] / depth * scale
        return np.stack([x, y], axis=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """Pixels (rows, columns, 3), 0 to 255."""

    pixels: Floats

    @classmethod
    def of(cls, picture: bytes) -> "Frame":
        return cls(np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=np.float64))

    def colour(self, camera: Camera, points: Floats) -> Floats | None:
        """The median colour where these points are drawn; None where too few are in the frame."""
        found = self._pixels_at(camera.project(points))
        return np.median(found, axis=0) if len(found) >= LEAST_PIXELS else None

    def darkest(self, camera: Camera, points: Floats) -> Floats | None:
        """The median of the darkest pixels next to these points: a line that is drawn along them."""
        band = np.arange(-BAND_PX, BAND_PX + 1)
        around = np.stack(np.meshgrid(band, band), axis=-1).reshape(-1, 2)
        found = []
        for point in camera.project(points):
            near = self._pixels_at(point + around)
            if len(near) == len(around):
                found.append(min(near, key=luminance))
        return np.median(found, axis=0) if len(found) >= LEAST_PIXELS else None

    def holds(self, box: FloatRect) -> bool:
        """Whether it is in the frame with some room around."""
        rows, columns = self.pixels.shape[:2]
        across, down = (box["x"], box["x"] + box["width"]), (box["y"], box["y"] + box["height"])
        return min(across) > 10 and max(across) < columns - 10 and min(down) > 0 and max(down) < rows

    def edge(self, box: FloatRect) -> float:
        """How the outline of a control stands out: from what is within it or from what is behind it, the better one."""
        left, middle = box["x"], box["y"] + box["height"] / 2
        rows = [middle + shift for shift in (-2, 0, 2)]
        outline = self._pixels_at(np.array([(left + shift, y) for y in rows for shift in (-1, 0, 1, 2)]))
        beside = [
            np.median(self._pixels_at(np.array([(left + shift, y) for y in rows for shift in shifts])), axis=0)
            for shifts in ((-7, -6, -5), (5, 6, 7))
        ]
        return max(ratio(pixel, colour) for pixel in outline for colour in beside)

    def _pixels_at(self, points: Floats) -> Floats:
        rows, columns = self.pixels.shape[:2]
        at = np.round(points[~np.isnan(points).any(axis=1)]).astype(int)
        within = at[(at[:, 0] >= 0) & (at[:, 0] < columns) & (at[:, 1] >= 0) & (at[:, 1] < rows)]
        found: Floats = self.pixels[within[:, 1], within[:, 0]]
        return found
