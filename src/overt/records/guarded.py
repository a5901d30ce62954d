"""Which rows are guarded, how they are read as the database holds them, and which have changed.

Every table but the log's own is guarded. While overt has the records open for writing, triggers
note the key of each row that is put down, changed or deleted, by whatever statement or cascade;
so no act can change a row without its mark, and through it the log, following.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnClause, ColumnElement, Connection, Select, inspect, select, tuple_
from sqlalchemy import column as bare_column
from sqlalchemy import table as bare_table

from overt.records.marks import RowKey, key_values, row_key
from overt.records.tables import HOLDS, METADATA

UNGUARDED: Final = frozenset({"audit", "tree_state", "row_marks"})
"""The log guards itself, and the marks guard the rest."""
AT_ONCE: Final = 200
"""Rows read together: each may hold an image."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the database has it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def rows(self, connection: Connection) -> Iterator[tuple[RowKey, dict[str, Any]]]:
        """Every row, its values as the driver gives them: no type may fail on a strange one."""
        yield from self._read(connection, self._select())

    def rows_of(
        self, connection: Connection, keys: Iterable[RowKey]
    ) -> Iterator[tuple[RowKey, dict[str, Any]]]:
        for some in batches(keys):
            yield from self._read(connection, self._select().where(self._among(some)))

    def _select(self) -> Select[Any]:
        columns: list[ColumnClause[Any]] = [bare_column(name) for name in self.columns]
        return select(*columns).select_from(bare_table(self.name, *columns))

    def _among(self, keys: Sequence[RowKey]) -> ColumnElement[bool]:
        values = [key_values(key) for key in keys]
        if len(self.key) == 1:
            return bare_column(self.key[0]).in_([value[0] for value in values])
        return tuple_(*(bare_column(name) for name in self.key)).in_(map(tuple, values))

    def _read(
        self, connection: Connection, chosen: Select[Any]
    ) -> Iterator[tuple[RowKey, dict[str, Any]]]:
        for row in connection.execute(chosen.execution_options(yield_per=AT_ONCE)).mappings():
            yield row_key(row[name] for name in self.key), dict(row)


def _shapes() -> dict[str, Shape]:
    tables = METADATA.sorted_tables
    return {
        table.name: Shape(
            table.name,
            tuple(column.name for column in table.primary_key),
            tuple(column.name for column in table.columns),
        )
        for table in tables
        if table.name in HOLDS and table.name not in UNGUARDED
    }


GUARDED: Final = _shapes()
"""By name, what is referred to before what refers to it."""


def shapes_before(connection: Connection) -> dict[str, Shape]:
    """The guarded tables as an older program left them."""
    about = inspect(connection)
    return {
        name: Shape(
            name,
            tuple(about.get_pk_constraint(name)["constrained_columns"]),
            tuple(column["name"] for column in about.get_columns(name)),
        )
        for name in about.get_table_names()
        if name in HOLDS and name not in UNGUARDED
    }


def batches(items: Iterable[Item], size: int = AT_ONCE) -> Iterator[list[Item]]:
    each = iter(items)
    while some := list(islice(each, size)):
        yield some


def changed_rows(connection: Connection) -> dict[str, list[RowKey]]:
    """Read and forget which rows have changed in this act, by table."""
    found: dict[str, list[RowKey]] = {}
    for name, key in connection.exec_driver_sql("SELECT name, key FROM changed_rows"):
        found.setdefault(name, []).append(row_key(key_values(RowKey(key))))
    connection.exec_driver_sql("DELETE FROM changed_rows")
    return found
