"""The size at which pictures are looked at."""

import pytest

from overt.errors import Refused
from overt.faces.working_size import require_working_size, working_size_for


@pytest.mark.parametrize(
    ("picture", "frame", "inside"),
    [
        ((1280, 720), (640, 384), (640, 360)),
        ((720, 1280), (384, 640), (360, 640)),
        ((1920, 1080), (640, 384), (640, 360)),
        ((640, 480), (640, 480), (640, 480)),
        ((225, 275), (256, 288), (225, 275)),
        ((5000, 10), (640, 32), (640, 1)),
    ],
)
def test_the_longer_side_becomes_640_and_nothing_is_enlarged(
    picture: tuple[int, int], frame: tuple[int, int], inside: tuple[int, int]
) -> None:
    size = working_size_for(*picture, long_side=640, stride=32, fixed=None)
    assert (size.frame_width, size.frame_height) == frame
    assert (size.width, size.height) == inside


def test_a_chosen_size_holds_every_picture() -> None:
    size = working_size_for(720, 1280, long_side=640, stride=32, fixed=(384, 640))
    assert (size.frame_height, size.frame_width) == (384, 640)
    assert (size.width, size.height) == (216, 384)
    assert size.to_picture == pytest.approx((720 / 216, 1280 / 384))


@pytest.mark.parametrize("size", [(360, 640), (0, 640), (-32, 640)])
def test_a_size_that_the_network_cannot_take_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(Refused, match="multiples of 32"):
        require_working_size(size, 32)
