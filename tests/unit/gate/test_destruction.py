"""Destroyed is more than deleted: it is checked, on record, receipted, and late is an alarm."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import Hands
from tests.fakes.installed import installed_home
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.audit.note import read_verifier
from overt.audit.receipt import read_receipt
from overt.errors import Refused
from overt.gate.gate import Gate, expire_by_itself, open_gate
from overt.policy.access import Permission
from overt.records.key_folder import KeyFolder
from overt.units import UtcTime

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.requirement("R52")


@pytest.fixture
def hands() -> Hands:
    return Hands(at=NOON.timestamp())


@pytest.fixture
def gate(tmp_path: Path, hands: Hands) -> Iterator[Gate]:
    """With an alert that dies after an hour."""
    with open_gate(installed_home(tmp_path / "home", UtcTime(NOON)), hands.clock()) as opened:
        keep_one(opened)
        yield opened


def keep_one(gate: Gate) -> None:
    dies = UtcTime(gate._clock.now() + HOUR)
    with gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work:
        deployment = keep_deployment(work, dies=UtcTime(NOON + timedelta(days=900)))
        keep_alert(work, deployment, dies=dies, subject="s1", evidence=b"\xff\xd8")


def events(gate: Gate) -> list[str]:
    return [line.event for line in gate.audit_lines(gate.whoami(), None)]


def test_what_is_destroyed_in_time_has_its_receipt_and_raises_no_alarm(
    gate: Gate, hands: Hands
) -> None:
    hands.forward(HOUR)
    done = gate.purge(gate.whoami())
    assert (done.keys, done.alarms) == (1, ())
    (receipt,) = gate.receipts(gate.whoami())
    assert receipt.number == done.receipt
    assert receipt.rows == {"alert_evidence": 1, "alerts": 1}
    assert [key.kind for key in receipt.keys] == ["alert"]
    assert receipt.late_seconds == 0


def test_a_receipt_is_checked_with_the_public_key_alone(gate: Gate, hands: Hands) -> None:
    hands.forward(HOUR)
    actor = gate.whoami()
    number = gate.purge(actor).receipt
    assert number is not None
    key, note = read_verifier(gate.audit_key(actor)), str(gate.receipt(actor, number))
    assert read_receipt(note, key) == gate.receipts(actor)[0]
    with pytest.raises(Refused):
        read_receipt(note.replace('"alerts":1', '"alerts":2'), key)


def test_a_checkpoint_is_no_receipt(gate: Gate) -> None:
    actor = gate.whoami()
    with pytest.raises(Refused, match="no receipt of destruction"):
        read_receipt(gate.audit_checkpoint(actor), read_verifier(gate.audit_key(actor)))


def test_what_is_destroyed_long_after_its_time_raises_an_alarm_for_a_day(
    gate: Gate, hands: Hands
) -> None:
    hands.forward(6 * HOUR)
    (alarm,) = gate.purge(gate.whoami()).alarms
    assert "5.0 hours after its time" in alarm
    assert gate.receipts(gate.whoami())[0].late_seconds == 5 * 3600
    assert expire_by_itself(gate) == (alarm,)
    hands.forward(25 * HOUR)
    assert gate.purge(gate.whoami()).alarms == ()


def test_nothing_due_makes_no_receipt_and_leaves_no_line(gate: Gate) -> None:
    before = len(events(gate))
    done = gate.purge(gate.whoami())
    assert (done.receipt, done.rows) == (None, {})
    assert len(events(gate)) == before + 1  # of this very look


def test_each_receipt_is_of_what_went_since_the_one_before(gate: Gate, hands: Hands) -> None:
    hands.forward(HOUR)
    gate.purge(gate.whoami())
    keep_one_more(gate)
    hands.forward(HOUR)
    gate.purge(gate.whoami())
    first, second = gate.receipts(gate.whoami())
    assert {key.id for key in first.keys}.isdisjoint(key.id for key in second.keys)
    assert len(second.keys) == 1


def keep_one_more(gate: Gate) -> None:
    dies = UtcTime(gate._clock.now() + HOUR)
    with gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work:
        far = UtcTime(NOON + timedelta(days=900))
        deployment = keep_deployment(work, dies=far, name="another")
        keep_alert(work, deployment, dies=dies, subject="s2", evidence=b"\xff\xd8")


KILLED = """
import os, sys
from pathlib import Path
from overt.gate.gate import open_gate
from overt.records.key_folder import KeyFolder
from overt.units import Clock
at = float(sys.argv[2])

def cut(self, keys):
    os._exit(9)  # as a power cut: after the rows, before the files

KeyFolder.shred = cut
open_gate(Path(sys.argv[1]), Clock(wall=lambda: at, monotonic=lambda: 0.0))
"""


def test_a_purge_that_is_killed_in_the_middle_is_ended_and_receipted_by_the_next(
    tmp_path: Path, hands: Hands
) -> None:
    with open_gate(tmp_path / "home", hands.clock()) as opened:
        keep_one(opened)
    hands.forward(HOUR)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "home"), str(hands.at)]
    assert subprocess.run(command, check=False).returncode == 9
    folder = KeyFolder(tmp_path / "home" / "keys" / "data")
    assert len(folder.ids()) == 1  # deleted, and not yet destroyed
    with open_gate(tmp_path / "home", hands.clock()) as again:
        assert folder.ids() == frozenset()
        (receipt,) = again.receipts(again.whoami())
        assert len(receipt.keys) == 1
        assert events(again).count("key-destroyed") == 1


def test_a_date_that_was_put_off_in_the_database_is_an_alarm(gate: Gate, hands: Hands) -> None:
    with closing(sqlite3.connect(gate._records.home.database)) as raw, raw:
        raw.execute("UPDATE alerts SET delete_after = '2099-01-01T00:00:00.000Z'")
    hands.forward(HOUR)
    (alarm,) = gate.purge(gate.whoami()).alarms
    assert alarm.startswith("ALTERED OUTSIDE OVERT: alerts (")
    assert "was altered" in alarm


def test_a_clock_set_back_before_a_purge_is_an_alarm_and_time_goes_on_from_the_log(
    tmp_path: Path, hands: Hands
) -> None:
    with open_gate(tmp_path / "home", hands.clock()) as opened:
        keep_one(opened)
    hands.forward(-timedelta(days=300))
    with open_gate(tmp_path / "home", hands.clock()) as again:
        (alarm,) = again.purge(again.whoami()).alarms
        assert "BEHIND the last line of the log by 300 d" in alarm
