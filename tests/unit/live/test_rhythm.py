from itertools import pairwise

from overt.live.rhythm import Rhythm
from overt.units import Seconds


def looked_at(rate: float, frames: int, *, eager: range = range(0)) -> list[int]:
    rhythm = Rhythm()
    return [n for n in range(frames) if rhythm.due(Seconds(n / rate), eager=n in eager)]


def test_every_second_frame_of_twenty_five_a_second_is_looked_at() -> None:
    assert looked_at(25, 10) == [0, 2, 4, 6, 8]


def test_every_frame_of_a_slow_camera_is_looked_at() -> None:
    assert looked_at(10, 5) == [0, 1, 2, 3, 4]


def test_every_frame_is_looked_at_while_somebody_may_be_settled() -> None:
    assert looked_at(25, 12, eager=range(4, 9)) == [0, 2, 4, 5, 6, 7, 8, 10]


def test_after_much_eagerness_no_hole_is_left() -> None:
    seen = looked_at(25, 400, eager=range(300))
    assert max(later - sooner for sooner, later in pairwise(seen)) == 2
