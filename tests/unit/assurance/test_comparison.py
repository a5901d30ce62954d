"""Two packs on the same people are compared pair by pair."""

from dataclasses import replace

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from tests.fakes.score_tables import random_table

from overt.assurance.comparison import compared, paired
from overt.assurance.groups import Measure
from overt.assurance.metrics import fnir, fpir, missed
from overt.assurance.report import in_points, told_of
from overt.assurance.scores import ScoreTable
from overt.identifiers import SubjectId
from overt.rates.counts import Rate
from overt.units import Similarity

AT = Similarity(0.35)
FOUR = tuple(map(SubjectId, "abcd"))


def worse(table: ScoreTable, by: float) -> ScoreTable:
    scores = table.scores.copy()
    scores[np.flatnonzero(table.mated), table.mates[table.mated]] -= by
    return replace(table, scores=scores)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_worse_pack_misses_more_and_mcnemar_agrees_with_statsmodels() -> None:
    good = random_table(1)
    bad = worse(good, 0.15)
    by_measure = {each.measure: each for each in compared((good, AT), (bad, AT), rng())}
    told = by_measure[Measure.FNIR]
    assert (told.first, told.second) == (fnir(good, AT, 1), fnir(bad, AT, 1))
    assert told.only_first == 0
    assert told.low is not None
    assert told.low > 0
    first, second = missed(good, AT, 1), missed(bad, AT, 1)
    table = [
        [(first & second).sum(), (first & ~second).sum()],
        [(~first & second).sum(), (~first & ~second).sum()],
    ]
    assert told.chance == pytest.approx(mcnemar(table, exact=True).pvalue)


def test_the_same_pack_twice_does_not_differ_as_far_as_so_many_people_can_show() -> None:
    table = random_table(2)
    for told in compared((table, AT), (table, AT), rng()):
        assert (told.difference, told.chance) == (0.0, 1.0)
        # Drawing people shows no spread; nobody in n people is up to 1 - 0.025^(1/n).
        at_most = 1 - 0.025 ** (1 / told.first.trials)
        assert (told.low, told.high) == pytest.approx((-at_most, at_most))
        assert told.as_json()["insufficient_data"] is True


def test_one_person_or_all_alike_show_no_interval_of_no_width() -> None:
    everybody = paired(Measure.FNIR, np.zeros(4, np.bool_), np.ones(4, np.bool_), FOUR, rng())
    assert everybody.difference == everybody.high == 1.0
    assert everybody.low == pytest.approx(1 - 2 * (1 - 0.025**0.25))
    one = paired(
        Measure.FNIR, np.eye(4, dtype=np.bool_)[0], np.zeros(4, np.bool_), FOUR[:1] * 4, rng()
    )
    assert (one.difference, one.low) == (-0.25, -1.0)
    assert one.high == pytest.approx(0.96875)


def test_points_have_the_digits_that_tell_them_apart() -> None:
    assert in_points([0.052, 0.022, 0.089]) == ["+5.20", "+2.20", "+8.90"]
    assert in_points([0.00001, -1e-18, 0.00002]) == ["+0.001", "+0.000", "+0.002"]
    assert in_points([0.0, 0.0, 0.0]) == ["+0.00", "+0.00", "+0.00"]


def test_one_picture_is_one_picture() -> None:
    said = told_of(Rate(0, 1).as_json(), of="pictures of strangers", what="raised an alert")
    assert said.startswith("0 of 1 picture of strangers (0 %")


def test_the_order_of_probes_and_of_the_list_is_nothing() -> None:
    table = random_table(3)
    shuffled = table.part(rng().permutation(230), rng().permutation(120))
    (false_positives, misses) = compared((table, AT), (shuffled, AT), rng())
    assert false_positives.difference == misses.difference == 0.0
    assert false_positives.first == fpir(table, AT)


def test_several_probes_of_a_person_have_no_mcnemar() -> None:
    table = random_table(4, each=2)
    assert all(
        each.chance is None for each in compared((table, AT), (worse(table, 0.1), AT), rng())
    )


def test_other_lists_and_other_labels_are_not_compared() -> None:
    table = random_table(5)
    with pytest.raises(ValueError, match="different lists"):
        compared((table, AT), (random_table(5, listed=119, mated=60), AT), rng())
    renamed = replace(table, probe_subjects=table.probe_subjects[::-1])
    with pytest.raises(ValueError, match="label the same probe"):
        compared((table, AT), (renamed, AT), rng())
