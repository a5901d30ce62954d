"""SQLite's write-ahead log, emptied so that nothing it held stays on the disk.

A file that is truncated or removed gives its blocks back as they are, and whoever reads the disk
finds in them what stood open beside the seals: ids, times, whom a list named. So before the journal
is emptied, and before its last connection closes, which removes it, it is written over. SQLite does
that itself, under its own locks: a transaction larger than the journal is spilled into it from the
beginning and rolled back. A kill at any instant leaves a journal that is recovered as any other.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from overt.errors import Fault
from overt.records.database import as_fault

SMALL_CACHE: Final = 8
"""Pages: what does not fit is written to the journal before the transaction ends."""
PRIMARY: Final = 0xFF
"""Of an error's number; the rest says more closely which."""
MARGIN: Final = 16 * 4096
"""The last pages stay in the cache; the journal's own end must not."""


def empty_journal(engine: Engine, *, wait: bool = True) -> bool:
    """Write the journal back, over, and empty it; False where a reader holds it open."""
    if engine.dialect.name != "sqlite":
        return True  # PostgreSQL's own log is the administrator's (docs/caveats.md)
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if not wait:
            cursor.execute("PRAGMA busy_timeout = 0")
        return _emptied(cursor, journal_of(engine))
    except sqlite3.Error as error:
        raise as_fault(error) or error from error
    finally:
        raw.close()


def leave_no_journal(engine: Engine) -> None:
    """Before the engine is disposed of. A disk that cannot be written now keeps what it has."""
    with suppress(Fault, sqlite3.Error, OSError):
        empty_journal(engine, wait=False)  # whoever reads past overt holds nobody up


def journal_of(engine: Engine) -> Path:
    return Path(f"{engine.url.database}-wal")


def _emptied(cursor: Any, journal: Path) -> bool:
    if _busy(cursor, "RESTART"):
        return False
    try:
        write_over(cursor, journal)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY}:
            raise
        return False
    return not _busy(cursor, "TRUNCATE")


def write_over(cursor: Any, journal: Path) -> None:
    """Put empty pages where the journal has what was written back already."""
    size = journal.stat().st_size if journal.exists() else 0
    if not size:
        return
    (usual,) = cursor.execute("PRAGMA cache_size").fetchone()
    cursor.execute(f"PRAGMA cache_size = {SMALL_CACHE}")
    try:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            cursor.execute("CREATE TABLE main.written_over (zeros BLOB)")
            cursor.execute("INSERT INTO main.written_over VALUES (zeroblob(?))", (size + MARGIN,))
        finally:
            cursor.execute("ROLLBACK")
    finally:
        cursor.execute(f"PRAGMA cache_size = {usual}")
    _sync(journal)  # else its blocks could be given back before they are written


def _sync(journal: Path) -> None:
    handle = os.open(journal, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _busy(cursor: Any, how: str) -> bool:
    (busy, _, _) = cursor.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
    return bool(busy)
