"""People are drawn, not probes; the seed brings the interval back."""

import numpy as np
import pytest

from overt.assurance.bootstrap import (
    BothSides,
    bootstrap_fnir_at,
    bootstrap_rate,
    weights_of_probes,
)
from overt.identifiers import SubjectId
from overt.rates.counts import Rate


def seeded() -> np.random.Generator:
    return np.random.default_rng(11)


def people(count: int, each: int = 1) -> tuple[SubjectId, ...]:
    return tuple(SubjectId(f"p{i}") for i in range(count) for _ in range(each))


def test_all_probes_of_a_person_are_drawn_together() -> None:
    weights = weights_of_probes(people(20, each=3), seeded(), 50).reshape(50, 20, 3)
    assert (weights == weights[:, :, :1]).all()
    assert (weights[:, :, 0].sum(axis=1) == 20).all()


def test_with_one_probe_each_it_comes_close_to_the_exact_interval() -> None:
    errors = np.arange(400) < 40
    found = bootstrap_rate(errors, people(400), seeded(), replicates=4_000)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(Rate(40, 400).interval(), abs=0.008)


def test_people_whose_probes_err_together_widen_it() -> None:
    errors = np.arange(400) < 40
    apart = bootstrap_rate(errors, people(400), seeded())
    together = bootstrap_rate(errors, people(40, each=10), seeded())
    assert apart is not None
    assert together is not None
    assert together.high - together.low > 2 * (apart.high - apart.low)
    assert together.subjects == 40


def test_the_seed_brings_it_back() -> None:
    errors = np.arange(50) % 7 == 0
    again = [bootstrap_rate(errors, people(50), seeded()) for _ in range(2)]
    assert again[0] == again[1]


def test_fnir_at_a_target_includes_the_doubt_about_the_threshold() -> None:
    rng = np.random.default_rng(1)
    tops = rng.normal(0.3, 0.1, 300).astype(np.float32)
    own = rng.normal(0.55, 0.1, 200).astype(np.float32)
    strangers = tuple(SubjectId(f"x{i}") for i in range(300))
    found = bootstrap_fnir_at(BothSides(tops, strangers, own, people(200)), 0.01, seeded())
    threshold = np.sort(tops)[::-1][3]
    fixed = bootstrap_rate(own <= threshold, people(200), seeded())
    assert found is not None
    assert fixed is not None
    assert found.low <= np.mean(own <= threshold) <= found.high
    assert found.high - found.low > fixed.high - fixed.low


def test_where_nobody_erred_drawing_people_tells_nothing() -> None:
    for errors, says_nothing in ((0, True), (20, False), (50, True)):
        found = bootstrap_rate(np.arange(50) < errors, people(50), seeded())
        assert found is not None
        assert found.as_json()["insufficient_data"] is says_nothing


def test_without_probes_there_is_none() -> None:
    empty = np.zeros(0, np.float32)
    assert bootstrap_rate(np.zeros(0, np.bool_), (), seeded()) is None
    assert bootstrap_fnir_at(BothSides(empty, (), empty, ()), 0.1, seeded()) is None
