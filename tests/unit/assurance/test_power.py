"""What a test could see is what it finds when the gap is really there."""

import numpy as np
import pytest

from overt.assurance.power import Contrast, Side


def contrast(group: int, others: int, overall: float, critical: float = 2.5) -> Contrast:
    return Contrast(Side(group, group), Side(others, others), overall, critical)


@pytest.mark.parametrize("times", [1 / 3, 1.0, 3.0, 40.0])
def test_a_gap_keeps_the_rate_of_all_and_has_the_odds_asked_for(times: float) -> None:
    gap = contrast(150, 450, 0.08).gap(times)
    assert (150 * gap.group + 450 * gap.others) / 600 == pytest.approx(0.08)
    odds = gap.group / (1 - gap.group) / (gap.others / (1 - gap.others))
    assert odds == pytest.approx(times)


@pytest.mark.requirement("R66")
def test_power_is_that_of_two_samples_by_the_normal_law_where_it_holds() -> None:
    asked = contrast(2_000, 2_000, 0.2)
    gap = asked.gap(1.4)
    error = np.sqrt(0.2 * 0.8 * 2 / 2_000)
    spread = np.sqrt((gap.group * (1 - gap.group) + gap.others * (1 - gap.others)) / 2_000)
    rng = np.random.default_rng(3)
    seen = rng.normal(gap.group - gap.others, spread, 100_000) > 2.5 * error
    assert asked.power(1.4) == pytest.approx(seen.mean(), abs=0.03)


@pytest.mark.requirement("R66")
def test_the_least_gap_seen_is_seen_four_times_in_five_and_shrinks_with_people() -> None:
    few, many = contrast(100, 300, 0.1), contrast(1_000, 3_000, 0.1)
    from_few, from_many = few.least_seen(1_000.0), many.least_seen(1_000.0)
    assert from_few is not None
    assert from_many is not None
    assert few.power(from_few) >= 0.8
    assert few.power(0.9 * from_few) < 0.8
    assert 1 < from_many < from_few


def test_people_who_err_together_are_worth_less() -> None:
    alone = contrast(400, 400, 0.1)
    together = Contrast(Side(400, 100), Side(400, 100), 0.1, 5.0)
    assert together.power(3.0) < alone.power(3.0)


@pytest.mark.requirement("R66")
def test_where_nobody_could_be_told_apart_nothing_is_seen() -> None:
    assert contrast(0, 100, 0.1).least_seen(1_000.0) is None
    assert contrast(5, 5, 0.1).least_seen(1_000.0) is None
    assert contrast(50, 50, 1.0).least_seen(1_000.0) is None
    assert contrast(500, 500, 0.1, float("inf")).least_seen(1 / 1_000.0) is None
