"""The vacant rows of a list, held against a plain row of flags, whatever is taken and given back."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from overt.matches.vacancies import Vacancies

ROOM = 24


def runs_of(vacant: list[bool]) -> list[tuple[int, int]]:
    """(first, count) of each longest run of True."""
    rows = groupby(range(len(vacant)), key=lambda row: vacant[row])
    together = [list(group) for is_vacant, group in rows if is_vacant]
    return [(group[0], len(group)) for group in together]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 8)), max_size=60))
def test_whatever_is_taken_and_given_back_vacant_rows_lie_in_runs_as_long_as_can_be(
    steps: list[tuple[bool, int]],
) -> None:
    vacancies, vacant, held = Vacancies(ROOM), [True] * ROOM, list[tuple[int, int]]()
    for taking, number in steps:
        if taking:
            first = vacancies.take(number)
            # Room is refused only where no run of the plain flags has it.
            assert (first is None) == all(count < number for _, count in runs_of(vacant))
            if first is None:
                continue
            assert all(vacant[first : first + number])
            vacant[first : first + number] = [False] * number
            held.append((first, number))
        elif held:
            first, count = held.pop(number % len(held))
            vacancies.give_back(first, count)
            vacant[first : first + count] = [True] * count
        end = [(vacancies.filled, ROOM - vacancies.filled)] if vacancies.filled < ROOM else []
        assert [*vacancies.runs(), *end] == runs_of(vacant)
