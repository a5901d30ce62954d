import numpy as np
import pytest
from tests.fakes.templates import drawn, unit

from overt.matches.codes import BLOCK, probe_room, room_for


def test_a_reference_costs_a_quarter_more_than_its_numbers() -> None:
    codes = room_for(BLOCK, 256)

    each = sum(part.nbytes for part in (codes.numbers, codes.steps, codes.offsets, codes.slacks))

    assert each / BLOCK == 256 + 12


def test_the_largest_number_of_a_reference_takes_the_whole_range() -> None:
    codes = room_for(1, 8)
    codes.write(0, unit(-2, 1)[None])

    assert codes.numbers[0].tolist() == [-127, 64, 0, 0, 0, 0, 0, 0]


def test_the_slack_is_at_least_what_coding_left_out() -> None:
    vectors = drawn(200, dimension=256)
    codes = room_for(200, 256)
    codes.write(0, vectors)

    coded = codes.numbers[:200] * codes.steps[0, :200, None].astype(np.float64)
    errors = np.linalg.norm(vectors - coded, axis=1)

    assert np.all(codes.slacks[0, :200] >= 1.001 * errors)
    assert codes.slacks[0, :200].max() < 0.012


def test_rows_that_nobody_holds_never_come_near() -> None:
    codes = room_for(BLOCK, 8)
    codes.write(0, drawn(3))
    codes.clear(slice(1, 2))

    assert codes.slacks[0, [1, 3, BLOCK - 1]].tolist() == [-4.0] * 3
    assert not codes.numbers[1].any()


def test_writing_a_row_touches_no_other() -> None:
    codes = room_for(BLOCK, 8)
    codes.write(0, drawn(3))
    before = codes.numbers.copy(), codes.slacks.copy()

    codes.write(1, drawn(1, seed=9))

    rest = [0, 2, *range(3, BLOCK)]
    assert np.array_equal(codes.numbers[rest], before[0][rest])
    assert np.array_equal(codes.slacks[:, rest], before[1][:, rest])
    assert not np.array_equal(codes.numbers[1], before[0][1])


@pytest.mark.requirement("R50")
def test_scrubbing_leaves_nothing_of_a_probe() -> None:
    room, empty = probe_room(2, 8), probe_room(2, 8)
    room.write(1, unit(3, 4))
    assert (room.numbers[1, :2] == [128 + 95, 128 + 127]).all()

    room.scrub()

    assert np.array_equal(room.numbers, empty.numbers)
    assert not room.steps.any()
    assert not room.errors.any()
