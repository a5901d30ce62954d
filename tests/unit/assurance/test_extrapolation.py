"""The growth of FPIR beyond the data: a stated model, with its error on a list held out."""

import numpy as np
import pytest
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.extrapolation import BetaBinomial, fit, growth
from overt.assurance.metrics import fpir
from overt.rates.counts import Rate
from overt.units import Similarity


def counts_of(
    a: float, b: float, people: int, size: int
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    rng = np.random.default_rng(2)
    return rng.binomial(size, rng.beta(a, b, people)).astype(np.intp)


def test_the_model_is_found_again() -> None:
    truth = BetaBinomial(0.4, 400.0)
    model = fit(counts_of(truth.a, truth.b, 20_000, 1_000), 1_000)
    assert model is not None
    assert model.fpir(10_000) == pytest.approx(truth.fpir(10_000), rel=0.05)


def test_without_spread_it_is_the_binomial_law() -> None:
    even = BetaBinomial(1e4, 1e7)
    assert even.fpir(500) == pytest.approx(1 - (1 - 1e4 / (1e4 + 1e7)) ** 500, rel=1e-3)


def test_sizes_within_the_list_are_counted_and_beyond_it_modelled() -> None:
    table = random_table(12, listed=200, mated=0, strangers=600)
    threshold = Similarity(0.3)
    told = growth(table, threshold, (50, 200, 400), np.random.default_rng(1))
    whole = fpir(table, threshold).rate or 0.0
    assert [size for size, _ in told.within] == [50, 200]
    assert told.within[1][1] == pytest.approx(whole)
    (beyond,) = told.beyond
    (at_most,) = told.at_most
    assert whole < beyond[1] < at_most[1]
    assert at_most[1] == pytest.approx(min(1.0, 2 * whole))


def test_the_error_on_the_list_held_out_is_shown_and_small_where_the_model_holds() -> None:
    table = random_table(13, listed=200, mated=0, strangers=800)
    told = growth(table, Similarity(0.28), (), np.random.default_rng(1))
    assert [each.fitted_on for each in told.held_out] == [100, 50]
    for each in told.held_out:
        assert each.observed == fpir(table, Similarity(0.28))
        assert abs(each.relative_error or 1.0) < 0.25
        assert each.as_json()["within_interval"] in (True, False)


def test_too_few_false_positives_fit_nothing_and_say_so() -> None:
    table = table_of(["x", "y"], ["a"], [[0.4], [0.1]])
    told = growth(table, Similarity(0.3), (1, 5), np.random.default_rng(1)).as_json()
    assert told["insufficient_data"] is True
    assert told["beyond"] == []
    assert told["at_most"] == [{"list_size": 5, "fpir": 1.0}]


def test_without_strangers_there_is_nothing_to_grow() -> None:
    table = table_of(["a"], ["a"], [[0.9]])
    told = growth(table, Similarity(0.3), (1, 5), np.random.default_rng(1))
    assert (told.within, told.model, told.at_most) == ((), None, ())
    assert fpir(table, Similarity(0.3)) == Rate(0, 0)
