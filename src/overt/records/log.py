"""The log's end, within one transaction: lines are appended there and nowhere else.

The tree's state is signed with each act. So records that somebody altered, cut or replaced without
the log's key do not open, and whoever has the key still cannot undo a checkpoint that left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, LargeBinary, Row, cast, insert, select, update

from overt.audit.checkpoint import open_checkpoint, sign_checkpoint
from overt.audit.events import AuditEvent
from overt.audit.line import Fact, Line
from overt.audit.note import Signer, Verifier
from overt.audit.tree import HASH_SIZE, CompactRange, TreeHash, TreeHead, leaf_hash
from overt.errors import Fault, Refused
from overt.identifiers import ActorId
from overt.records.schema import AuditRow, TreeStateRow
from overt.units import UtcTime, utc

LINE: Final = cast(AuditRow.line, LargeBinary)
"""A line's bytes, even where somebody put text in their place: then they are read, and told."""
_NEVER: Final = utc(datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True, slots=True)
class LogState:
    tree: CompactRange
    at: UtcTime
    """The time of the last line."""
    checkpoint: str
    """The signed note that commits to the tree."""


@dataclass(slots=True)
class LogEnd:
    """Where the next line goes. `close` before the commit."""

    connection: Connection
    signer: Signer
    tree: CompactRange
    appended: int = 0

    @classmethod
    def empty(cls, connection: Connection, signer: Signer) -> "LogEnd":
        """Begin a log; the first close writes the row that every later one changes."""
        connection.execute(
            insert(TreeStateRow).values(id=1, size=0, edges=b"", at=_NEVER, checkpoint="")
        )
        return cls(connection, signer, CompactRange())

    def append(
        self, event: AuditEvent, *, actor: ActorId, at: UtcTime, facts: Mapping[str, Fact]
    ) -> int:
        """Write a line; give its number, to which the act's rows refer."""
        line = Line(self.tree.size, at, actor, event.value, facts)
        leaf = line.canonical()
        hashed = leaf_hash(leaf)
        self.connection.execute(
            insert(AuditRow).values(
                seq=line.seq, at=at, actor=actor, event=event.value, line=leaf, leaf_hash=hashed
            )
        )
        self.tree = self.tree.append(hashed)
        self.appended += 1
        return line.seq

    def close(self, at: UtcTime) -> None:
        """Sign the tree as it now stands."""
        note = sign_checkpoint(self.signer, TreeHead(self.tree.size, self.tree.root()))
        self.connection.execute(
            update(TreeStateRow).values(
                size=self.tree.size,
                edges=b"".join(self.tree.edges),
                at=at,
                checkpoint=str(note),
            )
        )


def read_state(connection: Connection, verifier: Verifier) -> LogState:
    """Read where the log stands; raise Fault unless it is as overt left it."""
    row = connection.execute(
        select(TreeStateRow.size, TreeStateRow.edges, TreeStateRow.at, TreeStateRow.checkpoint)
    ).one_or_none()
    last = connection.execute(
        select(AuditRow.seq, AuditRow.at).order_by(AuditRow.seq.desc()).limit(1)
    ).one_or_none()
    if row is None or last is None or row.size - 1 != last.seq:
        raise _altered("its lines and its tree differ in length")
    if row.at != last.at:  # no clock may be set back by way of the records
        raise _altered("its lines and its tree differ in time")
    state = LogState(_tree(row), row.at, row.checkpoint)
    try:
        head = open_checkpoint(state.checkpoint, verifier).head
    except Refused as refusal:
        raise _altered(str(refusal)) from None
    if head != TreeHead(state.tree.size, state.tree.root()):
        raise _altered("its tree is not the one that was signed")
    return state


def leaves(connection: Connection) -> Iterator[bytes]:
    """Yield the lines as they were written, oldest first."""
    lines = connection.execution_options(yield_per=1000).execute(
        select(LINE).order_by(AuditRow.seq)
    )
    yield from lines.scalars()


def _tree(row: Row[int, bytes, UtcTime, str]) -> CompactRange:
    cuts = range(0, len(row.edges), HASH_SIZE)
    try:
        return CompactRange(
            row.size, tuple(TreeHash(row.edges[cut : cut + HASH_SIZE]) for cut in cuts)
        )
    except ValueError as error:
        raise _altered(str(error)) from None


def _altered(how: str) -> Fault:
    return Fault(
        f"the audit log was altered outside overt ({how}): keep this copy for whoever looks into "
        "it, and restore a backup (overt restore)"
    )
