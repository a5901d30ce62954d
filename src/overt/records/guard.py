"""Row against mark: marks follow each act, and rows that somebody changed otherwise are found.

At the end of an act the marks of the rows that it changed are made anew and the tallies follow;
the tallies are sealed with the head of the log's tree, and the next act's first line tells of them. Before
rows decide anything they are compared with their marks, and the marks with the tally: a row that
was altered, put in, taken away or put back outside overt is told by name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from overt.errors import Refused
from overt.records.columns import Table
from overt.records.guarded import GUARDED, Shape, batches, changed_rows
from overt.records.marks import NO_ROWS, Mark, Marker, RowKey, Tally, key_values
from overt.records.schema import RowMarkRow

_MOST_NAMED: Final = 5

Tallies = Mapping[str, Tally]


class How(Enum):
    ALTERED = "was altered"
    ADDED = "was put in"
    MISSING = "was taken away"
    OUT_OF_LINE = "does not follow the line of its kind before it: some were taken away or put in"
    CUT_OFF = "is not where the newest line of its kind should be"
    """Of lines of the log, which are linked (`chain.py`)."""
    UNCOUNTED = "rows were taken away or put back together with their marks"
    """Which rows, the marks cannot say: they went too."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """Something that was done to a table outside overt."""

    table: str
    key: RowKey | None
    how: How

    def __str__(self) -> str:
        if self.key is None:
            return f"{self.table}: {self.how.value}"
        row = ", ".join(str(value) for value in key_values(self.key))
        return f"{self.table} ({row}) {self.how.value}"


class AlteredRecords(Refused):
    """Records that somebody changed outside overt decide nothing."""

    def __init__(self, found: Iterable[Alteration]) -> None:
        self.found = tuple(found)
        named = "; ".join(str(each) for each in self.found[:_MOST_NAMED])
        more = len(self.found) - _MOST_NAMED
        super().__init__(
            f"the records were altered outside overt: {named}"
            + (f"; and {more} more" if more > 0 else "")
            + ": keep this copy for whoever looks into it (overt audit check), "
            "and restore a backup (overt restore)"
        )


@dataclass(frozen=True, slots=True)
class Guard:
    """Compares the rows of one connection's transaction with their marks."""

    connection: Connection
    marker: Marker

    # --- following an act

    def follow(self, tallies: Tallies) -> tuple[dict[str, Tally], str]:
        """Mark what has changed since the act began; give the new tallies and the change."""
        now = dict(tallies)
        words = []
        for name, keys in sorted(changed_rows(self.connection).items()):
            words += self._follow_table(GUARDED[name], keys, now)
        return now, " ".join(words)

    def _follow_table(self, shape: Shape, keys: list[RowKey], now: dict[str, Tally]) -> list[str]:
        tally, counts = now.get(shape.name, NO_ROWS), {"+": 0, "~": 0, "-": 0}
        for some in batches(keys):
            before, after = self._marks_of(shape, some), self._made(shape, some)
            for key in some:
                old, new = before.get(key), after.get(key)
                if old == new:
                    continue
                tally = tally if old is None else tally.minus(self.marker.weight(old))
                tally = tally if new is None else tally.plus(self.marker.weight(new))
                counts["+" if old is None else "-" if new is None else "~"] += 1
            self._put(shape, before, after)
        now[shape.name] = tally
        return [f"{shape.name}{sign}{count}" for sign, count in counts.items() if count]

    def _put(
        self, shape: Shape, before: Mapping[RowKey, Mark], after: Mapping[RowKey, Mark]
    ) -> None:
        gone = [key for key, mark in before.items() if after.get(key) != mark]
        if gone:
            self.connection.execute(
                delete(RowMarkRow).where(RowMarkRow.name == shape.name, RowMarkRow.key.in_(gone))
            )
        fresh = [
            {"name": shape.name, "key": key, "mark": mark}
            for key, mark in after.items()
            if before.get(key) != mark
        ]
        if fresh:
            self.connection.execute(insert(RowMarkRow), fresh)

    def mark_everything(self) -> dict[str, Tally]:
        """Begin: after the schema changed, every row is written otherwise than before."""
        self.connection.execute(delete(RowMarkRow))
        tallies = {}
        for shape in GUARDED.values():
            tally = NO_ROWS
            for some in batches(shape.rows(self.connection)):
                marks = {key: self.marker.mark(shape.name, key, row) for key, row in some}
                self._put(shape, {}, marks)
                for mark in marks.values():
                    tally = tally.plus(self.marker.weight(mark))
            tallies[shape.name] = tally
        return tallies

    # --- finding what was altered

    def alterations(
        self, tallies: Tallies, shapes: Iterable[Shape] | None = None
    ) -> Iterator[Alteration]:
        """Compare whole tables, all of them unless some are named."""
        for shape in GUARDED.values() if shapes is None else shapes:
            marks = self._marks(shape)
            for key, row in shape.rows(self.connection):
                yield from self._compare(shape, key, marks.pop(key, None), row)
            if self._tally_of(shape) != tallies.get(shape.name, NO_ROWS):
                yield Alteration(shape.name, None, How.UNCOUNTED)
            yield from (Alteration(shape.name, key, How.MISSING) for key in marks)

    def alterations_of(self, shape: Shape, keys: Iterable[RowKey]) -> Iterator[Alteration]:
        """Compare some rows with their marks; whether a row was put back, only the whole tells."""
        for some in batches(keys):
            marks = self._marks_of(shape, some)
            for key, row in shape.rows_of(self.connection, some):
                yield from self._compare(shape, key, marks.pop(key, None), row)
            yield from (Alteration(shape.name, key, How.MISSING) for key in marks)

    def _compare(
        self, shape: Shape, key: RowKey, mark: Mark | None, row: Mapping[str, object]
    ) -> Iterator[Alteration]:
        if mark is None:
            yield Alteration(shape.name, key, How.ADDED)
        elif self.marker.mark(shape.name, key, row) != mark:
            yield Alteration(shape.name, key, How.ALTERED)

    def _made(self, shape: Shape, keys: list[RowKey]) -> dict[RowKey, Mark]:
        rows = shape.rows_of(self.connection, keys)
        return {key: self.marker.mark(shape.name, key, row) for key, row in rows}

    def _marks(self, shape: Shape) -> dict[RowKey, Mark]:
        chosen = select(RowMarkRow.key, RowMarkRow.mark).where(RowMarkRow.name == shape.name)
        return {RowKey(key): Mark(mark) for key, mark in self.connection.execute(chosen)}

    def _marks_of(self, shape: Shape, keys: list[RowKey]) -> dict[RowKey, Mark]:
        chosen = select(RowMarkRow.key, RowMarkRow.mark).where(
            RowMarkRow.name == shape.name, RowMarkRow.key.in_(keys)
        )
        return {RowKey(key): Mark(mark) for key, mark in self.connection.execute(chosen)}

    def _tally_of(self, shape: Shape) -> Tally:
        return self.marker.tally(self._marks(shape).values())


def require_unaltered(guard: Guard, tallies: Tallies, tables: Iterable[type[Table]]) -> None:
    """Raise AlteredRecords unless the tables are as overt left them."""
    shapes = (GUARDED[table.__tablename__] for table in tables)
    if found := list(guard.alterations(tallies, shapes)):
        raise AlteredRecords(found)
