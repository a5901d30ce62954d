"""What stood in SQLite's journal is written over before its blocks are given back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from overt.records.database import writer
from overt.records.journal import empty_journal, journal_of, write_over

WORD = b"a name that stood open "
ROWS = 400
pytestmark = pytest.mark.requirement("R52")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    from overt.gate.gate import open_gate
    from overt.units import Clock

    with open_gate(tmp_path / "home", Clock()) as gate:
        gate.whoami()
    opened = writer(tmp_path / "home" / "overt.db")
    yield opened
    opened.dispose()


def fill(engine: Engine, table: str = "named") -> None:
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {table} (word BLOB)"))
        for _ in range(ROWS):
            connection.execute(text(f"INSERT INTO {table} VALUES (:word)"), {"word": WORD * 50})


def delete_all(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM named"))


def test_every_byte_of_the_journal_is_written_over(engine: Engine) -> None:
    fill(engine)
    delete_all(engine)
    journal = journal_of(engine)
    before = journal.stat().st_size
    assert journal.read_bytes().count(WORD) > ROWS
    with closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(RESTART)")
        write_over(raw.cursor(), journal)
        assert WORD not in journal.read_bytes()
        assert journal.stat().st_size >= before
        assert raw.cursor().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert empty_journal(engine)
    assert journal.stat().st_size == 0


def test_it_takes_nothing_that_was_committed_and_grows_nothing(engine: Engine) -> None:
    fill(engine)
    database = journal_of(engine).with_name("overt.db")
    assert empty_journal(engine)
    before = database.stat().st_size
    fill(engine, "more")
    assert empty_journal(engine)
    with engine.begin() as connection:
        for table in ("named", "more"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == ROWS
        assert (
            connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name='written_over'"))
            == 0
        )
    assert database.stat().st_size < before * 3


def test_with_a_reader_in_the_middle_it_says_so_and_harms_nothing(engine: Engine) -> None:
    fill(engine)
    database = journal_of(engine).with_name("overt.db")
    with closing(sqlite3.connect(database)) as reading:
        reading.execute("BEGIN")
        assert reading.execute("SELECT count(*) FROM named").fetchone() == (ROWS,)
        delete_all(engine)
        with closing(engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA busy_timeout = 50")
        assert not empty_journal(engine)
        assert reading.execute("SELECT count(*) FROM named").fetchone() == (ROWS,)
        reading.rollback()
    assert empty_journal(engine)
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM named")) == 0
