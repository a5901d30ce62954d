"""Where the five points of a face come to lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.errors import Fault
from overt.templates.align import Alignment, align_into, similarity
from overt.units import Float32, UInt8

POINTS = np.array([[10, 12], [22, 12], [16, 18], [11, 24], [21, 24]], np.float32)
EVEN = Alignment(POINTS, np.full(5, 0.2, np.float32))


def _apply(matrix: Float32, points: Float32) -> Float32:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)


@given(
    angle=st.floats(-3.1, 3.1),
    scale=st.floats(0.2, 20),
    shift=st.tuples(st.floats(-500, 2000), st.floats(-500, 2000)),
)
def test_a_turned_scaled_and_moved_face_comes_back_exactly(
    angle: float, scale: float, shift: tuple[float, float]
) -> None:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    there = (scale * POINTS @ turn.T + np.array(shift)).astype(np.float32)
    assert _apply(similarity(there, EVEN), there) == pytest.approx(POINTS, abs=0.02)


def test_points_without_weight_do_not_count() -> None:
    weights = np.array([0.5, 0.5, 0, 0, 0], np.float32)
    wild = POINTS + np.array([[0, 0], [0, 0], [9, 3], [5, 5], [7, 1]], np.float32)
    matrix = similarity(wild, Alignment(POINTS, weights))
    assert _apply(matrix, wild)[:2] == pytest.approx(POINTS[:2], abs=1e-3)


def test_a_face_is_not_mirrored() -> None:
    matrix = similarity(POINTS * np.array([-1, 1], np.float32), EVEN)
    assert np.linalg.det(matrix[:, :2]) > 0


def _painting(side: int) -> tuple[UInt8, Float32]:
    """A picture with a bright square around each of the five points.

    Its middle lies half a pixel above and left of the point: squares have an even width.
    """
    image = np.zeros((40 * side, 40 * side, 3), np.uint8)
    points = (POINTS + 4) * side
    for x, y in points.astype(int):
        image[y - side : y + side, x - side : x + side] = 255
    return image, points.astype(np.float32)


@pytest.mark.parametrize("side", [2, 7, 25])
def test_the_points_land_where_they_must_at_any_size(side: int) -> None:
    image, points = _painting(side)
    out = np.zeros((32, 32, 3), np.uint8)
    align_into(image, points, EVEN, out)
    for x, y in POINTS.astype(int):
        spot = out[y - 3 : y + 3, x - 3 : x + 3, 0].astype(float)
        rows, columns = np.mgrid[-3:3, -3:3]
        assert spot.sum() > 0
        assert (spot * rows).sum() / spot.sum() == pytest.approx(-0.5 / side, abs=0.1)
        assert (spot * columns).sum() / spot.sum() == pytest.approx(-0.5 / side, abs=0.1)


def test_a_face_at_the_edge_of_the_picture_is_aligned() -> None:
    image, points = _painting(25)
    out = np.zeros((32, 32, 3), np.uint8)
    align_into(image[:400, :500].copy(), points, EVEN, out)
    assert out.any()


def test_points_that_coincide_are_a_fault() -> None:
    with pytest.raises(Fault, match="coincide"):
        similarity(np.ones((5, 2), np.float32), EVEN)


def test_memory_that_cannot_be_written_in_place_is_a_fault() -> None:
    image, points = _painting(2)
    out = np.zeros((32, 64, 3), np.uint8)[:, ::2]
    with pytest.raises(Fault, match="in place"):
        align_into(image, points, EVEN, out)
