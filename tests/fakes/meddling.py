"""An insider with the database file and no key: edits the log in place, and puts it back after."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

TRIGGERS = ("audit_refuses_update", "audit_refuses_delete", "audit_appends_only")


@contextmanager
def meddled(home: Path, *statements: str) -> Iterator[None]:
    """Edit the log; afterwards every line that was there stands as it stood."""
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        for trigger in TRIGGERS:
            raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        before = raw.execute("SELECT * FROM audit").fetchall()
        for statement in statements:
            assert raw.execute(statement).rowcount > 0, statement
        put_in = {seq for (seq,) in raw.execute("SELECT seq FROM audit")} - {r[0] for r in before}
        raw.commit()
    try:
        yield
    finally:
        _put_back(home, before, put_in)


def _put_back(home: Path, before: list[tuple[object, ...]], put_in: set[int]) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        raw.executemany("DELETE FROM audit WHERE seq = ?", [(seq,) for seq in put_in])
        places = ", ".join("?" * len(before[0]))
        raw.executemany(f"INSERT OR REPLACE INTO audit VALUES ({places})", before)
        raw.commit()
