import numpy as np

from overt.frames.back_off import WAITS, BackOff
from overt.units import Seconds

BROKE_AT_ONCE = Seconds(0.0)


def waits(*held: float, seed: int = 1) -> list[float]:
    back_off = BackOff(WAITS, np.random.default_rng(seed))
    return [back_off.after(Seconds(seconds)) for seconds in held]


def test_a_camera_that_stays_away_is_asked_less_and_less() -> None:
    bounds = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    for wait, bound in zip(waits(*[0.0] * 8), bounds, strict=True):
        assert bound / 2 <= wait <= bound


def test_a_line_that_held_is_tried_again_at_once() -> None:
    assert waits(0.0, 0.0, 0.0, 0.0, 60.0)[-1] <= 0.25


def test_a_line_that_breaks_again_and_again_is_not_hammered() -> None:
    assert waits(*[0.3] * 8)[-1] >= 5.0


def test_cameras_lost_together_do_not_come_back_together() -> None:
    assert len({round(waits(0.0, seed=seed)[0], 6) for seed in range(20)}) == 20
