"""Stills of all shapes share a few squares, and no face moves."""

import numpy as np
import pytest

from overt.faces.square_picture import SquarePicture


@pytest.mark.parametrize(
    ("width", "height", "side"),
    [(250, 250, 256), (100, 30, 256), (300, 200, 384), (640, 480, 640), (4000, 3000, 4000)],
)
def test_a_still_gets_the_smallest_square_that_holds_it(width: int, height: int, side: int) -> None:
    square = SquarePicture(np.zeros((height, width, 3), np.uint8))
    assert (square.width, square.height) == (side, side)


def test_pixels_stay_where_they_are_and_the_rest_is_black() -> None:
    still = np.full((100, 200, 3), 200, np.uint8)
    whole = SquarePicture(still).bgr()
    assert np.array_equal(whole[:100, :200], still)
    assert whole[100:].max() == 0
    assert whole[:, 200:].max() == 0


def test_a_scaled_square_scales_the_still_with_it() -> None:
    still = np.full((1000, 2000, 3), 200, np.uint8)
    small = SquarePicture(still).scaled_bgr(640, 640)
    assert small.shape == (640, 640, 3)
    assert small[:319].min() >= 199
    assert small[321:].max() == 0
