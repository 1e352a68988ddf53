"""One tile's content: a GLB with quantised positions, feature ids and the table of its features.

Positions are unsigned 16-bit steps from a corner; the node's scale and translation bring them back to the city's local
frame, with glTF's y up (x east, y up, z south), which 3D Tiles turns back to z up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from twin.mirror.tiles.faces import starts_of
from twin.mirror.tiles.metadata import Row, property_table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_STEPS = 65_535
FINEST_STEP_M = 0.01  # unless a tile asks for a coarser one
# Warm paper, for viewers that have no style of their own.
PAPER = [1.0, 0.957, 0.879, 1.0]

_BYTE, _UNSIGNED_BYTE, _UNSIGNED_SHORT, _UNSIGNED_INT = 5120, 5121, 5123, 5125
_VERTICES, _INDICES = 34962, 34963


@dataclass(slots=True, frozen=True)
class Quantised:
    """A tile's mesh on its grid, without repeated vertices and without triangles that the grid made flat."""

    steps: NDArray[np.uint16]  # (n, 3) x east, y up, z south
    features: NDArray[np.uint16]  # (n,) row of the feature table
    kinds: NDArray[np.uint8] | None  # (n,) a number for colouring, where the tile carries it
    normals: NDArray[np.int8] | None  # (n, 3) x east, y up, z south, where the tile is shaded smoothly
    triangles: Ints  # (m, 3)
    step_m: float
    corner: Floats  # (3,) x east, y up, z south

    def local(self) -> Floats:
        """(n, 3): the vertices in the local frame (east, north, up) as a viewer will see them."""
        placed = self.steps * self.step_m + self.corner
        return np.stack([placed[:, 0], -placed[:, 2], placed[:, 1]], axis=1)

    def bounds(self) -> tuple[Floats, Floats]:
        """Least and greatest corner in the local frame."""
        local = self.local()
        return local.min(axis=0), local.max(axis=0)


def quantise(
    vertices: Floats,
    triangles: Ints,
    features: Ints,
    kinds: Ints | None = None,
    *,
    normals: Floats | None = None,
    finest_step_m: float = FINEST_STEP_M,
) -> Quantised | None:
    """Put a mesh on its grid; None where no triangle is left.

    Parameters
    ----------
    vertices
        (n, 3) local ENU, metres.
    triangles
        (m, 3) indices into `vertices`.
    features
        (m,) the row of the feature that each triangle belongs to; under 65,536.
    kinds
        (rows,) a number under 256 for each feature, written to its vertices as `_KIND`.
    normals
        (n, 3) unit vectors in the local frame; without them a viewer shades each triangle flat.
    finest_step_m
        The grid's step, unless the tile is too wide for it. Corners lie at multiples of it, so that tiles meet.
    """
    if not len(triangles):
        return None
    up = np.stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]], axis=1)
    used = up[triangles.ravel()]
    corner, far = used.min(axis=0), used.max(axis=0)
    step = max(finest_step_m, float((far - corner).max()) / (MOST_STEPS - 1))
    corner = np.floor(corner / step) * step
    grid = np.round((used - corner) / step).astype(np.int64)
    welded, corners = _weld(grid, np.repeat(features, 3))
    flat = corners.reshape(-1, 3)
    alive = (flat[:, 0] != flat[:, 1]) & (flat[:, 1] != flat[:, 2]) & (flat[:, 2] != flat[:, 0])
    if not alive.any():
        return None
    kept, compact = np.unique(flat[alive], return_inverse=True)
    chosen = welded[kept]
    rows = np.repeat(features, 3)[chosen]
    return Quantised(
        steps=grid[chosen].astype(np.uint16),
        features=rows.astype(np.uint16),
        kinds=None if kinds is None else kinds[rows].astype(np.uint8),
        normals=None if normals is None else _packed_normals(normals[triangles.ravel()[chosen]]),
        triangles=compact.reshape(-1, 3),
        step_m=step,
        corner=corner,
    )


def _packed_normals(normals: Floats) -> NDArray[np.int8]:
    up = np.stack([normals[:, 0], normals[:, 2], -normals[:, 1]], axis=1)
    return np.round(up * 127).astype(np.int8)


def _weld(grid: Ints, features: Ints) -> tuple[Ints, Ints]:
    """One of each set of equal vertices, and which of them every vertex is."""
    place = (grid[:, 0] << 48 | grid[:, 1] << 32 | grid[:, 2] << 16 | features).view(np.uint64)
    _, first, which = np.unique(place, return_index=True, return_inverse=True)
    return first, which


def write_glb(mesh: Quantised, rows: Sequence[Row]) -> bytes:
    """The GLB of one tile: one mesh, one primitive, one feature table."""
    glb = _Glb()
    attributes = {"POSITION": glb.add_positions(mesh.steps)}
    if mesh.normals is not None:
        attributes["NORMAL"] = glb.add_normals(mesh.normals)
    attributes["_FEATURE_ID_0"] = glb.add_scalars(mesh.features, _UNSIGNED_SHORT)
    if mesh.kinds is not None:
        attributes["_KIND"] = glb.add_scalars(mesh.kinds, _UNSIGNED_BYTE)
    features = {"featureCount": len(rows), "attribute": 0, "propertyTable": 0}
    primitive = {
        "attributes": attributes,
        "indices": glb.add_indices(mesh.triangles, len(mesh.steps)),
        "material": 0,
        "extensions": {"EXT_mesh_features": {"featureIds": [features]}},
    }
    node = {"mesh": 0, "scale": [mesh.step_m] * 3, "translation": mesh.corner.tolist()}
    return glb.packed(
        {
            "asset": {"version": "2.0", "generator": "MetaCity"},
            "extensionsUsed": ["EXT_mesh_features", "EXT_structural_metadata", "KHR_mesh_quantization"],
            "extensionsRequired": ["KHR_mesh_quantization"],
            "extensions": {"EXT_structural_metadata": property_table(rows, glb.add_view)},
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [node],
            "meshes": [{"primitives": [primitive]}],
            "materials": [
                {"pbrMetallicRoughness": {"baseColorFactor": PAPER, "metallicFactor": 0.0, "roughnessFactor": 1.0}}
            ],
        }
    )


class _Glb:
    """Buffer views, each at a multiple of 8 bytes as feature tables want them, and accessors on them."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._length = 0
        self._views: list[dict[str, Any]] = []
        self._accessors: list[dict[str, Any]] = []

    def add_view(self, data: bytes, **fields: int) -> int:
        self._views.append({"buffer": 0, "byteOffset": self._length, "byteLength": len(data), **fields})
        padded = data + bytes(-len(data) % 8)
        self._chunks.append(padded)
        self._length += len(padded)
        return len(self._views) - 1

    def add_positions(self, steps: NDArray[np.uint16]) -> int:
        padded = np.zeros((len(steps), 4), dtype="<u2")
        padded[:, :3] = steps
        view = self.add_view(padded.tobytes(), byteStride=8, target=_VERTICES)
        low, high = steps.min(axis=0).tolist(), steps.max(axis=0).tolist()
        return self._add_accessor(view, _UNSIGNED_SHORT, len(steps), "VEC3", min=low, max=high)

    def add_normals(self, normals: NDArray[np.int8]) -> int:
        padded = np.zeros((len(normals), 4), dtype=np.int8)
        padded[:, :3] = normals
        view = self.add_view(padded.tobytes(), byteStride=4, target=_VERTICES)
        return self._add_accessor(view, _BYTE, len(normals), "VEC3", normalized=True)

    def add_scalars(self, values: NDArray[np.uint16] | NDArray[np.uint8], component: int) -> int:
        """Vertex attributes start at multiples of four bytes, so each number takes four."""
        view = self.add_view(values.astype("<u4").tobytes(), byteStride=4, target=_VERTICES)
        return self._add_accessor(view, component, len(values), "SCALAR")

    def add_indices(self, triangles: Ints, vertices: int) -> int:
        # The greatest number of each type is kept for restarting primitives.
        dtype, component = ("<u2", _UNSIGNED_SHORT) if vertices < 65_535 else ("<u4", _UNSIGNED_INT)
        view = self.add_view(triangles.astype(dtype).tobytes(), target=_INDICES)
        return self._add_accessor(view, component, triangles.size, "SCALAR")

    def _add_accessor(self, view: int, component: int, count: int, kind: str, **fields: list[int] | bool) -> int:
        self._accessors.append({"bufferView": view, "componentType": component, "count": count, "type": kind, **fields})
        return len(self._accessors) - 1

    def packed(self, json: dict[str, Any]) -> bytes:
        binary = b"".join(self._chunks)
        json |= {
            "bufferViews": self._views,
            "accessors": self._accessors,
            "buffers": [{"byteLength": len(binary)}],
        }
        text = orjson.dumps(json)
        text += b" " * (-len(text) % 4)
        sizes = starts_of(np.asarray([12, 8 + len(text), 8 + len(binary)]))
        header = np.asarray([0x46546C67, 2, sizes[-1], len(text), 0x4E4F534A], "<u4").tobytes()
        return header + text + np.asarray([len(binary), 0x004E4942], "<u4").tobytes() + binary
