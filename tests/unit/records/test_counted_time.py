"""A clock set back while nothing runs puts nothing off: the machine went on counting."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import Hands
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.gate.gate import open_gate
from overt.policy.access import Permission
from overt.records.schema import AlertRow
from overt.records.work import Reading
from overt.units import Clock, UtcTime

HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.requirement("R3"), pytest.mark.requirement("R52")]


@dataclass(slots=True)
class Machine:
    """Its wall clock, which anybody sets, and its count since the start, which nobody does."""

    hands: Hands
    start: str = "the first"
    counted: float = 100.0

    def clock(self) -> Clock:
        return Clock(
            wall=lambda: self.hands.at,
            monotonic=lambda: 0.0,
            since_start=lambda: (self.start, self.counted),
        )

    def passes(self, by: timedelta, *, set_back: timedelta = timedelta()) -> None:
        self.hands.at += (by - set_back).total_seconds()
        self.counted += by.total_seconds()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def machine(home: Path) -> Machine:
    """With an alert that dies after an hour."""
    made = Machine(Hands())
    with (
        open_gate(home, made.clock()) as gate,
        gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work,
    ):
        deployment = keep_deployment(work, dies=UtcTime(work.now + 900 * HOUR))
        keep_alert(work, deployment, dies=UtcTime(work.now + HOUR), subject="s", evidence=b"\xff")
    return made


def alerts(home: Path, machine: Machine) -> int:
    with open_gate(home, machine.clock()) as gate, Reading(gate._records) as reading:
        return reading.session.query(AlertRow).count()


def test_what_is_due_is_destroyed_in_time_although_the_clock_was_set_back(
    home: Path, machine: Machine
) -> None:
    machine.passes(HOUR / 2, set_back=timedelta(days=400))
    assert alerts(home, machine) == 1
    machine.passes(HOUR / 2)
    assert alerts(home, machine) == 0


def test_after_another_start_nothing_is_known_but_the_log(home: Path, machine: Machine) -> None:
    machine.passes(2 * HOUR, set_back=timedelta(days=400))
    machine.start, machine.counted = "the second", 5.0
    assert alerts(home, machine) == 1
    machine.passes(2 * HOUR)
    assert alerts(home, machine) == 0


@pytest.mark.parametrize("note", [b"", b"[]", b"{", b'{"started": "the first", "counted": "x"}'])
def test_a_spoilt_note_is_none(home: Path, machine: Machine, note: bytes) -> None:
    (home / "locks" / "counted").write_bytes(note)
    machine.passes(2 * HOUR)
    assert alerts(home, machine) == 0


def told_of_the_clock(home: Path, machine: Machine) -> list[int]:
    """The seconds that each line of it tells, without an opening that tells of its own."""
    with open_gate(home, machine.clock()) as gate:
        told = gate.audit_lines(gate.whoami(), None)
        raised = gate.purge(gate.whoami()).alarms
    lines = [int(line.detail["seconds"]) for line in told if line.event == "clock-ahead"]
    assert any("CLOCK MOVED AHEAD" in alarm for alarm in raised) == bool(lines)
    return lines


def test_a_clock_set_ahead_is_told_before_anything_is_destroyed_by_it(
    home: Path, machine: Machine
) -> None:
    machine.hands.forward(400 * HOUR)
    assert told_of_the_clock(home, machine) == [400 * 3600]
    assert told_of_the_clock(home, machine) == [400 * 3600]  # once
    with open_gate(home, machine.clock()) as gate:
        events = [line.event for line in gate.audit_lines(gate.whoami(), None)]
    assert events.index("clock-ahead") < events.index("expired")


def test_time_that_the_machine_counted_is_no_jump(home: Path, machine: Machine) -> None:
    machine.passes(400 * HOUR)
    assert told_of_the_clock(home, machine) == []
    machine.hands.at += 120  # a correction
    assert told_of_the_clock(home, machine) == []


def test_a_machine_that_was_off_for_a_week_did_not_jump(home: Path, machine: Machine) -> None:
    machine.start, machine.counted = "the second", 5.0
    machine.hands.at += 7 * 86400
    assert alerts(home, machine) == 0
    machine.passes(HOUR)
    assert told_of_the_clock(home, machine) == []


def test_a_console_that_stays_open_sees_its_clock_set_ahead(home: Path, machine: Machine) -> None:
    with open_gate(home, machine.clock()) as gate:
        machine.hands.forward(30 * HOUR)
        gate.purge(gate.whoami())
        assert "clock-ahead" in [line.event for line in gate.audit_lines(gate.whoami(), None)]
