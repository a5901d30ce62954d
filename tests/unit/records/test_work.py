"""An act is done wholly, with its line, by one actor at a time; or it is not done."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from tests.fakes.lists_and_alerts import an_account

from overt.audit.events import AuditEvent
from overt.audit.export import exported
from overt.audit.line import read_line
from overt.audit.verify import verify
from overt.errors import Fault, Refused
from overt.identifiers import ActorId
from overt.records.home import Home
from overt.records.log import leaves, read_state
from overt.records.records import Records, open_records
from overt.records.schema import ActorRow, AuditRow, DataKeyRow
from overt.records.vault import KeyKind, Place
from overt.records.work import LONGEST_FACT, Reading, UnitOfWork
from overt.units import Clock

ALICE = ActorId("alice")
_GRANTED = AuditEvent.ROLE_GRANTED
HERE = Place("alerts", "a1", "probe")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = open_records(Home(tmp_path / "home"), Clock())
    yield opened
    opened.close()


def _last_line(records: Records) -> bytes:
    with Reading(records) as reading:
        return (
            reading.session.scalars(select(AuditRow.line).order_by(AuditRow.seq.desc())).first()
            or b""
        )


def _verifies(records: Records) -> int:
    with Reading(records) as reading:
        connection = reading.session.connection()
        state = read_state(connection, records.signer.verifier)
        return verify(exported(leaves(connection), state.checkpoint), records.signer.verifier).lines


def test_an_act_and_its_line_are_kept_together(records: Records) -> None:
    with UnitOfWork(records, ALICE) as work:
        line = work.audit(AuditEvent.ROLE_GRANTED, account="bob")
        work.keep(an_account(work, ActorId("bob"), line))
    with Reading(records) as reading:
        kept = reading.session.get_one(ActorRow, "bob")
    told = read_line(_last_line(records))
    assert (told.seq, told.actor, told.event) == (kept.audit_id, "alice", "role-granted")
    assert (told.detail, told.at) == ({"account": "bob"}, kept.added_at)


def test_an_act_may_leave_several_lines(records: Records) -> None:
    with UnitOfWork(records, ALICE) as work:
        assert [work.audit(AuditEvent.KEYS_READ) for _ in range(3)] == [1, 2, 3]
    assert _verifies(records) == 4


def test_a_fact_without_bytes_or_end_is_told_as_far_as_it_can_be(records: Records) -> None:
    with UnitOfWork(records, ALICE) as work:
        work.audit(AuditEvent.REFUSED, file="caf\udce9.csv", reason="x" * 5000)
    told = read_line(_last_line(records)).detail
    assert told == {"file": "caf?.csv", "reason": "x" * LONGEST_FACT}


def test_a_row_that_breaks_the_schema_is_the_programs_mistake(records: Records) -> None:
    with pytest.raises(IntegrityError), UnitOfWork(records, ALICE) as work:
        work.keep(an_account(work, ALICE, work.audit(_GRANTED) + 1))
    assert _verifies(records) == 1


# --- data keys


def _new_key(records: Records) -> tuple[DataKeyRow, bytes]:
    with UnitOfWork(records, ALICE) as work:
        line = work.audit(AuditEvent.ALERT_RAISED)
        key = work.new_data_key(KeyKind.ALERT, line)
        return work.session.get_one(DataKeyRow, key.id), key.seal(b"a face", HERE)


def test_a_data_key_opens_in_a_later_act(records: Records) -> None:
    key, sealed = _new_key(records)
    with UnitOfWork(records, ALICE) as work:
        work.audit(AuditEvent.ALERT_READ, justification="a test")
        assert work.data_key(key.id).unseal(sealed, HERE) == b"a face"


def test_a_destroyed_data_key_opens_nothing_and_its_bytes_are_gone(records: Records) -> None:
    key, _ = _new_key(records)
    with UnitOfWork(records, ALICE) as work:
        work.destroy_data_key(key.id)
    assert b'"event":"key-destroyed"' in _last_line(records)
    with pytest.raises(Refused, match="was destroyed"), UnitOfWork(records, ALICE) as work:
        work.data_key(key.id)


# --- several at once


def _write_many(home: Path, who: str, acts: int) -> None:
    records = open_records(Home(home), Clock())
    for number in range(acts):
        with UnitOfWork(records, ActorId(who)) as work:
            line = work.audit(AuditEvent.ROLE_GRANTED, number=number)
            seen = work.session.scalar(select(func.count()).select_from(ActorRow))
            work.keep(an_account(work, ActorId(f"{who}-{seen}"), line))
    records.close()


def test_four_processes_write_at_once_and_no_act_is_lost_or_mixed(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    home = tmp_path / "home"  # they also race to make it
    writers = [spawn.Process(target=_write_many, args=(home, f"writer{n}", 40)) for n in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(120)
    assert [each.exitcode for each in writers] == [0, 0, 0, 0]
    records = open_records(Home(home), Clock())
    with Reading(records) as reading:
        names = reading.session.scalars(select(ActorRow.id)).all()
    assert _verifies(records) == 1 + 160
    # Each read how many there were and wrote the next: nobody came between.
    assert sorted(int(name.rpartition("-")[2]) for name in names) == list(range(160))
    records.close()


def test_a_writer_that_waits_too_long_is_a_fault(records: Records) -> None:
    def impatient(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA busy_timeout = 50")

    records.writer.dispose()
    event.listen(records.writer, "connect", impatient)
    with closing(sqlite3.connect(records.home.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Fault, match="cannot be written: database is locked"):
            UnitOfWork(records, ALICE).__enter__()


# --- a disk that fails


def test_a_full_database_is_a_fault_and_leaves_the_act_undone(records: Records) -> None:
    def small(raw: sqlite3.Connection, _record: object) -> None:
        raw.execute("PRAGMA max_page_count = 80")

    records.writer.dispose()
    event.listen(records.writer, "connect", small)
    done: list[int] = []
    with pytest.raises(Fault, match="the records cannot be written: database or disk is full"):
        _note_until_it_fails(records, done)
    assert _verifies(records) == 1 + len(done)


def _note_until_it_fails(records: Records, done: list[int]) -> None:
    while len(done) < 10_000:
        with UnitOfWork(records, ALICE) as work:
            line = work.audit(AuditEvent.REFUSED, reason="x" * 500)
        done.append(line)
