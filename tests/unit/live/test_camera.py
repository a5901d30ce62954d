"""What a camera's process takes of the machine that it shares."""

import pytest

from overt.live.camera import _lanes


@pytest.mark.parametrize(
    ("cameras", "processors", "lanes"), [(1, 1, 1), (1, 2, 2), (1, 16, 2), (2, 2, 1), (4, 2, 1)]
)
def test_cameras_share_the_processors(cameras: int, processors: int, lanes: int) -> None:
    assert _lanes(cameras, processors) == lanes
