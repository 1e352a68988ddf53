"""Every volume: closed, seen from outside, flat-faced."""

from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely import Polygon

from tests.mirror.sample.model import Model
from twin.mirror.sample.massing import ell, shell
from twin.mirror.sample.model import Mass, Tier
from twin.mirror.sample.shapes import unit

FLAT_M = 0.03  # what rounding to centimetres may cost


def _volume(rings: list[list[NDArray[np.float64]]]) -> float:
    total = 0.0
    for face in rings:
        normal = sum((np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0) for ring in face), np.zeros(3)) / 2
        total += float(face[0][0] @ normal)
    return total / 3


def test_every_shell_is_closed(model: Model) -> None:
    for key in model.of("Building", "BuildingPart", "Bridge"):
        for faces in model.shells(key):
            edges = Counter(
                edge for face in faces for ring in face for edge in zip(ring, ring[1:] + ring[:1], strict=True)
            )
            assert max(edges.values()) == 1, key
            assert all((b, a) in edges for a, b in edges), key


def test_every_shell_is_seen_from_outside(model: Model) -> None:
    for key in model.of("Building", "BuildingPart", "Bridge"):
        for faces in model.shells(key):
            points = [[model.vertices[ring] - model.vertices[faces[0][0][0]] for ring in face] for face in faces]
            assert _volume(points) > 0, key


def test_every_face_is_flat_and_does_not_cross_itself(model: Model) -> None:
    for key in model.of("Building", "BuildingPart", "Bridge"):
        for faces in model.shells(key):
            for face in faces:
                _check_face([model.vertices[ring] for ring in face], key)


def _check_face(rings: list[NDArray[np.float64]], key: str) -> None:
    normal = sum(
        (np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0) for ring in (r - rings[0][0] for r in rings)),
        np.zeros(3),
    )
    normal = normal / np.linalg.norm(normal)
    offsets = np.concatenate(rings) - rings[0][0]
    assert np.abs(offsets @ normal).max() < FLAT_M, key
    side = np.cross(normal, [*unit(0.3).tolist(), 0.7])
    side /= np.linalg.norm(side)
    plane = np.column_stack([side, np.cross(normal, side)])
    shell_ring, *holes = ((ring - rings[0][0]) @ plane for ring in rings)
    assert Polygon(shell_ring, holes).is_valid, key


SQUARE = Polygon([(0, 0), (10, 0), (10, 8), (0, 8)])
INNER = Polygon([(1, 1), (9, 1), (9, 7), (1, 7)])
MIDDLE = Polygon([(3, 3), (5, 3), (5, 5), (3, 5)])


@pytest.mark.parametrize(
    ("mass", "volume"),
    [
        (Mass(SQUARE, 5.0), 400.0),
        (Mass(SQUARE, 5.0, tiers=(Tier(INNER, 2.0),)), 496.0),
        (Mass(SQUARE, 5.0, tiers=(Tier(INNER, -1.0, (Tier(MIDDLE, 3.0),)),)), 400.0 - 48.0 + 12.0),
        (Mass(SQUARE.difference(MIDDLE), 5.0), 380.0),
        (Mass(SQUARE, 5.0, foot=4.0, legs=(MIDDLE,)), 80.0 + 16.0),
        (Mass(SQUARE, 5.0, roof="gable", rise=3.0), 400.0 + 120.0),
        (Mass(SQUARE, 5.0, roof="hip", rise=3.0), 400.0 + 120.0 - 8.0 * 3.0 * 4.0 / 3.0),
        (Mass(Polygon(ell(10, 8, 4)), 3.0, roof="ell", rise=2.0), 56.0 * 3.0 + 56.0),
    ],
)
def test_a_mass_encloses_the_volume_that_its_measures_give(mass: Mass, volume: float) -> None:
    faces = [[np.asarray(ring) for ring in rings] for rings, _ in shell(mass, 20.0)]
    assert _volume(faces) == pytest.approx(volume, rel=1e-6)
