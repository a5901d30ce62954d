from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from tests.fakes.story import faces_at

from overt.faces.faces import Face
from overt.faces.quality import ENROLMENT, LIVE, Rejection, assess, face_region, most_worth
from overt.units import UInt8


def face(*, width: float = 90.0, score: float = 0.9) -> Face:
    return next(iter(faces_at(np.array([[0.0, 0.0, width, width * 1.2]]), [score])))


@pytest.fixture
def crop() -> UInt8:
    """Smooth noise with a spectrum like that of a face in focus."""
    rng = np.random.default_rng(5)
    coarse = rng.integers(0, 256, (24, 20), np.uint8)
    return np.asarray(cv2.resize(coarse, (100, 120), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_good_look_is_good_enough_for_both(crop: UInt8) -> None:
    assert assess(face(), crop, LIVE).good_enough
    assert assess(face(), crop, ENROLMENT).good_enough


@pytest.mark.requirement("R28")
def test_a_face_below_the_size_gate_is_too_small(crop: UInt8) -> None:
    rules = replace(LIVE, min_eye_distance_px=42.0)
    assert assess(face(width=90), crop, rules).reasons == {Rejection.TOO_SMALL}


def test_a_face_the_detector_doubts_is_rejected(crop: UInt8) -> None:
    assert assess(face(score=0.3), crop, LIVE).reasons == {Rejection.DOUBTFUL_FACE}


@pytest.mark.requirement("R27")
@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        (lambda crop: crop // 30, Rejection.TOO_DARK),
        (lambda crop: 253 + crop // 200, Rejection.TOO_BRIGHT),
        (lambda crop: 120 + crop // 128, Rejection.FLAT),
        (lambda crop: _blurred(crop, 25.0), Rejection.BLURRED),
    ],
)
def test_what_cannot_match_is_rejected_with_its_reason(
    crop: UInt8, spoiled: Callable[[UInt8], UInt8], reason: Rejection
) -> None:
    assert reason in assess(face(), spoiled(crop), LIVE).reasons


@pytest.mark.requirement("R16")
def test_enrolment_refuses_what_live_recognition_still_takes(crop: UInt8) -> None:
    dim = crop // 8
    assert assess(face(), dim, LIVE).good_enough
    assert Rejection.TOO_DARK in assess(face(), dim, ENROLMENT).reasons


def test_sharpness_does_not_depend_on_light(crop: UInt8) -> None:
    bright, dim = assess(face(), crop, LIVE), assess(face(), crop // 2, LIVE)
    assert dim.sharpness == pytest.approx(bright.sharpness, rel=0.05)


def test_colour_or_grey_makes_no_difference(crop: UInt8) -> None:
    colour = np.repeat(crop[..., None], 3, axis=2)
    assert assess(face(), colour, LIVE) == assess(face(), crop, LIVE)


def test_of_two_looks_the_larger_the_sharper_and_the_more_frontal_is_worth_more(
    crop: UInt8,
) -> None:
    good = assess(face(), crop, LIVE).score
    landmarks = face().landmarks.copy()
    landmarks[2, 0] += 25
    turned = Face(face().box, landmarks, 0.9)
    assert assess(face(width=40), crop, LIVE).score < good
    assert assess(face(), _blurred(crop, 6.0), LIVE).score < good
    assert assess(turned, crop, LIVE).score < good


def test_a_crop_that_lies_outside_the_picture_is_rejected_not_an_error() -> None:
    nothing = face_region(np.zeros((50, 50, 3), np.uint8), np.array([60, 60, 80, 80], np.float32))
    assert Rejection.TOO_DARK in assess(face(), nothing, LIVE).reasons


def test_the_region_of_a_face_is_a_view_of_the_picture() -> None:
    image = np.zeros((50, 50, 3), np.uint8)
    region = face_region(image, np.array([-5, 10.4, 20.2, 70], np.float32))
    assert region.shape == (40, 21, 3)
    assert np.shares_memory(region, image)


def _blurred(crop: UInt8, sigma: float) -> UInt8:
    return np.asarray(cv2.GaussianBlur(crop, (0, 0), sigma), np.uint8)


@pytest.mark.parametrize(
    "spoiled", [lambda crop: crop, lambda crop: crop // 8, lambda c: c[:9, :9]]
)
def test_no_light_makes_a_look_worth_more_than_was_promised(
    crop: UInt8, spoiled: Callable[[UInt8], UInt8]
) -> None:
    for width in (30, 60, 120, 300):
        one = face(width=width, score=0.8)
        assert 0 < assess(one, spoiled(crop), LIVE).score <= most_worth(one)
