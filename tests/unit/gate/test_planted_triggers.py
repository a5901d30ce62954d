"""What somebody plants in the database file gets nothing marked or signed by an act of overt."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.meddling import without_triggers
from tests.fakes.planted_alerts import PlantedRecords, an_alert, planted_records

from overt.errors import Fault
from overt.gate.expiry import delete_due, keys_in_doubt
from overt.gate.gate import open_gate
from overt.gate.records_check import check_records
from overt.identifiers import AlertId
from overt.records.guard import AlteredRecords
from overt.records.work import UnitOfWork

pytestmark = [pytest.mark.requirement("R55"), pytest.mark.requirement("R57")]

ROWS = """CREATE TRIGGER planted AFTER INSERT ON audit
BEGIN UPDATE alerts SET state = 'judged_possible', subject_id = 'S2'; END"""
DATE = """CREATE TRIGGER planted AFTER INSERT ON alerts
BEGIN UPDATE alerts SET delete_after = '2099-01-01T00:00:00.000Z' WHERE id = NEW.id; END"""
KEEP = "CREATE TRIGGER planted BEFORE DELETE ON alerts BEGIN SELECT RAISE(IGNORE); END"
VIEW = "CREATE VIEW planted AS SELECT * FROM alerts"
WEAKER = """CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
WHEN OLD.seq < 0 BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"""
DROP = "DROP TRIGGER audit_refuses_delete"
COLUMN = "ALTER TABLE alerts ADD COLUMN spare TEXT"
TABLE = "CREATE TABLE spare (sealed BLOB)"
INDEX = "CREATE UNIQUE INDEX spare ON alerts (state)"
NULLS = """UPDATE sqlite_master SET sql = replace(sql, 'state VARCHAR(40) NOT NULL', 'state VARCHAR(40)')
WHERE name = 'alerts'"""
WAYS = {
    "rows": ([ROWS], "planted) was put in"),
    "date": ([DATE], "planted) was put in"),
    "kept": ([KEEP], "planted) was put in"),
    "view": ([VIEW], "planted) was put in"),
    "dropped": ([DROP], "audit_refuses_delete) was taken away"),
    "weaker": ([DROP, WEAKER], "audit_refuses_delete) was altered"),
    "column": ([COLUMN], "alerts) was altered"),
    "table": ([TABLE], "spare) was put in"),
    "index": ([INDEX], "spare) was put in"),
    "nulls": (["PRAGMA writable_schema = ON", NULLS], "alerts) was altered"),
}


@pytest.fixture
def planted(tmp_path: Path) -> PlantedRecords:
    records = planted_records(tmp_path / "home")
    records.plant(an_alert(1))
    return records


def run(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        assert raw.total_changes or not any("UPDATE sqlite_master" in each for each in statements)


def rows_of(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        rows = raw.execute("SELECT id, state, subject_id, delete_after FROM alerts").fetchall()
        return [*rows, *raw.execute("SELECT max(seq) FROM audit").fetchall()]


def expire_while_rows_are_kept(planted: PlantedRecords) -> None:
    with UnitOfWork(planted.gate._records, planted.gate.whoami().id) as work:
        doubt = keys_in_doubt(work)
        work.session.connection().exec_driver_sql(KEEP)
        delete_due(work, doubt)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_done_while_the_file_would_act_by_itself(
    planted: PlantedRecords, tmp_path: Path, way: str
) -> None:
    home, gate = tmp_path / "home", planted.gate
    actor, before = gate.whoami(), rows_of(home)
    statements, told = WAYS[way]
    run(home, *statements)
    with pytest.raises(AlteredRecords) as refused:
        gate.alert(actor, AlertId("a-1"))
    assert told in str(refused.value)
    with pytest.raises(AlteredRecords):
        planted.plant(an_alert(2))
    planted.hands.at += 3 * 86400
    with pytest.raises(AlteredRecords):
        gate.purge(actor)
    assert any(told in each for each in check_records(home, planted.hands.clock()).altered)
    assert rows_of(home) == before


def test_an_act_goes_on_once_what_was_planted_is_gone(
    planted: PlantedRecords, tmp_path: Path
) -> None:
    run(tmp_path / "home", ROWS)
    with pytest.raises(AlteredRecords):
        planted.gate.whoami()
    run(tmp_path / "home", "DROP TRIGGER planted")
    with without_triggers(tmp_path / "home" / "overt.db"):
        pass  # dropped and made again with the same words
    planted.gate.whoami()
    assert check_records(tmp_path / "home", planted.hands.clock()).altered == ()


def test_a_row_that_outlives_its_deletion_is_told_as_that(planted: PlantedRecords) -> None:
    planted.hands.at += timedelta(days=3).total_seconds()
    with pytest.raises(Fault, match="stay although they were deleted"):
        expire_while_rows_are_kept(planted)
    with open_gate(planted.gate._records.home.path, planted.hands.clock()) as gate:
        assert gate.purge(gate.whoami()).rows["alerts"] == 1
