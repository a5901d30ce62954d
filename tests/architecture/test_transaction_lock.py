"""Lock 3: an act that leaves no line in the log is not done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from tests.fakes.lists_and_alerts import an_account

from overt.audit.events import AuditEvent
from overt.errors import Fault, Refused
from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId
from overt.policy.access import Permission
from overt.records.schema import ActorRow, AuditRow
from overt.records.work import Reading, Unaudited, UnitOfWork
from overt.units import Clock

SOMEBODY = ActorId("somebody")


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with open_gate(tmp_path / "home", Clock()) as opened:
        yield opened


def _events(gate: Gate) -> list[str]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


def _actors(gate: Gate) -> list[str]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(ActorRow.id)))


def test_an_act_without_a_line_does_not_commit(gate: Gate) -> None:
    with pytest.raises(Unaudited), UnitOfWork(gate._records, SOMEBODY) as work:
        work.keep(an_account(work, SOMEBODY, 0))
    assert _actors(gate) == []


def test_reading_without_a_line_is_not_done_either(gate: Gate) -> None:
    with pytest.raises(Unaudited), UnitOfWork(gate._records, SOMEBODY) as work:
        work.session.scalars(select(ActorRow)).all()


def _fail_half_way(work: UnitOfWork, failure: Exception) -> None:
    line = work.audit(AuditEvent.KEY_MADE)
    work.keep(an_account(work, SOMEBODY, line))
    raise failure


def test_a_failed_act_leaves_neither_its_rows_nor_its_line(gate: Gate) -> None:
    with pytest.raises(ZeroDivisionError), UnitOfWork(gate._records, SOMEBODY) as work:
        _fail_half_way(work, ZeroDivisionError())
    assert _actors(gate) == []
    assert _events(gate) == ["installed"]


def test_a_refusal_within_an_act_rolls_it_back_and_keeps_a_line_of_its_own(gate: Gate) -> None:
    actor = gate.whoami()
    with pytest.raises(Refused), gate._as(actor, Permission.KEY_MANAGE) as work:
        _fail_half_way(work, Refused("not this one"))
    assert SOMEBODY not in _actors(gate)
    assert _events(gate) == ["installed", "bootstrapped", "refused"]


def test_a_look_cannot_write(gate: Gate) -> None:
    with pytest.raises(Fault, match="readonly"), Reading(gate._records) as reading:
        reading.session.execute(insert(ActorRow).values(id=SOMEBODY, added_at=reading.now))
