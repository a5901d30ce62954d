"""A measure that knows who will be missed brings the curve down; one that does not, does not."""

import numpy as np
import pytest

from overt.assurance.discard import (
    DISCARDED,
    Discarding,
    MatedComparisons,
    error_versus_discard,
)
from overt.identifiers import SubjectId

PEOPLE = 400


def discarding(seed: int = 1, people: int = PEOPLE) -> Discarding | None:
    chance = np.random.default_rng(seed)
    own = chance.normal(0.6, 0.1, people).astype(np.float32)
    subjects = tuple(SubjectId(f"S{i}") for i in range(people))
    quality = {
        "knows": own.astype(np.float64) + chance.normal(0, 0.02, people),
        "says nothing": chance.normal(0, 1, people),
        "is wrong": -own.astype(np.float64),
    }
    return error_versus_discard(MatedComparisons(own, subjects, quality), np.random.default_rng(7))


def test_the_threshold_is_set_so_that_a_tenth_is_missed() -> None:
    found = discarding()
    assert found is not None
    assert {curve.left[0].errors for curve in found.curves} == {PEOPLE // 10}


def test_a_measure_that_knows_takes_the_misses_away_and_a_wrong_one_keeps_them() -> None:
    found = discarding()
    assert found is not None
    curves = {curve.measure: curve for curve in found.curves}
    assert found.curves[0].measure == "knows"
    assert curves["knows"].predicts
    assert curves["knows"].left[DISCARDED.index(0.2)].errors <= 2
    assert not curves["says nothing"].predicts
    assert curves["is wrong"].high < 0
    assert curves["is wrong"].left[-1].errors == PEOPLE // 10


def test_the_counts_are_those_of_sorting_by_hand() -> None:
    own = (np.arange(60) / 100 + 0.2).astype(np.float32)
    quality = np.array([0.0, 5.0, *range(10, 68)])
    subjects = tuple(SubjectId(f"S{i}") for i in range(60))
    found = error_versus_discard(
        MatedComparisons(own, subjects, {"q": quality}), np.random.default_rng(1)
    )
    assert found is not None
    (curve,) = found.curves
    # The six lowest are missed; 5 % of 60 are the three poorest, all of them among the six.
    assert [(rate.errors, rate.trials) for rate in curve.left[:3]] == [(6, 60), (3, 57), (0, 54)]
    # By hand: of 0.1, what is left on average is 3/57 once and nothing five times.
    assert curve.gain == pytest.approx(1 - (3 / 57) / 6 / 0.1)


def test_too_few_comparisons_draw_no_curve() -> None:
    assert discarding(people=20) is None


def test_where_more_than_a_tenth_resemble_somebody_else_no_threshold_is_told() -> None:
    own = np.where(np.arange(100) < 30, -np.inf, 0.6).astype(np.float32)
    subjects = tuple(SubjectId(f"S{i}") for i in range(100))
    quality = {"q": np.arange(100, dtype=np.float64)}
    found = error_versus_discard(MatedComparisons(own, subjects, quality), np.random.default_rng(1))
    assert found is not None
    assert found.threshold is None
    assert (found.starting.errors, found.starting.trials) == (30, 100)
    assert found.curves[0].left[0] == found.starting
