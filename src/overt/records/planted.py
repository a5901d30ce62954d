"""Nothing in the database file acts by itself but the triggers that overt made.

A trigger that somebody planted would change rows within an act of overt, which then marks and signs
them; a view could stand where a table stood. So every act first compares what the file declares,
beside tables and indexes, with what the migrations made. Only a file of SQLite: on PostgreSQL the
application's account may make no trigger.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from sqlalchemy import Connection

from overt.records.guard import Alteration, AlteredRecords, How
from overt.records.marks import row_key
from overt.records.migrate import newest_revision
from overt.records.migrations.append_only import SQLITE, SQLITE_LINKED, SQLITE_SEALED

_SCRIPTS: Final = {"0001": SQLITE, "0007": SQLITE_SEALED, "0011": SQLITE_LINKED}
"""By the migration that runs them."""
_ACTING: Final = """
SELECT name, sql FROM main.sqlite_master
WHERE sql NOT GLOB 'CREATE TABLE *' AND sql NOT GLOB 'CREATE INDEX *'
AND sql NOT GLOB 'CREATE UNIQUE INDEX *'
"""
"""By their words, as SQLite itself reads them: the column `type` could be written over."""
_CREATED: Final = re.compile(r"CREATE TRIGGER (\w+) ")
_DROPPED: Final = re.compile(r"DROP TRIGGER (\w+)")
_SCHEMA: Final = "sqlite_schema"


def planted(connection: Connection, revision: str | None = None) -> Iterator[Alteration]:
    """Triggers and views that overt did not make so at this revision, and those it made."""
    if connection.dialect.name != "sqlite":
        return
    own = dict(_own(revision or newest_revision()))
    for name, sql in connection.exec_driver_sql(_ACTING).all():
        made = own.pop(name, None)
        if made != _plain(sql):
            yield _told(name, How.ADDED if made is None else How.ALTERED)
    yield from (_told(name, How.MISSING) for name in own)


def require_own_triggers(connection: Connection, revision: str | None = None) -> None:
    """Raise AlteredRecords where something else would act, or something was taken away."""
    if found := list(planted(connection, revision)):
        raise AlteredRecords(found)


@cache
def _own(revision: str) -> tuple[tuple[str, str], ...]:
    made: dict[str, str] = {}
    for first, script in _SCRIPTS.items():
        for statement in script.strip().split("\n\n") if first <= revision else ():
            if dropped := _DROPPED.match(statement):
                del made[dropped[1]]
            elif created := _CREATED.match(statement):
                made[created[1]] = _plain(statement)
    return tuple(made.items())


def _plain(sql: object) -> str:
    return " ".join(str(sql).split())


def _told(name: object, how: How) -> Alteration:
    return Alteration(_SCHEMA, row_key([str(name)]), how)
