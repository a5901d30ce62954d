"""Expiry leaves nothing past its date: no row, no key, no byte in the database's files."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.installed import installed_home
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment, keep_watchlist

from overt.gate.gate import Gate, open_gate
from overt.policy.access import Permission
from overt.records.schema import AuditRow, DataKeyRow
from overt.records.tables import HOLDS
from overt.records.work import Reading
from overt.units import Clock, UtcTime

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
FAR = UtcTime(NOON + timedelta(days=900))
CANARY = "canary-7f3a19"


class Wall:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at.timestamp()


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def gate(tmp_path: Path, wall: Wall) -> Iterator[Gate]:
    home = installed_home(tmp_path / "home", UtcTime(NOON))
    with open_gate(home, Clock(wall=wall, monotonic=lambda: 0.0)) as opened:
        yield opened


def _later(hours: float) -> UtcTime:
    return UtcTime(NOON + timedelta(hours=hours))


def _fill(gate: Gate, *, dies: UtcTime, subject: str = CANARY) -> bytes:
    """Keep an alert and a list; give the alert's wrapped key."""
    with gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work:
        deployment = keep_deployment(work, dies=FAR, name=f"d-{subject}")
        keep_alert(work, deployment, dies=dies, subject=subject, evidence=b"\xff\xd8")
        keep_watchlist(work, dies=dies, subject=subject, image=b"\xff\xd8")
        first = work.session.scalars(select(DataKeyRow.id)).first()
        assert first is not None
        wrapped = gate._records.keys.get(first)
        assert wrapped is not None
        return wrapped


def _past_their_date(gate: Gate, now: UtcTime) -> list[str]:
    with Reading(gate._records) as reading:
        return [
            name
            for name in HOLDS
            if "delete_after" in (table := AuditRow.metadata.tables[name]).columns
            and reading.session.execute(
                select(table).where(table.columns["delete_after"] <= now)
            ).first()
        ]


def _bytes_on_disk(home: Path) -> bytes:
    return b"".join(each.read_bytes() for each in home.rglob("*") if each.is_file())


@pytest.mark.requirement("R51")
def test_nothing_past_its_date_is_left(gate: Gate, wall: Wall) -> None:
    _fill(gate, dies=_later(1))
    wall.at = _later(2)
    gone = gate.expire(gate.whoami())
    assert _past_their_date(gate, _later(2)) == []
    assert gone.rows == {
        "alert_evidence": 1, "alerts": 1, "templates": 1, "watchlist_images": 1,
        "watchlist_entries": 1, "watchlists": 1,
    }  # fmt: skip


def test_what_is_not_yet_due_is_kept(gate: Gate, wall: Wall) -> None:
    _fill(gate, dies=_later(1), subject="due")
    _fill(gate, dies=_later(3), subject="not-due")
    wall.at = _later(2)
    assert gate.expire(gate.whoami()).keys == 2
    with Reading(gate._records) as reading:
        keys = reading.session.scalars(select(DataKeyRow)).all()
    assert gate._records.keys.ids() == {key.id for key in keys if key.destroyed_at is None}
    assert sorted(key.destroyed_at is None for key in keys) == [False, False, True, True]


@pytest.mark.requirement("R51")
def test_no_byte_of_it_is_left_in_any_file(gate: Gate, wall: Wall, tmp_path: Path) -> None:
    wrapped = _fill(gate, dies=_later(1))
    before = _bytes_on_disk(tmp_path / "home")
    assert CANARY.encode() in before
    assert wrapped in before
    wall.at = _later(2)
    assert gate.expire(gate.whoami()).scrubbed
    after = _bytes_on_disk(tmp_path / "home")
    assert CANARY.encode() not in after.replace(f"d-{CANARY}".encode(), b"")
    assert wrapped not in after


@pytest.mark.requirement("R55")
def test_each_key_that_dies_has_its_line(gate: Gate, wall: Wall) -> None:
    _fill(gate, dies=_later(1))
    wall.at = _later(2)
    actor = gate.whoami()
    gate.expire(actor)
    events = [line.event for line in gate.audit_lines(actor, last=5)]
    assert events == ["expired", "key-destroyed", "key-destroyed", "destroyed", "audit-read"]


def test_nothing_due_leaves_no_line(gate: Gate) -> None:
    actor = gate.whoami()
    _fill(gate, dies=_later(1))
    before = len(gate.audit_lines(actor))
    assert gate.expire(actor).rows == {}
    assert len(gate.audit_lines(actor)) == before + 1


@pytest.mark.requirement("R52")
def test_opening_deletes_what_is_due_before_anybody_can_see_it(tmp_path: Path) -> None:
    early = Clock(wall=NOON.timestamp, monotonic=lambda: 0.0)
    with open_gate(tmp_path / "home", early) as gate:
        _fill(gate, dies=_later(1))
    late = Clock(wall=_later(2).timestamp, monotonic=lambda: 0.0)
    with open_gate(tmp_path / "home", late) as gate:
        assert _past_their_date(gate, _later(2)) == []


def test_a_clock_set_back_does_not_bring_a_date_further_off(tmp_path: Path) -> None:
    with open_gate(tmp_path / "home", Clock(wall=NOON.timestamp)) as gate:
        _fill(gate, dies=_later(1))
    with open_gate(tmp_path / "home", Clock(wall=_later(0.9).timestamp)) as gate:
        gate.audit_lines(gate.whoami())
    elapsed = [0.0]
    set_back = Clock(wall=_later(-48).timestamp, monotonic=lambda: elapsed[0])
    with open_gate(tmp_path / "home", set_back) as gate:
        elapsed[0] += 3600
        gate.expire(gate.whoami())
        assert _past_their_date(gate, _later(1)) == []
