"""The database file declares what overt's migrations made, and nothing else.

A trigger that somebody planted would change rows within an act of overt, which then marks and signs
them; a view could stand where a table stood; a constraint that is gone lets in what no program of
ours reads. So every act first compares what the file declares with what the migrations make. Only a
file of SQLite: on PostgreSQL the application's account may make no trigger and change no table.
"""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from overt.records.declared import declared, words_of
from overt.records.guard import Alteration, AlteredRecords, How
from overt.records.marks import key_values, row_key
from overt.records.migrate import newest_revision
from overt.records.tables import METADATA

_SCHEMA: Final = "sqlite_schema"
_DECLARED: Final = "SELECT type, name, tbl_name, sql FROM main.sqlite_master"
_OF_A_KEY: Final = re.compile(r"sqlite_autoindex_(\w+)_\d+")
"""The index that SQLite makes for a key or a unique column; it has no words of its own."""


def planted(connection: Connection, revision: str | None = None) -> Iterator[Alteration]:
    """What overt did not declare so at this revision, and what it did and is gone."""
    if connection.dialect.name != "sqlite":
        return
    own = dict(declared(revision or newest_revision()))
    for kind, name, table, sql in connection.exec_driver_sql(_DECLARED).all():
        if sql is None and kind == "index" and _is_of_a_key(name, table):
            continue
        made = own.pop(str(name), None)
        if made is None:
            yield _told(name, How.ADDED)
        elif (kind, table, words_of(str(sql))) != (made.kind, made.table, made.words):
            yield _told(name, How.ALTERED)
    yield from (_told(name, How.MISSING) for name in own)


def _is_of_a_key(name: object, table: object) -> bool:
    found = _OF_A_KEY.fullmatch(str(name))
    return found is not None and found[1] == table


def require_own_schema(connection: Connection, revision: str | None = None) -> None:
    """Raise AlteredRecords where the file declares anything else, or something is gone."""
    if found := list(planted(connection, revision)):
        raise AlteredRecords(found)


def _told(name: object, how: How) -> Alteration:
    return Alteration(_SCHEMA, row_key([str(name)]), how)


def is_a_table(altered: Alteration) -> bool:
    """Whether a table of ours was altered or taken away: then its rows are not to be read."""
    (name,) = key_values(altered.key) if altered.key is not None else ("",)
    return altered.table == _SCHEMA and altered.how is not How.ADDED and name in METADATA.tables
