"""The local frame against published values and against itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from twin.mirror.frame import LocalFrame

SEOUL = LocalFrame(127.0276, 37.4979, 30.0)


def test_the_origin_is_zero() -> None:
    assert np.allclose(SEOUL.to_local(127.0276, 37.4979, 30.0), 0, atol=1e-8)


def test_the_matrix_leads_to_the_geocentric_position_that_epsg_defines() -> None:
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    lon, lat, h = SEOUL.to_geodetic(1200.0, -800.0, 45.0)
    expected = to_ecef.transform(float(lon), float(lat), float(h))
    assert np.allclose((SEOUL.enu_to_ecef @ [1200.0, -800.0, 45.0, 1.0])[:3], expected, atol=1e-6)


def test_the_tile_transform_is_the_matrix_by_columns() -> None:
    assert SEOUL.tile_transform[12:15] == pytest.approx(list(SEOUL.enu_to_ecef[:3, 3]))
    assert SEOUL.tile_transform[15] == 1.0


def test_a_point_to_the_north_lies_as_far_as_the_geodesic_says() -> None:
    lon, lat, _ = Geod(ellps="WGS84").fwd(127.0276, 37.4979, 0.0, 1000.0)
    e, n, u = SEOUL.to_local(lon, lat, 30.0)
    assert abs(float(e)) < 1e-6
    assert float(n) == pytest.approx(1000.0, abs=0.02)
    assert float(u) == pytest.approx(-(1000.0**2) / (2 * 6_371_000), abs=0.001)  # the Earth falls away


@given(
    lon=st.floats(-179, 179),
    lat=st.floats(-85, 85),
    e=st.floats(-20_000, 20_000),
    n=st.floats(-20_000, 20_000),
    u=st.floats(-100, 3_000),
)
def test_going_there_and_back_changes_nothing(lon: float, lat: float, e: float, n: float, u: float) -> None:
    frame = LocalFrame(lon, lat, 10.0)
    assert np.allclose(frame.to_local(*frame.to_geodetic(e, n, u)), [e, n, u], atol=1e-5)


def test_arrays_keep_their_shape_and_arguments_stay_as_they_were() -> None:
    e, n = np.arange(6.0).reshape(2, 3), np.zeros((2, 3))
    lon, lat, h = SEOUL.to_geodetic(e, n, 0.0)
    assert lon.shape == lat.shape == h.shape == (2, 3)
    assert np.array_equal(e, np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize(
    "origin", [(200.0, 0.0, 0.0), (0.0, 91.0, 0.0), (0.0, 0.0, 50_000.0), (float("nan"), 0.0, 0.0)]
)
def test_an_impossible_origin_is_refused(origin: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="origin"):
        LocalFrame(*origin)
