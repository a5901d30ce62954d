import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.frames.frame import SourceCounts
from overt.frames.newest import Loss, NewestFrame
from overt.units import Seconds

AT_ONCE = Seconds(0.0)


@pytest.fixture
def counts() -> SourceCounts:
    return SourceCounts()


@pytest.fixture
def slot(counts: SourceCounts) -> NewestFrame[int]:
    return NewestFrame(counts)


@pytest.mark.requirement("R29")
def test_the_newest_frame_is_taken_and_the_older_ones_are_counted(
    slot: NewestFrame[int], counts: SourceCounts
) -> None:
    for frame in (1, 2, 3):
        slot.put(frame)
    assert slot.take(AT_ONCE) == 3
    assert counts.dropped == 2


def test_a_frame_is_taken_once(slot: NewestFrame[int]) -> None:
    slot.put(1)
    slot.take(AT_ONCE)
    assert slot.take(AT_ONCE) is None


def test_a_loss_comes_after_the_frame_before_it(slot: NewestFrame[int]) -> None:
    slot.put(1)
    slot.lose("gone")
    assert [slot.take(AT_ONCE) for _ in range(3)] == [1, Loss("gone"), None]


def test_a_loss_comes_before_the_frame_after_it(slot: NewestFrame[int]) -> None:
    slot.put(1)
    slot.lose("gone")
    slot.put(2)
    assert [slot.take(AT_ONCE) for _ in range(3)] == [Loss("gone"), 2, None]


def test_a_consumer_that_looks_away_finds_no_pile(
    slot: NewestFrame[int], counts: SourceCounts
) -> None:
    for frame in range(100):
        slot.put(frame)
        slot.lose("gone")
    assert [slot.take(AT_ONCE) for _ in range(4)] == [Loss("gone"), 99, Loss("gone"), None]
    assert counts.dropped == 99


def test_nothing_is_taken_after_the_wait(slot: NewestFrame[int]) -> None:
    began = time.monotonic()
    assert slot.take(Seconds(0.05)) is None
    assert time.monotonic() - began >= 0.04


def test_closing_wakes_the_consumer(slot: NewestFrame[int]) -> None:
    threading.Timer(0.05, slot.close).start()
    began = time.monotonic()
    assert slot.take(Seconds(5.0)) is None
    assert time.monotonic() - began < 2.0


def test_a_closed_slot_holds_nothing(slot: NewestFrame[int], counts: SourceCounts) -> None:
    slot.close()
    slot.put(1)
    assert slot.take(AT_ONCE) is None
    assert counts.dropped == 1


@given(st.lists(st.sampled_from(["put", "lose", "take"]), max_size=60))
def test_frames_are_taken_in_order_and_every_other_one_is_counted(acts: list[str]) -> None:
    counts = SourceCounts()
    slot: NewestFrame[int] = NewestFrame(counts)
    put, taken = 0, []
    for act in [*acts, "take", "take", "take", "take"]:
        if act == "put":
            slot.put(put)
            put += 1
        elif act == "lose":
            slot.lose("gone")
        elif isinstance(got := slot.take(AT_ONCE), int):
            taken.append(got)
    assert taken == sorted(taken)
    assert len(taken) + counts.dropped == put
    assert not put or taken[-1] == put - 1


def test_it_tells_whether_a_frame_waits(slot: NewestFrame[int], counts: SourceCounts) -> None:
    slot.put(1)
    slot.put(2)
    assert counts.waiting == 1
    slot.take(AT_ONCE)
    assert counts.waiting == 0
