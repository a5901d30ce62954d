"""An insider with the database file and no key: edits the log in place, and puts it back after."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def without_triggers(database: Path) -> Iterator[sqlite3.Connection]:
    """Edit as if no trigger were there; afterwards they are as overt made them."""
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("BEGIN")  # an edit that fails leaves everything as it was
        made = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in made:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, sql in made:
            raw.execute(sql)
        raw.commit()


@contextmanager
def meddled(home: Path, *statements: str) -> Iterator[None]:
    """Edit the log; afterwards every line that was there stands as it stood."""
    with without_triggers(home / "overt.db") as raw:
        before = raw.execute("SELECT * FROM audit").fetchall()
        for statement in statements:
            assert raw.execute(statement).rowcount > 0, statement
        put_in = {seq for (seq,) in raw.execute("SELECT seq FROM audit")} - {r[0] for r in before}
    try:
        yield
    finally:
        _put_back(home, before, put_in)


def _put_back(home: Path, before: list[tuple[object, ...]], put_in: set[int]) -> None:
    with without_triggers(home / "overt.db") as raw:
        raw.executemany("DELETE FROM audit WHERE seq = ?", [(seq,) for seq in put_in])
        places = ", ".join("?" * len(before[0]))
        raw.executemany(f"INSERT OR REPLACE INTO audit VALUES ({places})", before)
