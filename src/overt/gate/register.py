"""A register: rows that a person names by their id, unaltered, and that are final once they ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from overt.errors import Refused
from overt.records.columns import Table
from overt.records.work import UnitOfWork

Row = TypeVar("Row", bound=Table)


@dataclass(frozen=True, slots=True)
class Register(Generic[Row]):
    kind: type[Row]
    beside: tuple[type[Table], ...]
    """Tables that decide about its rows, and must be unaltered too."""
    called: str
    listed_by: str
    """The command that shows the ids."""
    ended: Callable[[Row], bool]
    final: str
    """Why nothing is added to a row that has ended."""

    def require_unaltered(self, work: UnitOfWork) -> None:
        work.require_unaltered(self.kind, *self.beside)

    def row(self, work: UnitOfWork, row_id: str) -> Row:
        self.require_unaltered(work)
        row = work.session.get(self.kind, row_id)
        if row is None:
            raise Refused(f"there is no {self.called} {row_id[:40]!r}: {self.listed_by}")
        return row

    def open_row(self, work: UnitOfWork, row_id: str) -> Row:
        row = self.row(work, row_id)
        if self.ended(row):
            raise Refused(f"the {self.called} {row_id} {self.final}")
        return row
