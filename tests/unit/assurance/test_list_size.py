"""Each size deals every probe once; every entry has every key, and says what it cannot carry."""

import json

import numpy as np
import pytest
from tests.fakes.score_tables import random_table, table_of

from overt.assurance.list_size import TARGETS, deal, rates_by_list_size, sizes_for
from overt.assurance.metrics import fnir, fpir, rank1, threshold_at
from overt.rates.counts import Rate


def seeded(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("full", "sizes"),
    [(40, (40,)), (100, (100,)), (101, (100, 101)), (1_200, (100, 250, 500, 1_000, 1_200))],
)
def test_sizes_are_the_usual_ones_and_the_full_list(full: int, sizes: tuple[int, ...]) -> None:
    assert sizes_for(full) == sizes


def test_the_full_list_gives_the_plain_metrics() -> None:
    table = random_table(2, each=2)
    for entry in rates_by_list_size(table, seeded(), sizes=(120,)):
        threshold = threshold_at(table, entry.fpir_target)
        assert entry.threshold == threshold
        assert entry.fpir == fpir(table, threshold)
        assert entry.fnir == fnir(table, threshold, rank=1)
        assert entry.fnir_any_rank == fnir(table, threshold)
        assert entry.rank1 == rank1(table)


def test_a_deal_uses_every_probe_at_most_once_and_its_own_list() -> None:
    table = random_table(3, listed=105, mated=105)
    told = deal(table, 25, seeded())
    assert told.lists == 4
    assert len(told.sides.mated) == 100  # five people were left over
    assert sorted(told.sides.non_mated) == sorted(table.probe_subjects[105:])
    assert not set(told.sides.mated) & set(told.sides.non_mated)


def test_all_probes_of_a_stranger_meet_one_list() -> None:
    strangers = [f"x{i // 3}" for i in range(60)]
    lists = np.tile(np.arange(4, dtype=float) / 10, (60, 1))  # column j scores j/10: names the list
    told = deal(table_of(strangers, ["a", "b", "c", "d"], lists.tolist()), 1, seeded())
    met: dict[str, set[float]] = {}
    for subject, top in zip(told.sides.non_mated, told.sides.tops, strict=True):
        met.setdefault(subject, set()).add(float(top))
    assert all(len(tops) == 1 for tops in met.values())
    assert len(set().union(*met.values())) == 4


def test_every_entry_has_every_key_and_the_json_is_plain() -> None:
    entries = [entry.as_json() for entry in rates_by_list_size(random_table(4), seeded())]
    assert [(entry["list_size"], entry["fpir_target"]) for entry in entries] == [
        (size, target) for size in (100, 120) for target in TARGETS
    ]
    assert {frozenset(entry) for entry in entries} == {frozenset(entries[0])}
    wanted = {"list_size", "threshold", "fpir_target", "fpir", "fnir", "rank1"}
    assert wanted < set(entries[0])
    for entry in entries:
        for side in ("fpir", "fnir"):
            assert {"errors", "trials", "rate", "low", "high", "insufficient_data"} <= set(
                json.loads(json.dumps(entry, allow_nan=False))[side]
            )


@pytest.mark.requirement("R66")
def test_what_the_data_cannot_carry_is_said_and_how_much_is_missing() -> None:
    entries = rates_by_list_size(random_table(4), seeded(), sizes=(120,))
    tenth, hundredth, thousandth = (entry.as_json() for entry in entries)
    assert tenth["insufficient_data"] is False
    assert hundredth["insufficient_data"] is True
    assert thousandth["lacks"] == [
        "FPIR 0.001 needs 7,633 non-mated people, 7,483 more than the 150 here"
    ]


def test_a_table_without_strangers_has_no_threshold_and_no_rates() -> None:
    table = table_of(["a", "b"], ["a", "b"], [[0.9, 0.1], [0.1, 0.9]])
    for entry in rates_by_list_size(table, seeded()):
        told = entry.as_json()
        assert told["threshold"] is None
        assert (entry.fpir, entry.fnir, entry.rank1) == (Rate(0, 0), Rate(0, 0), Rate(2, 2))
        assert told["insufficient_data"] is True


def test_a_table_without_mates_has_thresholds_and_says_that_misses_are_unknown() -> None:
    table = random_table(4, mated=0)
    entry = rates_by_list_size(table, seeded(), sizes=(120,), targets=(0.1,))[0]
    assert entry.fpir == Rate(15, 150)
    assert entry.as_json()["fnir"] == {
        **Rate(0, 0).as_json(),
        "insufficient_data": True,
        "subjects": 0,
        "bootstrap": None,
        "rank": 1,
        "over_lists": None,
    }


def test_the_same_seed_gives_the_same_report() -> None:
    table = random_table(8)
    first = [entry.as_json() for entry in rates_by_list_size(table, seeded(3))]
    assert first == [entry.as_json() for entry in rates_by_list_size(table, seeded(3))]
    assert first != [entry.as_json() for entry in rates_by_list_size(table, seeded(4))]


def test_a_list_longer_than_the_data_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        deal(random_table(1), 121, seeded())
