import numpy as np
import pytest

from overt.errors import Refused
from overt.faces.zone import WHOLE_PICTURE, Point, Zone

LEFT_HALF = Zone(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
HORSESHOE = Zone(
    ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))
)


def holds(zone: Zone, x: float, y: float) -> bool:
    return bool(zone.holds(np.array([x]), np.array([y]), 1000, 500)[0])


@pytest.mark.requirement("R11")
def test_a_point_is_in_the_zone_or_not_by_its_share_of_the_picture() -> None:
    assert holds(LEFT_HALF, 499, 250)
    assert not holds(LEFT_HALF, 501, 250)


@pytest.mark.parametrize(
    ("x", "y", "inside"), [(200, 400, True), (500, 400, False), (500, 100, True), (50, 40, False)]
)
def test_a_zone_may_be_hollow(x: float, y: float, *, inside: bool) -> None:
    assert holds(HORSESHOE, x, y) is inside


@pytest.mark.parametrize(("x", "y"), [(0, 0), (1000, 500), (1000, 0), (-40, 250), (1020, 510)])
def test_the_whole_picture_holds_faces_at_and_over_its_edges(x: float, y: float) -> None:
    assert holds(WHOLE_PICTURE, x, y)


def test_faces_are_in_the_zone_by_the_centre_of_their_boxes() -> None:
    boxes = np.array([[0, 0, 990, 100], [480, 0, 540, 100]], np.float32)
    assert LEFT_HALF.holds_centres(boxes, 1000, 500).tolist() == [True, False]


def test_no_faces_are_no_answers() -> None:
    assert LEFT_HALF.holds_centres(np.zeros((0, 4), np.float32), 10, 10).tolist() == []


@pytest.mark.parametrize(
    ("polygon", "message"),
    [
        (((0, 0), (1, 1)), "3 to 100 points, not 2"),
        (((0, 0), (1, 0), (1, 1.2)), r"point 3 of the zone, \[1, 1.2\], is outside"),
        (((0, 0), (1, 0), (float("nan"), 1)), "point 3 .* outside"),
        (((0, 0), (1, 1), (1, 0), (0, 1)), "sides 1 and 3 of the zone cross"),
        (((0, 0), (0, 0), (1, 0), (1, 1)), "points 1 and the next of the zone are the same"),
        (((0, 0), (1, 0), (0.5, 0)), "cross"),
        (((0, 0), (1, 0), (1, 1), (0.5, 0), (0, 1)), "cross"),
    ],
    ids=["two points", "outside", "no number", "bow tie", "twice", "a line", "touching a side"],
)
def test_an_outline_that_says_nothing_clear_is_refused(
    polygon: tuple[Point, ...], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        Zone(polygon)


def test_three_corners_of_a_line_may_follow_each_other() -> None:
    assert holds(Zone(((0, 0), (0.5, 0), (1, 0), (1, 1), (0, 1))), 500, 250)
