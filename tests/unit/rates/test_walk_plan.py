"""A plan of a seeded walk says beforehand what the walk will be able to say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from overt.rates.clustered import effective_trials
from overt.rates.counts import Rate
from overt.rates.walk_plan import FarSize, FarTarget, WalkSize, fewest_people, unlucky_count

pytestmark = pytest.mark.requirement("R63")


def size(people: int, passes: int = 1, *, trr: float = 0.9, likeness: float = 0.3) -> WalkSize:
    return WalkSize(people, passes, trr, likeness)


def test_one_pass_each_gives_the_interval_of_so_many_trials() -> None:
    exact = binomtest(90, 100).proportion_ci(0.95, method="exact")
    low, high = size(100).interval
    assert (low, high) == pytest.approx((exact.low, exact.high))
    assert (low, high) == pytest.approx(Rate(90, 100).interval())


def test_passes_that_tell_nothing_new_count_people_alone() -> None:
    assert size(40, 5, likeness=1).effective_passes == 40
    assert size(40, 5, likeness=0).effective_passes == 200
    assert 40 < size(40, 5).effective_passes < 200


def test_the_promised_bound_is_kept_nine_times_in_ten() -> None:
    plan = size(60, likeness=0)
    rng = np.random.default_rng(3)
    reached = [
        Rate(int(found), 60).interval()[0] >= plan.promised_low
        for found in rng.binomial(60, 0.9, 2000)
    ]
    assert np.mean(reached) >= 0.9 - 0.02


@given(st.integers(1, 400), st.floats(0.02, 0.98))
def test_the_unlucky_count_is_the_binomial_quantile(trials: int, rate: float) -> None:
    found = unlucky_count(trials, rate, 0.1)
    assert binom.cdf(found - 1, trials, rate) <= 0.1 + 1e-9
    assert binom.cdf(found, trials, rate) >= 0.1 - 1e-9


def test_the_fewest_people_for_a_margin_are_the_fewest() -> None:
    people = fewest_people(0.05, passes_each=4, expected_trr=0.9, likeness=0.3)
    assert people is not None
    assert size(people, 4).margin <= 0.05 < size(people - 1, 4).margin
    assert fewest_people(1e-9, passes_each=1, expected_trr=0.9, likeness=0.3) is None


def test_a_plan_agrees_with_what_the_walk_measures_of_itself() -> None:
    """People who differ as assumed make the walk's own measure of its size agree with the plan."""
    rng = np.random.default_rng(5)
    likeness, trr, people, passes = 0.3, 0.8, 60, 5
    spread = (1 - likeness) / likeness  # of a beta distribution with that intraclass correlation
    measured = []
    for _ in range(60):
        chance = rng.beta(trr * spread, (1 - trr) * spread, people)
        missed = passes - rng.binomial(passes, chance)
        measured.append(effective_trials(missed, np.full(people, passes)))
    planned = size(people, passes, trr=trr).effective_passes
    assert np.median(measured) == pytest.approx(planned, rel=0.15)


def test_no_false_alert_shows_no_more_than_the_rule_of_three() -> None:
    assert FarSize(3000, 0).upper == pytest.approx(3 / 3000, rel=0.01)
    assert FarTarget(1 / 1000).faces == 2995
    assert FarSize(FarTarget(1 / 6000).faces, 0).upper <= 1 / 6000
    assert FarSize(3000, 1).upper > 1 / 1000


@pytest.mark.parametrize("wrong", [(0, 1, 0.9, 0.3), (1, 0, 0.9, 0.3), (1, 1, 1.0, 0.3)])
def test_what_is_no_walk_is_refused(wrong: tuple[int, int, float, float]) -> None:
    with pytest.raises(ValueError, match=r"walk|TRR"):
        WalkSize(*wrong)
