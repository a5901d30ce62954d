"""Lock 4: personal data say which line put them there and when they die; the log only grows."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Table

from overt.gate.gate import open_gate
from overt.policy.retention import ROWS, UNDATED
from overt.records import tables
from overt.records.columns import Holds
from overt.records.database import reader
from overt.records.home import Home
from overt.units import Clock

TABLES = tables.METADATA.tables
DATED = sorted(set(TABLES) - set(UNDATED))
NAMED = sorted(set(TABLES) - {name for name, h in tables.HOLDS.items() if h is Holds.LOG})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("home")
    with open_gate(folder, Clock()) as gate:
        gate.whoami()
    return Home(folder)


def test_every_table_says_what_it_holds() -> None:
    assert set(tables.HOLDS) == set(TABLES)


def _refers_to_the_log(table: Table) -> bool:
    column = table.columns["audit_id"]
    return not column.nullable and {key.target_fullname for key in column.foreign_keys} == {
        "audit.seq"
    }


@pytest.mark.requirement("R54")
@pytest.mark.parametrize("name", DATED)
def test_a_row_about_a_person_has_its_audit_line_and_its_date_of_deletion(name: str) -> None:
    assert _refers_to_the_log(TABLES[name])
    assert not TABLES[name].columns["delete_after"].nullable


@pytest.mark.requirement("R54")
def test_only_the_logs_own_tables_have_no_date_and_each_says_why() -> None:
    assert {tables.HOLDS[name] for name in UNDATED} == {Holds.LOG}
    assert all(UNDATED.values())


@pytest.mark.requirement("R54")
def test_every_row_with_a_date_lives_by_a_line_of_the_table_of_retention() -> None:
    assert set(ROWS) == {name for name, table in TABLES.items() if "delete_after" in table.columns}


def _names_its_profile(table: Table) -> bool:
    """In a column of its own, or in the row that it is a part of and goes with."""
    if "governed_by" in table.columns:
        return not table.columns["governed_by"].nullable
    wholes = [key.column.table for key in table.foreign_keys if key.ondelete == "CASCADE"]
    return any(_names_its_profile(whole) for whole in wholes)


@pytest.mark.parametrize("name", NAMED)
def test_every_record_names_the_profile_that_governed_it(name: str) -> None:
    assert _names_its_profile(TABLES[name]) != (name in tables.UNGOVERNED)


def test_the_migrations_make_exactly_the_schema(home: Home) -> None:
    engine = reader(home.database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, tables.METADATA) == []
    engine.dispose()


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit SET actor = 'somebody else' WHERE seq = 0",
        "DELETE FROM audit WHERE seq = 0",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 0",
        "INSERT INTO audit SELECT seq + 100, at, actor, event, line, leaf_hash, link FROM audit",
    ],
)
def test_the_log_rejects_whatever_is_not_an_append(home: Home, attack: str) -> None:
    raw = sqlite3.connect(home.database)
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(attack)
    finally:
        raw.close()
