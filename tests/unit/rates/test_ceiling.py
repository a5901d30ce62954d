"""A ceiling is held to while it is counted, without crying wolf however often one looks."""

import numpy as np
import pytest

from overt.rates.ceiling import ALPHA, breached


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("false_alerts", "faces", "stops"),
    [
        (0, 1, False),
        (4, 4, False),
        (5, 5, True),
        (5, 400, True),
        (5, 1000, False),
        (20, 5000, True),
    ],
)
def test_false_alerts_above_one_in_a_thousand_stop_it(
    false_alerts: int, faces: int, stops: bool
) -> None:
    assert breached(false_alerts, faces, 1 / 1000) is stops


@pytest.mark.requirement("R33")
def test_a_rate_at_its_ceiling_is_seldom_called_a_breach_however_often_one_looks() -> None:
    chance = np.random.default_rng(33)
    cried = 0
    for _ in range(400):
        at = np.flatnonzero(chance.random(20_000) < 1 / 1000) + 1
        cried += any(breached(count, int(face), 1 / 1000) for count, face in enumerate(at, 1))
    assert cried / 400 <= ALPHA + 0.03  # three standard errors of so few tries


@pytest.mark.requirement("R33")
def test_three_times_the_ceiling_is_found_within_ten_thousand_faces() -> None:
    chance = np.random.default_rng(33)
    found = 0
    for _ in range(200):
        at = np.flatnonzero(chance.random(10_000) < 3 / 1000) + 1
        found += any(breached(count, int(face), 1 / 1000) for count, face in enumerate(at, 1))
    assert found / 200 > 0.95


def test_more_events_than_trials_is_a_mistake_and_no_ceiling_is_never_breached() -> None:
    with pytest.raises(ValueError, match="6 events in 5 trials"):
        breached(6, 5, 0.001)
    assert not breached(5, 5, 1.0)
