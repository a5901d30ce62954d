"""Looked at after every passage: a null trips no more often than stated, a breach soon does."""

import numpy as np
import pytest

from overt.rates.counts import Rate
from overt.rates.sequential import (
    ODDS_ABOVE,
    Batch,
    CeilingTest,
    Verdict,
    interval_at_any_time,
    log_evidence,
    log_step,
    skew,
)

ROUNDS = 2_000


def trips(truth: float, ceiling: float, passages: int, alpha: float = 0.05) -> float:
    """The share of deployments that trip at any time, each looked at after every passage."""
    rng = np.random.default_rng(4)
    held = np.zeros((ROUNDS, len(ODDS_ABOVE)))
    tripped = np.zeros(ROUNDS, np.bool_)
    wrong = np.array([log_step(ceiling, times, True) for times in ODDS_ABOVE])
    right = np.array([log_step(ceiling, times, False) for times in ODDS_ABOVE])
    for _ in range(passages):
        errors = rng.random(ROUNDS) < truth
        held += np.where(errors[:, np.newaxis], wrong, right)
        tripped |= np.exp(held).mean(axis=1) >= 1 / alpha
    return float(tripped.mean())


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("ceiling", [0.01, 0.2])
def test_at_the_ceiling_it_trips_no_more_often_than_stated(ceiling: float) -> None:
    margin = 3 * (0.05 * 0.95 / ROUNDS) ** 0.5
    assert trips(ceiling, ceiling, 1_000) <= 0.05 + margin


@pytest.mark.requirement("R33")
def test_injected_false_alerts_trip_it() -> None:
    assert trips(0.04, 0.01, 1_000) > 0.95
    test = CeilingTest(1 / 1_000)
    assert test.verdict(Rate(3, 3_000)) is Verdict.GO_ON
    assert test.verdict(Rate(15, 3_000)) is Verdict.TRIPPED


def test_the_fortune_is_fair_at_the_ceiling_and_shrinks_below_it() -> None:
    for times in ODDS_ABOVE:
        won, lost = (np.exp(log_step(0.1, times, error)) for error in (True, False))
        assert 0.1 * won + 0.9 * lost == pytest.approx(1)
        assert 0.02 * won + 0.98 * lost < 1


def test_trials_one_by_one_and_in_batches_are_the_same_evidence() -> None:
    whole = log_evidence([Batch(Rate(3, 90), 0.01)])
    parts = log_evidence(
        [Batch(Rate(1, 30), 0.01), Batch(Rate(0, 20), 0.01), Batch(Rate(2, 40), 0.01)]
    )
    assert parts == pytest.approx(whole)


def test_it_says_how_many_false_alerts_would_trip_it() -> None:
    test = CeilingTest(1 / 1_000)
    at = test.trips_at(5_000)
    assert at is not None
    assert test.verdict(Rate(at, 5_000)) is Verdict.TRIPPED
    assert test.verdict(Rate(at - 1, 5_000)) is Verdict.GO_ON
    assert CeilingTest(0.5).trips_at(1) is None


def test_millions_of_faces_do_not_overflow() -> None:
    test = CeilingTest(1 / 1_000)
    assert test.verdict(Rate(10, 3_147_436)) is Verdict.GO_ON
    assert test.evidence(Rate(1_000_000, 3_147_436)) == float("inf")


@pytest.mark.requirement("R67")
def test_eight_of_ten_false_alerts_on_one_group_trip_it() -> None:
    found = {
        each.group: each.verdict
        for each in skew({"black": 8, "white": 2}, {"black": 135, "white": 600, "asian": 265})
    }
    assert found == {
        "black": Verdict.TRIPPED,
        "white": Verdict.GO_ON,
        "asian": Verdict.GO_ON,
    }


@pytest.mark.requirement("R67")
def test_false_alerts_spread_as_the_footfall_do_not_trip_it() -> None:
    rng = np.random.default_rng(5)
    shares, names = [0.6, 0.25, 0.15], ["a", "b", "c"]
    rounds, tripped = 300, 0
    for _ in range(rounds):
        counted = rng.multinomial(400, shares)
        alerts = rng.choice(3, 60, p=shares)
        footfall = dict(zip(names, counted.tolist(), strict=True))
        tripped += any(
            each.verdict is Verdict.TRIPPED
            for seen in range(4, 61, 4)
            for each in skew(
                {name: int((alerts[:seen] == i).sum()) for i, name in enumerate(names)}, footfall
            )
        )
    assert tripped / rounds <= 0.05


def test_a_group_without_footfall_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="no footfall is known of: other"):
        skew({"other": 1}, {"a": 3})


def test_the_interval_holds_at_all_times_together() -> None:
    rng = np.random.default_rng(6)
    rounds, left_out = 300, 0
    for _ in range(rounds):
        errors = np.cumsum(rng.random(400) < 0.1)
        left_out += any(
            not low <= 0.1 <= high
            for trials in range(10, 401, 10)
            for low, high in [interval_at_any_time(Rate(int(errors[trials - 1]), trials))]
        )
    assert left_out / rounds <= 0.05


@pytest.mark.parametrize("seen", [Rate(0, 50), Rate(50, 50), Rate(7, 90), Rate(10, 3_147_436)])
def test_it_is_wider_than_the_interval_for_one_look(seen: Rate) -> None:
    low, high = interval_at_any_time(seen)
    once_low, once_high = seen.interval()
    assert low <= once_low
    assert once_high <= high
    assert interval_at_any_time(Rate(0, 0)) == (0.0, 1.0)


@pytest.mark.parametrize(("ceiling", "alpha"), [(0.0, 0.05), (1.0, 0.05), (0.1, 0.0)])
def test_a_test_that_makes_no_sense_is_refused(ceiling: float, alpha: float) -> None:
    with pytest.raises(ValueError, match="ceiling"):
        CeilingTest(ceiling, alpha)
