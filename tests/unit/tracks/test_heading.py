"""Which way somebody walked is told from where the face was first and last seen, or not at all."""

import pytest
from tests.fakes.story import Path

from overt.tracks.heading import Heading, heading, placed
from overt.units import Seconds


def walked(path: Path, seconds: float = 1.0) -> Heading:
    first, last = Seconds(2.0), Seconds(2.0 + seconds)
    return heading(placed(path.box(0.0), first), placed(path.box(seconds), last))


@pytest.mark.requirement("R40")
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (Path(growth=12.0), Heading.TOWARDS),
        (Path(growth=-12.0), Heading.AWAY),
        (Path(vx=120.0), Heading.RIGHT),
        (Path(vx=-120.0), Heading.LEFT),
        (Path(vx=-120.0, growth=12.0), Heading.TOWARDS_LEFT),
        (Path(vx=120.0, growth=-12.0), Heading.AWAY_RIGHT),
        (Path(vx=5.0, vy=-5.0, growth=1.0), Heading.STILL),
    ],
)
def test_the_way_is_told_in_the_terms_of_the_picture(path: Path, told: Heading) -> None:
    assert walked(path) is told


def test_a_glance_tells_no_way() -> None:
    assert walked(Path(vx=40.0, growth=12.0), seconds=0.2) is Heading.UNKNOWN
    assert walked(Path(vx=120.0, growth=12.0), seconds=0.2) is Heading.RIGHT
    assert heading(None, placed((0, 0, 9, 9), Seconds(5.0))) is Heading.UNKNOWN
