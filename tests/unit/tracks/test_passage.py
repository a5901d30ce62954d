import pytest

from overt.identifiers import CameraId, TrackId
from overt.tracks.passage import Standing, passage_id, standing
from overt.tracks.track import Looks
from overt.units import Pixels, Seconds

SMALLEST = Pixels(24.0)


def looks(*, count: int = 5, in_zone: int = 5, eye_distance: float = 40.0) -> Looks:
    return Looks(Seconds(0.0), Seconds(1.0), count, in_zone, Pixels(eye_distance))


@pytest.mark.requirement("R31")
def test_three_looks_in_the_zone_at_sufficient_size_are_a_passage() -> None:
    assert standing(looks(count=3, in_zone=3, eye_distance=24.0), SMALLEST) is Standing.PASSAGE


def test_two_looks_are_a_glimpse() -> None:
    assert standing(looks(count=2, in_zone=2), SMALLEST) is Standing.GLIMPSE


@pytest.mark.requirement("R28")
def test_a_face_that_never_came_near_enough_is_too_small() -> None:
    assert standing(looks(eye_distance=23.9), SMALLEST) is Standing.TOO_SMALL


@pytest.mark.requirement("R11")
def test_a_face_that_was_hardly_in_the_zone_is_out_of_it() -> None:
    assert standing(looks(count=50, in_zone=2), SMALLEST) is Standing.OUT_OF_ZONE


def test_a_passage_is_named_after_its_camera_and_track() -> None:
    assert passage_id(CameraId("north"), TrackId(12)) == "north-12"


def test_passages_of_a_process_that_started_again_have_names_of_their_own() -> None:
    names = {passage_id(CameraId("north"), TrackId(1), restarts) for restarts in range(3)}
    assert names == {"north-1", "north-1.1", "north-2.1"}
