"""A camera is looked through, measured and shown with nobody recognisable in it."""

import numpy as np
import pytest
from tests.fakes.networks import FakeDetector, face_at, together
from tests.fakes.sources import ScriptedSource, frames

from overt.config.deployment import CameraEntry
from overt.faces.camera_fitness import Fitness
from overt.faces.faces import NO_FACES, Faces
from overt.frames.frame import CameraLost, Sight
from overt.identifiers import CameraId
from overt.live.camera_check import ZONE_COLOUR, CameraCheck, check_camera
from overt.units import Clock, Pixels, Seconds, UInt8

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
IN_ZONE = face_at(150, 150)
OUTSIDE = face_at(480, 150)


def street() -> UInt8:
    """Every pixel of its own grey, so that what is hidden can be told from what is not."""
    return np.random.default_rng(3).integers(0, 256, (360, 640, 3), np.uint8)


def checked(
    *finds: Faces, sights: list[Sight] | None = None, live: bool = False, span: float = 5.0
) -> tuple[CameraCheck, FakeDetector]:
    camera = CameraEntry(CameraId("north"), "street.mp4", LEFT_HALF, True, Pixels(24.0))
    source = ScriptedSource(
        frames([street()] * 50, rate=25.0) if sights is None else sights, live=live
    )
    detector = FakeDetector(list(finds))
    check = check_camera(camera, source, detector, span=Seconds(span), clock=Clock())
    return check, detector


def test_faces_count_where_they_are() -> None:
    check, _ = checked(*[together(IN_ZONE, OUTSIDE)] * 50)
    assert (check.report.faces_in_zone, check.report.outside) == (
        check.report.frames, check.report.frames,
    )  # fmt: skip


def test_four_looks_a_second_are_enough() -> None:
    check, _ = checked(*[IN_ZONE] * 50)
    assert check.report.frames == 8


def test_the_rate_is_that_of_the_camera_and_not_of_the_looks() -> None:
    check, _ = checked(*[IN_ZONE] * 50)
    assert check.report.fps == pytest.approx(25.0)


@pytest.mark.requirement("R44")
def test_nobody_can_be_recognised_in_the_still() -> None:
    both = together(IN_ZONE, OUTSIDE)
    check, _ = checked(*[both] * 50)
    assert check.still is not None
    for x1, y1, x2, y2 in both.boxes.astype(int):
        seen, shown = street()[y1:y2, x1:x2], check.still[y1:y2, x1:x2]
        assert np.mean(np.all(seen == shown, axis=-1)) < 0.01
        assert len(np.unique(shown.reshape(-1, 3), axis=0)) < 120


def test_the_still_shows_the_zone() -> None:
    check, _ = checked(*[NO_FACES] * 50)
    assert check.still is not None
    assert tuple(check.still[180, 320]) == ZONE_COLOUR


def test_it_ends_when_the_time_is_over() -> None:
    check, _ = checked(*[IN_ZONE] * 50, span=1.0)
    assert check.report.frames == 5


def test_a_camera_that_gives_nothing_says_why() -> None:
    check, _ = checked(sights=[CameraLost("no answer")], live=True)
    assert (check.report.fitness, check.lost, check.still) == (
        Fitness.UNFIT, "no answer", None,
    )  # fmt: skip


def test_the_detector_is_scrubbed_even_if_the_camera_fails() -> None:
    camera = CameraEntry(CameraId("north"), "street.mp4", LEFT_HALF, True, Pixels(24.0))
    detector = FakeDetector([])
    with pytest.raises(OSError, match="gone"):
        check_camera(
            camera, ScriptedSource([OSError("gone")]), detector, span=Seconds(1.0), clock=Clock()
        )
    assert detector.scrubbed == 1
