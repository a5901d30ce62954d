"""Leaving the validated envelope trips; staying in it does not, at the stated rate."""

import numpy as np
import pytest
from scipy.stats import binom

from overt.rates.drift import DriftDetector, envelope_of
from overt.rates.sequential import Verdict


def passages_until(detector: DriftDetector, outside: float, most: int, seed: int) -> int | None:
    rng = np.random.default_rng(seed)
    for passage in range(1, most + 1):
        detector = detector.after(bool(rng.random() < outside))
        if detector.verdict is Verdict.TRIPPED:
            return passage
    return None


@pytest.mark.requirement("R27")
def test_dusk_after_hours_of_good_light_trips_within_some_dozens_of_passages() -> None:
    detector = DriftDetector()
    for _ in range(3_000):
        detector = detector.after(outside=False)
    until = passages_until(detector, 0.9, 500, seed=1)
    assert until is not None
    assert until < 40


@pytest.mark.requirement("R27")
def test_at_the_ceiling_false_stops_are_as_rare_as_stated() -> None:
    detector = DriftDetector(passages_between_false_stops=5_000)
    stops = [passages_until(detector, 0.2, 500, seed) is not None for seed in range(100)]
    chance = detector.chance_of_false_stop(500)
    assert chance == 0.1
    assert sum(stops) <= binom.ppf(1 - 1e-6, 100, chance)


def test_once_tripped_it_stays_so() -> None:
    detector = DriftDetector(passages_between_false_stops=10)
    while detector.verdict is Verdict.GO_ON:
        detector = detector.after(outside=True)
    assert detector.after(outside=False).verdict is Verdict.TRIPPED


def test_an_envelope_holds_most_of_what_was_validated() -> None:
    rng = np.random.default_rng(1)
    looks = rng.normal(40, 5, 2_000)
    envelope = envelope_of("eye_distance_px", looks.tolist())
    assert np.mean([envelope.holds(look) for look in looks]) == pytest.approx(0.9, abs=0.01)
    assert not envelope.holds(20.0)
    assert not envelope.holds(float("nan"))


def test_too_few_looks_have_no_edges() -> None:
    with pytest.raises(ValueError, match="99 looks"):
        envelope_of("light", [1.0] * 99 + [float("nan")])


def test_a_detector_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.5"):
        DriftDetector(ceiling=1.5)
