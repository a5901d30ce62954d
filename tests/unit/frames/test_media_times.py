import itertools

from hypothesis import given
from hypothesis import strategies as st

from overt.frames.media_times import MediaTimes
from overt.units import Seconds

FRAME = Seconds(0.04)


def told(*stamps: float | None) -> list[float]:
    times = MediaTimes(FRAME)
    return [round(times.at(stamp), 3) for stamp in stamps]


def test_the_first_frame_is_at_zero_whatever_its_stamp() -> None:
    assert told(1.4, 1.44, 1.48) == [0.0, 0.04, 0.08]


def test_a_missing_stamp_is_taken_to_be_one_frame_later() -> None:
    assert told(0.0, None, 0.08) == [0.0, 0.04, 0.08]


def test_frames_without_stamps_before_the_first_stamp_are_spaced_evenly() -> None:
    assert told(None, None, 7.0, 7.04) == [0.0, 0.04, 0.08, 0.12]


def test_a_repeated_stamp_still_moves_on() -> None:
    assert told(0.0, 0.04, 0.04, 0.08) == [0.0, 0.04, 0.041, 0.08]


def test_a_small_step_back_is_held_and_the_clock_goes_on_as_before() -> None:
    assert told(0.0, 0.2, 0.1, 0.28) == [0.0, 0.2, 0.201, 0.28]


def test_a_joined_recording_goes_on_from_where_the_first_ended() -> None:
    assert told(5.0, 5.04, 0.0, 0.04) == [0.0, 0.04, 0.08, 0.12]


def test_a_step_forward_is_believed() -> None:
    assert told(0.0, 0.04, 60.0) == [0.0, 0.04, 60.0]


def test_a_step_of_an_hour_is_another_clock_and_nobody_waits_for_it() -> None:
    assert told(0.0, 0.04, 3600.0, 3600.04) == [0.0, 0.04, 2.08, 2.12]


def test_a_counter_that_runs_over_goes_on() -> None:
    over = 2**33 / 90_000  # of an MPEG transport stream, after 26.5 hours
    assert told(over - 0.04, over, 0.04, 0.08) == [0.0, 0.04, 0.08, 0.12]


def test_one_stamp_that_is_far_ahead_does_not_carry_the_others_along() -> None:
    assert told(0.0, 0.04, 95_443.7, 0.12, 0.16) == [0.0, 0.04, 2.08, 2.12, 2.16]


def test_a_pause_that_was_told_of_is_no_step() -> None:
    times = MediaTimes(FRAME)
    times.at(0.0)
    times.silent_until(300.0)
    assert times.at(300.5) == 300.5


def test_a_reopened_stream_starts_where_it_is_told() -> None:
    times = MediaTimes(FRAME)
    times.at(100.0)
    times.start_again_at(12.0)
    assert [times.at(3.0), times.at(3.04)] == [12.0, 12.04]


def test_frames_after_a_silence_come_later_than_it() -> None:
    times = MediaTimes(FRAME)
    times.at(0.0)
    assert times.silent_until(1.5) == 1.5
    assert times.at(0.04) > 1.5


def test_a_late_frame_after_a_silence_does_not_shift_the_clock() -> None:
    times = MediaTimes(FRAME)
    times.at(0.0)
    times.silent_until(2.0)
    late = times.at(0.04)
    assert late > 2.0
    assert times.at(5.0) == 5.0


def test_silence_before_the_first_frame_does_not_move_the_clock() -> None:
    times = MediaTimes(FRAME)
    assert times.silent_until(3.0) == 0.0
    assert times.at(9.0) == 0.0


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=40))
def test_no_step_takes_longer_than_the_longest_gap(given_stamps: list[float]) -> None:
    times = MediaTimes(FRAME)
    media = [times.at(stamp) for stamp in given_stamps]
    assert all(b - a <= 60.1 for a, b in itertools.pairwise(media))


stamps = st.none() | st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(stamps, max_size=40))
def test_times_grow_strictly_whatever_the_stamps(given_stamps: list[float | None]) -> None:
    times = MediaTimes(FRAME)
    media = [times.at(stamp) for stamp in given_stamps]
    assert all(later > earlier for earlier, later in itertools.pairwise(media))
