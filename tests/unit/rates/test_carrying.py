"""What data can carry is a stated rule, and so is how much more it takes."""

import pytest

from overt.rates.carrying import (
    carries_misses,
    carries_target,
    subjects_for_misses,
    subjects_for_target,
)
from overt.rates.counts import Rate


@pytest.mark.parametrize(("target", "people"), [(0.1, 65), (0.01, 753), (0.001, 7_633)])
def test_the_fewest_people_for_a_target_are_exact(target: float, people: int) -> None:
    assert subjects_for_target(target) == people
    assert carries_target(target, people)
    assert not carries_target(target, people - 1)


def test_more_people_never_carry_less() -> None:
    carried = [carries_target(0.02, people) for people in range(1_000)]
    assert carried == sorted(carried)


def test_half_and_more_needs_one_person_only() -> None:
    assert subjects_for_target(0.5) == 1


def test_a_target_is_a_rate() -> None:
    with pytest.raises(ValueError, match="no target"):
        subjects_for_target(0.0)


@pytest.mark.requirement("R66")
def test_a_miss_rate_needs_enough_people_to_show_that_it_is_below_a_tenth() -> None:
    people = subjects_for_misses()
    assert Rate(0, people).upper_bound() <= 0.1 < Rate(0, people - 1).upper_bound()
    assert carries_misses(people)
    assert not carries_misses(people - 1)
