"""The pictures of an alert, from the camera's frame to what an operator is shown (R44)."""

import cv2
import numpy as np
import pytest

from overt.frames.picture import StillPicture
from overt.live.pictures import WIDEST, shown_of
from overt.units import Float32, UInt8

SHOWN = np.array([100, 100, 180, 200], np.float32)
NEIGHBOUR = np.array([190, 110, 260, 200], np.float32)
FAR = np.array([450, 80, 500, 140], np.float32)
HIDDEN = np.stack([NEIGHBOUR, FAR])


def frame() -> UInt8:
    """Fine detail everywhere, so that what is left of it can be measured."""
    fine = np.random.default_rng(5).integers(0, 2, (180, 320, 1), np.uint8) * 200 + 20
    return np.repeat(np.repeat(np.repeat(fine, 2, axis=0), 2, axis=1), 3, axis=2)


def decoded(jpeg: bytes) -> UInt8:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def detail_left(seen: UInt8, shown: UInt8, box: Float32) -> float:
    """How far the picture still follows the original within the box, from 0 to 1."""
    x1, y1, x2, y2 = (int(edge) for edge in box)
    before, after = (image[y1:y2, x1:x2].astype(np.float64).ravel() for image in (seen, shown))
    return float(abs(np.corrcoef(before, after)[0, 1]))


@pytest.mark.requirement("R44")
@pytest.mark.parametrize("box", [NEIGHBOUR, FAR], ids=["beside", "far"])
def test_others_in_the_scene_cannot_be_recognised(box: Float32) -> None:
    scene = decoded(shown_of(StillPicture(frame()), SHOWN, HIDDEN).coded().scene)
    assert detail_left(frame(), scene, box) < 0.3


def test_the_person_of_the_alert_is_left_as_seen() -> None:
    scene = decoded(shown_of(StillPicture(frame()), SHOWN, HIDDEN).coded().scene)
    assert detail_left(frame(), scene, SHOWN) > 0.95


@pytest.mark.requirement("R44")
def test_the_crop_does_not_show_a_neighbour_either() -> None:
    probe = decoded(shown_of(StillPicture(frame()), SHOWN, HIDDEN).coded().probe)
    # The crop reaches half of the face beyond it, and so into the neighbour.
    left, top = 100 - 40, 100 - 50
    inside = NEIGHBOUR - np.array([left, top, left, top])
    inside[2] = min(inside[2], probe.shape[1])
    seen = frame()[top : top + probe.shape[0], left : left + probe.shape[1]]
    assert detail_left(seen, probe, inside) < 0.3


def test_the_outline_is_where_the_face_is() -> None:
    box = shown_of(StillPicture(frame()), SHOWN, HIDDEN).coded().box
    assert box is not None
    assert (box.left * 640, box.top * 360, box.right * 640, box.bottom * 360) == pytest.approx(
        tuple(SHOWN), abs=1
    )


def test_a_large_scene_is_told_smaller_and_its_outline_still_fits() -> None:
    large = np.repeat(np.repeat(frame(), 3, axis=0), 3, axis=1)
    told = shown_of(StillPicture(large), SHOWN * 3, HIDDEN * 3).coded()
    assert decoded(told.scene).shape == (720, WIDEST, 3)
    assert decoded(told.probe).shape[1] == pytest.approx(2 * 3 * 80, abs=2)  # at its full size
    assert told.box is not None
    assert told.box.left * 1920 == pytest.approx(300, abs=1)
    scaled = np.asarray(cv2.resize(large, (WIDEST, 720), interpolation=cv2.INTER_AREA), np.uint8)
    for box in HIDDEN:
        assert detail_left(scaled, decoded(told.scene), box * 2) < 0.3
