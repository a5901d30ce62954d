"""The growth of FPIR beyond the data: a stated model, with its error on a list held out."""

import numpy as np
import pytest
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.extrapolation import BetaBinomial, fit, growth, growth_at_target
from overt.assurance.list_size import ListSizeRates, rates_by_list_size
from overt.assurance.metrics import fpir
from overt.assurance.report_tables import tables_of
from overt.assurance.scores import ScoreTable
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


def at_targets(table: ScoreTable) -> list[ListSizeRates]:
    rng = np.random.default_rng(1)
    return list(rates_by_list_size(table, rng, sizes=(table.list_size,), deals=1))


def test_a_longer_list_is_told_at_the_threshold_of_each_target_with_the_error_of_the_model() -> (
    None
):
    table = random_table(14, listed=200, mated=0, strangers=1_000)
    rng = np.random.default_rng(1)
    tenth, hundredth, thousandth = (
        growth_at_target(table, each, (200, 1_000), rng) for each in at_targets(table)
    )
    assert set(tenth) == set(hundredth) == set(thousandth)
    for told, target in ((tenth, 0.1), (hundredth, 0.01)):
        assert told["within"] == [{"list_size": 200, "fpir": pytest.approx(target, rel=0.02)}]
        # A chance of its own in every comparison: what these scores were made with.
        exact = 1 - (1 - target) ** 5
        assert told["beyond"][0]["fpir"] == pytest.approx(exact, rel=0.25)
    assert [each["fitted_on"] for each in tenth["held_out"]] == [100, 50]
    assert [each["parts"] for each in tenth["held_out"]] == [2, 4]
    assert all(abs(each["relative_error"]) < 0.1 for each in tenth["held_out"])
    # One alert is nothing to fit a model to: what it takes is said, and the bound that needs none.
    assert (thousandth["insufficient_data"], thousandth["beyond"]) == (True, [])
    assert thousandth["strangers_needed"] == 8_000
    assert thousandth["at_most"] == [{"list_size": 1_000, "fpir": pytest.approx(0.005, rel=0.02)}]


def test_the_page_tells_of_every_target_how_far_the_model_is_off_or_what_it_takes() -> None:
    table = random_table(14, listed=200, mated=0, strangers=1_000)
    rng = np.random.default_rng(1)
    told = [growth_at_target(table, each, (200, 1_000), rng) for each in at_targets(table)]
    (page,) = tables_of({"growth_at_targets": told})
    said = " ".join(page.paragraphs)
    assert "beta-binomial" in said
    assert "Fitted on 2 parts of the list of 100 people and asked for 200, the model says" in said
    assert "insufficient data" in said
    assert "it takes about 8,000 strangers" in said
    assert [row[:3] for row in page.rows] == [
        (target, size, how)
        for target in ("0.1", "0.01", "0.001")
        for size, how in (("200", "counted"), ("1,000", "extrapolated"))
    ]
    without = table_of(["a"], ["a"], [[0.9]])
    nothing = [growth_at_target(without, each, (1, 5), rng) for each in at_targets(without)]
    assert [each["threshold"] for each in nothing] == [None] * 3
    assert tables_of({"growth_at_targets": nothing}) == []
