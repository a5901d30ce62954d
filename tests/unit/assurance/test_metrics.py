"""Error rates of score sets whose answers can be counted by hand."""

import numpy as np
import pytest
from sklearn.metrics import det_curve as sklearn_det
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.det import det_curve
from overt.assurance.metrics import (
    LOWEST,
    failures,
    fnir,
    fpir,
    highest_non_mated,
    mate_ranks,
    mate_scores,
    rank1,
    threshold_at,
    tpir,
)
from overt.rates.counts import Rate
from overt.units import Similarity

KNOWN = table_of(
    ["a", "a", "b", "c", "x", "y", "z", "w"],
    ["a", "b", "c"],
    [
        [0.9, 0.1, 0.2],  # found, first
        [0.5, 0.6, 0.0],  # a is second to b
        [0.1, 0.3, 0.2],  # b is first, and low
        [0.2, 0.1, 0.9],  # c could not be enrolled: a miss
        [0.7, 0.1, 0.8],  # x resembles a; c would be higher, and is not there
        [0.4, 0.4, 0.1],
        [0.2, 0.1, 0.0],
        [0.9, 0.9, 0.9],  # w had no usable face: no alert
    ],
    not_acquired=[7],
    not_enrolled=[2],
)


@pytest.mark.requirement("R31")
@pytest.mark.parametrize(
    ("threshold", "errors"), [(0.0, 3), (0.2, 3), (0.3, 2), (0.5, 1), (0.71, 0)]
)
def test_fpir_counts_strangers_who_raise_at_least_one_alert(threshold: float, errors: int) -> None:
    assert fpir(KNOWN, Similarity(threshold)) == Rate(errors, 4)


@pytest.mark.parametrize(
    ("threshold", "rank", "errors"),
    [(0.0, None, 1), (0.4, None, 2), (0.6, None, 3), (0.0, 1, 2), (0.0, 2, 1), (0.4, 1, 3)],
)
def test_fnir_counts_misses_and_failures_to_enrol(
    threshold: float, rank: int | None, errors: int
) -> None:
    assert fnir(KNOWN, Similarity(threshold), rank) == Rate(errors, 4)
    assert tpir(KNOWN, Similarity(threshold), rank) == Rate(4 - errors, 4)


def test_a_score_at_the_threshold_counts() -> None:
    table = table_of(["a", "x"], ["a"], [[0.5], [0.5]])
    assert fpir(table, Similarity(0.5)) == Rate(1, 1)
    assert fnir(table, Similarity(0.5)) == Rate(0, 1)


def test_rank_one_is_of_mated_probes_and_a_tie_is_against_them() -> None:
    assert rank1(KNOWN) == Rate(2, 4)
    tied = table_of(["a"], ["a", "b"], [[0.5, 0.5]])
    assert rank1(tied) == Rate(0, 1)


def test_failures_are_told_apart() -> None:
    table = table_of(
        ["a", "b", "x", "y"],
        ["a", "b"],
        [[0.0, 0.0]] * 4,
        not_detected=[0],
        not_acquired=[2],
        not_enrolled=[1],
    )
    found = failures(table)
    assert (found.to_detect, found.to_acquire, found.to_enrol) == (
        Rate(1, 4),
        Rate(2, 4),
        Rate(1, 2),
    )


@pytest.mark.parametrize(("target", "errors"), [(0.5, 2), (0.25, 1), (0.1, 0)])
def test_the_threshold_at_a_target_is_the_lowest_that_keeps_it(target: float, errors: int) -> None:
    threshold = threshold_at(KNOWN, target)
    assert fpir(KNOWN, threshold) == Rate(errors, 4)
    just_below = Similarity(threshold - 2e-6)
    assert fpir(KNOWN, just_below).errors == errors + 1


def test_tied_scores_are_all_kept_out() -> None:
    table = table_of(["x", "y", "z", "w"], ["a"], [[0.5], [0.5], [0.5], [0.1]])
    assert fpir(table, threshold_at(table, 0.5)) == Rate(0, 4)


def test_scores_closer_than_six_decimals_still_give_the_exact_threshold() -> None:
    low = np.float32(0.5)
    high = np.nextafter(low, np.float32(1))
    table = table_of(["x", "y"], ["a"], [[float(low)], [float(high)]])
    assert fpir(table, threshold_at(table, 0.5)) == Rate(1, 2)


def test_where_nobody_could_be_acquired_any_threshold_keeps_the_target() -> None:
    table = table_of(["x", "y"], ["a"], [[0.5], [0.6]], not_acquired=[0, 1])
    assert threshold_at(table, 0.1) == LOWEST
    assert fpir(table, LOWEST) == Rate(0, 2)


def test_a_target_is_a_rate() -> None:
    with pytest.raises(ValueError, match="no target"):
        threshold_at(KNOWN, 1.0)


def test_an_empty_list_and_an_empty_side_have_no_rates() -> None:
    nobody = table_of(["x"], [], [[]])
    assert fpir(nobody, Similarity(0.1)) == Rate(0, 1)
    assert fnir(nobody, Similarity(0.1)) == Rate(0, 0)
    assert rank1(nobody) == Rate(0, 0)


def test_the_curve_agrees_with_scikit_learn() -> None:
    table = random_table(5)
    own, tops = mate_scores(table), highest_non_mated(table)
    ours = det_curve(table, most_points=10_000)
    false_positives, misses, thresholds = sklearn_det(
        np.r_[np.ones(len(own)), np.zeros(len(tops))], np.r_[own, tops]
    )
    theirs = {
        round(float(threshold), 6): (float(fp), float(fn))
        for fp, fn, threshold in zip(false_positives, misses, thresholds, strict=True)
    }
    shared = 0
    for threshold, fp, fn in zip(ours.thresholds, ours.fpir, ours.fnir, strict=True):
        if (key := round(float(threshold), 6)) in theirs:
            assert (fp, fn) == pytest.approx(theirs[key])
            shared += 1
    assert shared >= len(theirs) - 1


def test_the_curve_is_what_the_metrics_say_at_each_threshold() -> None:
    table = random_table(6)
    curve = det_curve(table, rank=1)
    assert len(curve.thresholds) <= 401
    for threshold, fp, fn in zip(curve.thresholds, curve.fpir, curve.fnir, strict=True):
        assert fpir(table, Similarity(threshold)).rate == pytest.approx(fp)
        assert fnir(table, Similarity(threshold), 1).rate == pytest.approx(fn)


def test_thinning_keeps_both_ends() -> None:
    table = random_table(7, strangers=900)
    full, thin = det_curve(table, most_points=9_999), det_curve(table, most_points=50)
    assert len(thin.thresholds) <= 50
    assert thin.thresholds[[0, -1]].tolist() == full.thresholds[[0, -1]].tolist()


def test_ranks_are_counted_against_the_whole_list() -> None:
    assert mate_ranks(KNOWN).tolist() == [1, 2, 1, 3]


def test_a_side_without_probes_has_no_curve_rather_than_a_flat_one() -> None:
    told = det_curve(table_of(["a"], ["a"], [[0.5]])).as_json()
    assert told["fpir"] is None
    assert told["fnir"] == [0.0]


def test_the_rare_end_and_the_operating_threshold_are_never_thinned_away() -> None:
    """Where mates lie far above strangers, every step of the rare end is among few thresholds."""
    table = random_table(8, strangers=2_000, mated=120, each=8)
    at = Similarity(0.41)
    full, thin = det_curve(table, most_points=99_999), det_curve(table, kept=at)
    rare = [rate for rate in np.unique(full.fpir) if 0 < rate <= 50 / full.non_mated]
    assert set(rare) <= set(thin.fpir)
    assert len(thin.thresholds) <= 400
    rates = set(zip(thin.fpir.tolist(), thin.fnir.tolist(), strict=True))
    step = np.searchsorted(full.thresholds, at)
    assert (full.fpir[step], full.fnir[step]) in rates
