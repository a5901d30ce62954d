"""Exact intervals against published values, two other implementations, and the requirements."""

import pytest
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import proportion_confint

from overt.rates.counts import Rate, trials_to_show

# R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
# Medicine 17 (1998), table I, method 5 (Clopper-Pearson).
PUBLISHED = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]


@pytest.mark.parametrize(("errors", "trials", "low", "high"), PUBLISHED)
def test_intervals_are_the_published_ones(
    errors: int, trials: int, low: float, high: float
) -> None:
    assert Rate(errors, trials).interval() == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("trials", [1, 7, 60, 3_147_436])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 1.0])
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999])
def test_intervals_agree_with_scipy_and_statsmodels(
    trials: int, share: float, confidence: float
) -> None:
    errors = round(trials * share)
    ours = Rate(errors, trials).interval(confidence)
    scipys = binomtest(errors, trials).proportion_ci(confidence, method="exact")
    theirs = proportion_confint(errors, trials, alpha=1 - confidence, method="beta")
    assert ours == pytest.approx((scipys.low, scipys.high), rel=1e-6, abs=1e-12)
    assert ours == pytest.approx([float(bound) for bound in theirs], rel=1e-9, abs=1e-12)


@pytest.mark.requirement("R61")
def test_ten_false_alerts_in_three_million_faces_are_one_in_170_000_to_650_000() -> None:
    met = Rate(10, 3_147_436)
    low, high = met.interval()
    assert met.rate == pytest.approx(1 / 314_743.6)
    assert (1 / high, 1 / low) == pytest.approx((171_146, 656_355), rel=1e-4)


@pytest.mark.requirement("R66")
@pytest.mark.parametrize(
    ("one_in", "about", "exactly"),
    [(1_000, 3_000, 2_995), (6_000, 18_000, 17_973), (33_000, 99_000, 98_858)],
)
def test_the_rule_of_three_says_how_much_evidence_a_claim_needs(
    one_in: int, about: int, exactly: int
) -> None:
    needed = trials_to_show(1 / one_in)
    assert needed == exactly
    assert needed == pytest.approx(about, rel=0.002)
    assert Rate(0, needed).upper_bound() <= 1 / one_in < Rate(0, needed - 1).upper_bound()


@pytest.mark.requirement("R66")
def test_no_error_is_never_reported_as_nought_alone() -> None:
    bound = Rate(0, 400).upper_bound_if_none()
    assert bound == pytest.approx(1 - 0.05 ** (1 / 400))
    assert bound == pytest.approx(3 / 400, rel=0.01)
    assert Rate(0, 400).as_json()["upper_bound_if_none"] == bound
    assert Rate(1, 400).upper_bound_if_none() is None


def test_without_trials_there_is_no_rate_and_no_interval() -> None:
    assert Rate(0, 0).as_json() == {
        "errors": 0,
        "trials": 0,
        "rate": None,
        "low": None,
        "high": None,
        "upper_bound_if_none": None,
    }
    assert Rate(0, 0).interval() == (0.0, 1.0)
    assert str(Rate(0, 0)) == "no trials"


@pytest.mark.parametrize(("errors", "trials"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_refused(errors: int, trials: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Rate(errors, trials)


@pytest.mark.parametrize("ceiling", [0.0, 1.0, -0.1])
def test_a_ceiling_is_a_rate(ceiling: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        trials_to_show(ceiling)


def test_the_interval_covers_the_true_rate_at_least_as_often_as_it_says() -> None:
    trials, truth = 40, 0.07
    covered = sum(
        float(binom.pmf(errors, trials, truth))
        for errors in range(trials + 1)
        if Rate(errors, trials).interval()[0] <= truth <= Rate(errors, trials).interval()[1]
    )
    assert covered >= 0.95
