"""FPIR falls as the threshold rises and grows with the list; misses do the reverse; order is nothing."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.det import det_curve
from overt.assurance.list_size import rates_by_list_size
from overt.assurance.metrics import fnir, fpir, rank1, threshold_at
from overt.assurance.scores import Columns, ScoreTable
from overt.units import Similarity

COSINES = st.integers(-20, 20).map(lambda twentieths: twentieths / 20)
"""Coarse, so that ties are common."""


@st.composite
def tables(draw: st.DrawFn) -> ScoreTable:
    size = draw(st.integers(1, 5))
    listed = [f"on {i}" for i in range(size)]
    probes = draw(
        st.lists(st.sampled_from([*listed, "off 1", "off 2", "off 3"]), min_size=1, max_size=12)
    )
    row = st.lists(COSINES, min_size=size, max_size=size)
    return table_of(
        probes,
        listed,
        draw(st.lists(row, min_size=len(probes), max_size=len(probes))),
        not_acquired=draw(st.lists(st.integers(0, len(probes) - 1), max_size=2)),
        not_enrolled=draw(st.lists(st.integers(0, size - 1), max_size=1)),
    )


@given(tables(), COSINES, COSINES, st.sampled_from([None, 1, 2]))
def test_a_higher_threshold_never_alerts_on_more(
    table: ScoreTable, one: float, other: float, rank: int | None
) -> None:
    low, high = Similarity(min(one, other)), Similarity(max(one, other))
    assert fpir(table, high).errors <= fpir(table, low).errors
    assert fnir(table, high, rank).errors >= fnir(table, low, rank).errors


@given(tables(), COSINES, st.data())
def test_a_longer_list_never_lowers_fpir_nor_lifts_anybody_in_rank(
    table: ScoreTable, threshold: float, data: st.DataObject
) -> None:
    order = np.array(data.draw(st.permutations(range(table.list_size))), np.intp)
    kept = data.draw(st.integers(1, table.list_size))
    shorter = table.against(order[:kept])
    assert fpir(shorter, Similarity(threshold)).trials == fpir(table, Similarity(threshold)).trials
    assert fpir(shorter, Similarity(threshold)).errors <= fpir(table, Similarity(threshold)).errors
    same_probes = table.part(_rows(table, shorter), np.arange(table.list_size, dtype=np.intp))
    assert rank1(shorter).errors >= rank1(same_probes).errors
    assert fnir(shorter, Similarity(threshold)) == fnir(same_probes, Similarity(threshold))


@given(tables(), COSINES, st.data())
def test_order_is_nothing(table: ScoreTable, threshold: float, data: st.DataObject) -> None:
    rows = np.array(data.draw(st.permutations(range(len(table.probe_ids)))), np.intp)
    columns = np.array(data.draw(st.permutations(range(table.list_size))), np.intp)
    shuffled = table.part(rows, columns)
    at = Similarity(threshold)
    assert fpir(shuffled, at) == fpir(table, at)
    assert fnir(shuffled, at, 1) == fnir(table, at, 1)
    assert rank1(shuffled) == rank1(table)
    assert det_curve(shuffled, 1).as_json() == det_curve(table, 1).as_json()


@given(st.integers(0, 50))
def test_the_deals_do_not_depend_on_order(seed: int) -> None:
    table = random_table(seed, listed=30, mated=20, strangers=20)
    rng = np.random.default_rng(seed)
    shuffled = table.part(rng.permutation(40), rng.permutation(30))
    ours, theirs = (
        [
            replace(entry, fpir_bootstrap=None, fnir_bootstrap=None)
            for entry in rates_by_list_size(
                each, np.random.default_rng(1), sizes=(7, 30), targets=(0.1,), deals=2
            )
        ]
        for each in (table, shuffled)
    )
    assert ours == theirs


@given(tables(), st.floats(0.001, 0.999))
def test_the_threshold_keeps_its_target(table: ScoreTable, target: float) -> None:
    found = fpir(table, threshold_at(table, target))
    assert found.errors <= target * found.trials + 1e-9


def _rows(table: ScoreTable, part: ScoreTable) -> Columns:
    kept = set(part.probe_ids)
    return np.array([i for i, name in enumerate(table.probe_ids) if name in kept], np.intp)
