"""Acts on the records happen beside the flow, in order, and are taken up in it."""

import threading

import pytest

from overt.errors import Fault
from overt.live.clerk import MOST_WAITING, Clerk, TakenUp


class Flow:
    """Notes what was done where."""

    def __init__(self) -> None:
        self.clerk = Clerk()
        self.done: list[int] = []
        self.taken_up: list[int] = []
        self.threads: set[str] = set()
        self.gate = threading.Event()

    def hand(self, number: int) -> None:
        def act() -> TakenUp:
            self.gate.wait(10)
            self.done.append(number)
            self.threads.add(threading.current_thread().name)
            return lambda: self.taken_up.append(number)

        self.clerk.hand(act)


@pytest.fixture
def flow() -> Flow:
    return Flow()


def test_acts_are_done_in_order_in_a_thread_of_their_own(flow: Flow) -> None:
    flow.gate.set()
    for number in range(20):
        flow.hand(number)
    flow.clerk.take_up(leaving=0)
    assert flow.done == flow.taken_up == list(range(20))
    assert len(flow.threads) == 1
    assert threading.current_thread().name not in flow.threads


def test_the_flow_goes_on_while_an_act_takes_its_time(flow: Flow) -> None:
    flow.hand(1)
    flow.clerk.take_up()
    assert flow.taken_up == []
    flow.gate.set()
    flow.clerk.take_up(leaving=0)
    assert flow.taken_up == [1]


def test_the_flow_waits_where_the_records_fall_behind(flow: Flow) -> None:
    threading.Timer(0.05, flow.gate.set).start()
    for number in range(MOST_WAITING + 1):
        flow.hand(number)
    flow.clerk.take_up()
    assert flow.taken_up[0] == 0


def test_what_an_act_raises_is_raised_in_the_flow(flow: Flow) -> None:
    def act() -> TakenUp:
        raise Fault("the disk is full")

    flow.clerk.hand(act)
    with pytest.raises(Fault, match="the disk is full"):
        flow.clerk.take_up(leaving=0)


def test_what_was_handed_over_is_done_even_where_the_flow_cannot_go_on(flow: Flow) -> None:
    flow.gate.set()
    for number in range(5):
        flow.hand(number)
    flow.clerk.close()
    assert flow.done == list(range(5))
