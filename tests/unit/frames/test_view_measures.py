"""A picture is measured as a picture: dark, flat, blurred and combed ones are told apart."""

import cv2
import numpy as np
import pytest

from overt.frames.view_measures import measure_view
from overt.units import UInt8


@pytest.fixture
def street() -> UInt8:
    """Hard edges, soft shades and a little noise, as a street has."""
    chance = np.random.default_rng(7)
    picture = np.tile(np.linspace(60, 200, 960, dtype=np.float32), (540, 1))
    for _ in range(60):
        x, y = int(chance.integers(0, 900)), int(chance.integers(0, 480))
        picture[y : y + 50, x : x + 40] = chance.uniform(20, 235)
    picture += chance.normal(0, 2, picture.shape)
    return np.repeat(np.clip(picture, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_the_size_is_that_of_the_picture(street: UInt8) -> None:
    view = measure_view(street)
    assert (view.width, view.height) == (960, 540)


def test_a_darker_picture_measures_darker(street: UInt8) -> None:
    assert measure_view(street // 4).brightness == pytest.approx(
        measure_view(street).brightness / 4, abs=1
    )


def test_fog_measures_flat(street: UInt8) -> None:
    fog = (street // 8 + 110).astype(np.uint8)
    assert measure_view(fog).contrast < measure_view(street).contrast / 4


def test_blur_takes_the_detail(street: UInt8) -> None:
    blurred = np.asarray(cv2.GaussianBlur(street, (0, 0), 6), np.uint8)
    assert measure_view(blurred).detail < measure_view(street).detail / 20


def test_progressive_video_is_not_combed(street: UInt8) -> None:
    assert not measure_view(street).combed


def test_two_fields_of_a_moving_scene_are_combed(street: UInt8) -> None:
    woven = street.copy()
    woven[1::2] = np.roll(street, 12, axis=1)[1::2]
    assert measure_view(woven).combed


def test_a_fine_texture_is_not_taken_for_combs() -> None:
    checks = (np.indices((540, 960)).sum(axis=0) % 2 * 200).astype(np.uint8)
    assert not measure_view(np.repeat(checks[..., None], 3, axis=2)).combed
