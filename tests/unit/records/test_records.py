"""Records open, or say what is wrong with them: their keys, their log, their schema, their disk."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.errors import Fault, Refused
from overt.gate.gate import open_gate
from overt.identifiers import ActorId
from overt.records.home import Home
from overt.records.records import open_records
from overt.records.schema import AuditRow
from overt.records.vault import MasterKey
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock, UtcTime

NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    with open_gate(tmp_path / "home", Clock()) as gate:
        gate.whoami()
    return Home(tmp_path / "home")


def _open(home: Home) -> None:
    open_records(home, Clock()).close()


def _alter(home: Home, *statements: str) -> None:
    with closing(sqlite3.connect(home.database)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def test_records_open_again_as_they_were(home: Home) -> None:
    records = open_records(home, Clock())
    with Reading(records) as reading:
        events = reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)).all()
    records.close()
    assert events == ["installed", "bootstrapped"]


def test_records_closed_twice_are_closed(home: Home) -> None:
    records = open_records(home, Clock())
    records.close()
    records.close()
    _open(home)


# --- keys


def test_a_lost_master_key_is_refused_with_its_name_and_the_remedy(home: Home) -> None:
    home.master_key.unlink()
    with pytest.raises(Refused, match=r"keys/master\.key: it is lost; put the key [0-9a-f]{16}"):
        _open(home)
    assert not home.master_key.exists()


def test_a_swapped_master_key_is_refused(home: Home) -> None:
    home.master_key.write_text(MasterKey.new().text())
    with pytest.raises(Refused, match="another installation's: put the key"):
        _open(home)


def test_a_damaged_master_key_is_refused(home: Home) -> None:
    home.master_key.write_bytes(b"\xff" + home.master_key.read_bytes())
    with pytest.raises(Refused, match="it was damaged; put the key"):
        _open(home)


def test_a_lost_log_key_is_refused(home: Home) -> None:
    home.log_key.unlink()
    with pytest.raises(Refused, match=r"log\.key: it is lost; put back"):
        _open(home)


def test_a_swapped_log_key_is_refused(home: Home, tmp_path: Path) -> None:
    with open_gate(tmp_path / "other", Clock()):
        pass
    shutil.copy(tmp_path / "other" / "keys" / "log.key", home.log_key)
    with pytest.raises(Refused, match="not the one that signed this log"):
        _open(home)


def test_keys_without_their_records_do_not_begin_a_second_log(home: Home) -> None:
    home.database.unlink()
    with pytest.raises(Refused, match="keys of records that are gone"):
        _open(home)


def test_emptied_records_do_not_begin_a_second_log(home: Home) -> None:
    for file in (home.database, home.path / "overt.db-wal"):
        if file.exists():
            file.write_bytes(b"")
    with pytest.raises(Refused, match="keys of records that are gone"):
        _open(home)


def test_the_master_key_is_nowhere_in_the_database(home: Home) -> None:
    secret = home.master_key.read_text().split()[2].encode()
    assert secret not in home.database.read_bytes()


def test_an_interrupted_first_opening_is_taken_up(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    home.make_database_file()
    _open(home)
    _open(home)


# --- what was altered outside


BREACHES: dict[str, tuple[str, ...]] = {
    "a line added": (
        "INSERT INTO audit SELECT 2, at, actor, event, line, leaf_hash, link FROM audit WHERE seq = 1",
    ),
    "a line cut off": ("DROP TRIGGER audit_refuses_delete", "DELETE FROM audit WHERE seq = 1"),
    "a shorter tree": ("UPDATE tree_state SET size = 1",),
    "another tree": ("UPDATE tree_state SET edges = zeroblob(32)",),
    "no tree": ("DELETE FROM tree_state",),
    "no checkpoint": ("UPDATE tree_state SET checkpoint = ''",),
    "half an edge": ("UPDATE tree_state SET edges = zeroblob(31)",),
}


@pytest.mark.requirement("R57")
@pytest.mark.parametrize("name", BREACHES)
def test_a_log_altered_without_its_key_does_not_open(home: Home, name: str) -> None:
    before = "PRAGMA foreign_keys = OFF"
    _alter(home, before, *BREACHES[name])
    with pytest.raises(Fault, match="altered outside overt"):
        _open(home)


def _noise(home: Home) -> None:
    home.database.write_bytes(b"no database" * 1000)


def _torn(home: Home) -> None:
    whole = home.database.read_bytes()
    home.database.write_bytes(whole[:4096] + bytes(len(whole) - 4096))


@pytest.mark.parametrize("damage", [_noise, _torn])
def test_a_broken_database_is_a_fault_with_the_remedy(
    home: Home, damage: Callable[[Home], None]
) -> None:
    damage(home)
    with pytest.raises(Fault, match=r"restore a backup|cannot be read|altered"):
        _open(home)


# --- schema


def test_records_of_a_newer_program_are_refused(home: Home) -> None:
    _alter(home, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused, match="schema 9999; this overt knows it up to"):
        _open(home)


# --- time


def test_a_clock_set_back_does_not_set_the_records_back(home: Home) -> None:
    late = Clock(wall=(NOON + timedelta(days=400)).timestamp, monotonic=lambda: 0.0)
    records = open_records(home, late)
    with UnitOfWork(records, ActorId("a")) as work:
        work.audit(AuditEvent.AUDIT_READ, justification="a test")
        then = work.now
    records.close()
    early = Clock(wall=(NOON - timedelta(days=4000)).timestamp, monotonic=lambda: 0.0)
    records = open_records(home, early)
    with UnitOfWork(records, ActorId("a")) as work:
        work.audit(AuditEvent.AUDIT_READ, justification="a test")
        assert work.now == then
    records.close()
    assert early.now() >= then


def test_one_process_learns_of_the_time_that_another_has_seen(home: Home) -> None:
    early = Clock(wall=NOON.timestamp, monotonic=lambda: 0.0)
    records = open_records(home, early)
    other = open_records(home, Clock(wall=(NOON + timedelta(days=400)).timestamp))
    with UnitOfWork(other, ActorId("a")) as work:
        work.audit(AuditEvent.AUDIT_READ, justification="a test")
        then = work.now
    with UnitOfWork(records, ActorId("a")) as work:
        work.audit(AuditEvent.AUDIT_READ, justification="a test")
        assert work.now >= then
    assert early.now() >= then
    records.close()
    other.close()
