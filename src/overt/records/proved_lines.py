"""The one way in which lines of the log are read to decide anything: each is proved first.

Asked for the lines of some kinds, from a line on or all of them, it gives them only where every
link holds and each chain ends where the sealed head of the log says. What was edited, moved, put
in, taken away or cut off raises AlteredRecords, which names the line; that there is no line is
proved in the same way. Lines of sealed segments are past, and begin no chain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, LargeBinary, Select, cast, select, update

from overt.records.chain import (
    LINK_SIZE,
    NO_LINE,
    End,
    Link,
    Linker,
    end_after,
    end_before,
    last_line,
)
from overt.records.guard import Alteration, AlteredRecords, How
from overt.records.marks import row_key
from overt.records.schema import AuditRow

LOG: Final = AuditRow.__tablename__
MOST_KEPT: Final = 40_000
"""Lines that one process keeps to compare with, in all: some 20 MB."""
_WORTH_KEEPING: Final = 100
"""Fewer are proved as fast as they are compared."""

Read = tuple[int, str, bytes, bytes]
"""A line as the database has it: number, kind, bytes, link."""
Kinds = frozenset[str] | None
"""None: every kind."""

_READ: Final = select(
    AuditRow.seq,
    AuditRow.event,
    cast(AuditRow.line, LargeBinary).label("line"),
    cast(AuditRow.link, LargeBinary).label("link"),
).order_by(AuditRow.seq)


@dataclass(frozen=True, slots=True)
class LogEnds:
    """How far the log goes, as it is sealed with the head of its tree."""

    ends: Mapping[str, End] = field(default_factory=dict)
    """Of each kind's chain."""
    first: int = 0
    """The first line that is not sealed."""


@dataclass(slots=True)
class LinesKept:
    """What was proved before: the same bytes need no second proof, so they are only compared.

    Other bytes are proved anew; nothing is believed because of where it stands.
    """

    _kept: dict[tuple[Kinds, int], tuple[list[Read], dict[str, End]]] = field(default_factory=dict)

    def beginning(self, kinds: Kinds, since: int, read: list[Read]) -> tuple[int, dict[str, End]]:
        """How many of these lines were proved before, and how far that brought each chain."""
        lines, reached = self._kept.get((kinds, since), ([], {}))
        return (len(lines), dict(reached)) if read[: len(lines)] == lines else (0, {})

    def keep(self, kinds: Kinds, since: int, proved: list[Read], reached: dict[str, End]) -> None:
        if not _WORTH_KEEPING <= len(proved) <= MOST_KEPT:
            return
        kept = {of: each for of, each in self._kept.items() if of != (kinds, since)}
        while kept and sum(len(lines) for lines, _ in kept.values()) + len(proved) > MOST_KEPT:
            kept.pop(next(iter(kept)))
        self._kept = {**kept, (kinds, since): (proved, reached)}


@dataclass(frozen=True, slots=True)
class ProvedLines:
    """The log's lines within one transaction."""

    connection: Connection
    linker: Linker
    log: LogEnds
    kept: LinesKept

    def of(self, kinds: Kinds, since: int = 0) -> list[bytes]:
        """Every line of these kinds from `since` on, oldest first; AlteredRecords unless proved."""
        since = max(since, self.log.first)
        read = self._read(_READ.where(AuditRow.seq >= since), kinds)
        done, reached = self.kept.beginning(kinds, since, read)
        if done < len(read):
            self._prove(read[done:], since, reached)
            self.kept.keep(kinds, since, read, dict(reached))
        self._require_ends(kinds, since, reached)
        return [line for _, _, line, _ in read]

    def at(self, seq: int) -> bytes | None:
        """The line of a number; None where there is none, or it is sealed."""
        if not self.log.first <= seq < self.size:
            return None
        kind = self.connection.scalar(select(AuditRow.event).where(AuditRow.seq == seq))
        proved = self.of(frozenset({str(kind)}), seq)
        if kind is None or not proved:
            raise altered_line(seq, How.MISSING)
        return proved[0]

    @property
    def size(self) -> int:
        """How many lines were ever written."""
        return max(map(last_line, self.log.ends.values()), default=-1) + 1

    def newest(self, kinds: Iterable[str]) -> int:
        """The number of the newest line of these kinds; -1 where there never was one."""
        return max(last_line(self.log.ends.get(kind, NO_LINE)) for kind in kinds)

    def _read(self, chosen: Select[int, str, bytes, bytes], kinds: Kinds) -> list[Read]:
        if kinds is not None:
            chosen = chosen.where(AuditRow.event.in_(sorted(kinds)))
        rows = self.connection.execute(chosen)
        return [(seq, kind, line, link) for seq, kind, line, link in rows]

    def _prove(self, read: Sequence[Read], since: int, reached: dict[str, End]) -> None:
        for seq, kind, line, link in read:
            # SQLite keeps what it is given in any column, of whatever type.
            if not (isinstance(kind, str) and isinstance(line, bytes)):
                raise altered_line(seq, How.ALTERED)
            before = reached.get(kind)
            if not isinstance(link, bytes) or len(link) != LINK_SIZE:
                raise altered_line(seq, How.ADDED)
            told = end_before(Link(link))
            if self.linker.link(told, seq, kind, line) != link:
                raise altered_line(seq, How.ALTERED)
            if last_line(told) >= since if before is None else told != before:
                raise altered_line(seq, How.OUT_OF_LINE)
            reached[kind] = end_after(seq, Link(link))

    def _require_ends(self, kinds: Kinds, since: int, reached: Mapping[str, End]) -> None:
        for kind in self.log.ends.keys() | reached.keys() if kinds is None else kinds:
            end = self.log.ends.get(kind, NO_LINE)
            if reached.get(kind) != (end if last_line(end) >= since else None):
                raise altered_line(max(last_line(end), 0), How.CUT_OFF)


def link_everything(connection: Connection, linker: Linker, first: int) -> LogEnds:
    """Begin the chains, over lines that were just held against the signed tree."""
    ends: dict[str, End] = {}
    lines = select(AuditRow.seq, AuditRow.event, AuditRow.line).order_by(AuditRow.seq)
    for seq, event, line in connection.execute(lines).all():
        link = linker.link(ends.get(event, NO_LINE), seq, event, line)
        ends[event] = end_after(seq, link)
        connection.execute(update(AuditRow).where(AuditRow.seq == seq).values(link=link))
    return LogEnds(ends, first)


def altered_lines(proved: ProvedLines) -> Iterator[Alteration]:
    """What of the log is not as overt left it, as far as the first break of a chain tells."""
    try:
        proved.of(None)
    except AlteredRecords as altered:
        yield from altered.found


def altered_line(seq: int, how: How) -> AlteredRecords:
    return AlteredRecords([Alteration(LOG, row_key([seq]), how)])
