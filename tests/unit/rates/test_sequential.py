"""Looked at after every passage: a null trips no more often than stated, a breach soon does."""

import numpy as np
import pytest
from scipy.stats import binom

from overt.rates.counts import Rate
from overt.rates.sequential import (
    ODDS_ABOVE,
    Batch,
    CeilingTest,
    GroupCounts,
    Verdict,
    interval_at_any_time,
    log_evidence,
    log_step,
    skew,
)

ROUNDS = 2_000


def trips(truth: float, ceiling: float, passages: int, alpha: float = 0.05) -> int:
    """How many deployments trip at any time, each looked at after every passage."""
    rng = np.random.default_rng(4)
    held = np.zeros((ROUNDS, len(ODDS_ABOVE)))
    tripped = np.zeros(ROUNDS, np.bool_)
    wrong = np.array([log_step(ceiling, times, True) for times in ODDS_ABOVE])
    right = np.array([log_step(ceiling, times, False) for times in ODDS_ABOVE])
    for _ in range(passages):
        errors = rng.random(ROUNDS) < truth
        held += np.where(errors[:, np.newaxis], wrong, right)
        tripped |= np.exp(held).mean(axis=1) >= 1 / alpha
    return int(tripped.sum())


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("ceiling", [0.01, 0.2])
def test_at_the_ceiling_it_trips_no_more_often_than_stated(ceiling: float) -> None:
    assert trips(ceiling, ceiling, 1_000) <= binom.ppf(1 - 1e-6, ROUNDS, 0.05)


@pytest.mark.requirement("R33")
def test_injected_false_alerts_trip_it() -> None:
    assert trips(0.04, 0.01, 1_000) >= binom.ppf(1e-6, ROUNDS, 0.97)
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


STREET = {"black": 135, "white": 600, "asian": 265}


@pytest.mark.requirement("R67")
def test_eight_of_ten_false_alerts_on_one_group_trip_it() -> None:
    found = {
        each.group: each.verdict for each in skew([GroupCounts({"black": 8, "white": 2}, STREET)])
    }
    assert found == {
        "black": Verdict.TRIPPED,
        "white": Verdict.GO_ON,
        "asian": Verdict.GO_ON,
    }


def skewed_runs(alerted: list[float], runs: int) -> int:
    """How many of so many years trip at any of their false alerts, over six deployments."""
    shares, names = [0.6, 0.25, 0.15], ["a", "b", "c"]
    rng = np.random.default_rng(5)
    tripped = 0
    for _ in range(runs):
        counts: list[GroupCounts] = []
        for _ in range(6):
            passed = rng.multinomial(400, shares).tolist()
            alerts = rng.multinomial(3, alerted).tolist()
            counts.append(
                GroupCounts(
                    dict(zip(names, alerts, strict=True)), dict(zip(names, passed, strict=True))
                )
            )
            if any(each.verdict is Verdict.TRIPPED for each in skew(counts)):
                tripped += 1
                break
    return tripped


@pytest.mark.requirement("R67")
def test_false_alerts_spread_as_the_footfall_trip_it_no_more_often_than_stated() -> None:
    runs = 150
    assert skewed_runs([0.6, 0.25, 0.15], runs) <= binom.ppf(1 - 1e-6, runs, 0.05)


@pytest.mark.requirement("R67")
def test_a_group_with_five_times_its_share_trips_it() -> None:
    runs = 60
    assert skewed_runs([0.15, 0.1, 0.75], runs) >= binom.ppf(1e-6, runs, 0.95)


def test_false_alerts_where_nobody_counted_who_passed_are_not_tested() -> None:
    assert skew([GroupCounts({"black": 9}, {}), GroupCounts({}, STREET)]) == ()
    assert skew([]) == ()


def test_a_group_that_nobody_saw_pass_is_tested_against_what_the_count_allows_for() -> None:
    (first, *_) = skew([GroupCounts({"other": 5}, {"black": 10, "white": 990})])[1:]
    assert (first.group, first.footfall.errors) == ("other", 0)
    assert first.verdict is Verdict.TRIPPED


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
