"""The database's connections: SQLite that loses nothing that was committed, or PostgreSQL.

Write-ahead log, synchronised at every commit; deleted content overwritten; nothing temporary on
disk. A writer takes the write lock when it begins, so that what it reads stays true until it
commits; readers cannot write.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from overt.errors import Fault, Refused
from overt.records.postgres import MIGRATE, READ, WRITE, Postgres
from overt.records.triggers import SQLITE_TRIGGERS

BUSY_SECONDS: Final = 20
"""How long a writer waits for the others."""

_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # the pages of a deleted row are overwritten, not only freed
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)


_WRITE: Final = ("BEGIN IMMEDIATE",)


Place = Path | Postgres
"""Where the records lie: a file of OVERT_HOME, or a database of PostgreSQL."""


def writer(place: Place) -> Engine:
    if isinstance(place, Postgres):
        return _postgres(place.application, begin=WRITE)
    return _engine(place, begin=_WRITE, on_connect=(*_PRAGMAS, *SQLITE_TRIGGERS))


def reader(place: Place) -> Engine:
    if isinstance(place, Postgres):
        return _postgres(place.application, begin=READ)
    return _engine(place, begin=("BEGIN",), on_connect=(*_PRAGMAS, "PRAGMA query_only = ON"))


def migrating_writer(place: Place) -> Engine:
    """Open for migrations: SQLite rebuilds a table by dropping it, which must not cascade.

    On PostgreSQL the owner migrates; without one, a look shows whether there is anything to do.
    """
    if isinstance(place, Postgres):
        return _postgres(place.owner or place.application, begin=MIGRATE)
    return _engine(place, begin=_WRITE, on_connect=(*_PRAGMAS, "PRAGMA foreign_keys = OFF"))


def broken_references(connection: Connection) -> bool:
    if connection.dialect.name != "sqlite":
        return False  # PostgreSQL never lets them in
    return connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None


def _engine(path: Path, *, begin: tuple[str, ...], on_connect: tuple[str, ...]) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)))

    def connected(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # SQLAlchemy begins and commits; the driver must not
        for statement in on_connect:
            raw.execute(statement)

    def begun(connection: Connection) -> None:
        for statement in begin:
            connection.exec_driver_sql(statement)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _postgres(url: URL, *, begin: tuple[str, ...]) -> Engine:
    try:
        engine = create_engine(url, connect_args={"connect_timeout": BUSY_SECONDS})
    except ModuleNotFoundError:
        raise Refused(
            "the records are on PostgreSQL and its driver is not installed: "
            "pip install 'overt[postgres]'"
        ) from None

    def begun(connection: Connection) -> None:
        for statement in begin:
            connection.exec_driver_sql(statement)

    event.listen(engine, "begin", begun)
    return engine


def as_fault(error: DBAPIError | sqlite3.Error) -> Fault | None:
    """Tell what the machine could not do; None where the program broke a rule of the schema."""
    if isinstance(error, IntegrityError | sqlite3.IntegrityError):
        return None
    reason = error.orig if isinstance(error, DBAPIError) else error
    if "malformed" in str(reason) or "not a database" in str(reason):
        return Fault(f"the records cannot be read: {reason}; restore a backup (overt restore)")
    return Fault(f"the records cannot be written: {reason}")
