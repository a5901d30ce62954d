"""The log's end, within one transaction: lines are appended there and nowhere else.

The tree's state is signed with each act. So records that somebody altered, cut or replaced without
the log's key do not open, and whoever has the key still cannot undo a checkpoint that left.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, LargeBinary, cast, insert, select, update

from overt.audit.checkpoint import open_checkpoint, sign_checkpoint
from overt.audit.events import AuditEvent
from overt.audit.line import Fact, Line, RowsChanged
from overt.audit.note import Signer, Verifier
from overt.audit.tree import HASH_SIZE, CompactRange, TreeHash, TreeHead, leaf_hash
from overt.errors import Fault, Refused
from overt.identifiers import ActorId
from overt.records.chain import NO_LINE, Linker, end_after, ends_as_json, ends_from_json
from overt.records.marks import Tally, as_json, from_json, state_digest
from overt.records.proved_lines import LogEnds
from overt.records.schema import AuditRow, SealedSegmentRow, TreeStateRow
from overt.records.vault import Place, Vault
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


@dataclass(frozen=True, slots=True)
class Held:
    """What was there after the last act: sealed with the head of the tree, so nobody sets it back."""

    tallies: Mapping[str, Tally]
    """Of the tables."""
    untold: str = ""
    """What the act did to them, if no line says so yet."""
    log: LogEnds = field(default_factory=LogEnds)

    @property
    def to_tell(self) -> RowsChanged | None:
        return RowsChanged(self.untold, state_digest(self.tallies)) if self.untold else None


@dataclass(slots=True)
class LogEnd:
    """Where the next line goes. `close` before the commit.

    The first line also says what the act before did to the rows: what an act itself will have done
    is known only when it ends, and its rows refer to lines that are written by then.
    """

    connection: Connection
    signer: Signer
    linker: Linker
    tree: CompactRange
    log: LogEnds = field(default_factory=LogEnds)
    before: RowsChanged | None = None
    appended: int = 0

    @classmethod
    def empty(cls, connection: Connection, signer: Signer, linker: Linker) -> "LogEnd":
        """Begin a log; the first close writes the row that every later one changes."""
        connection.execute(
            insert(TreeStateRow).values(id=1, size=0, edges=b"", at=_NEVER, checkpoint="")
        )
        return cls(connection, signer, linker, CompactRange())

    def append(
        self, event: AuditEvent, *, actor: ActorId, at: UtcTime, facts: Mapping[str, Fact]
    ) -> int:
        """Write a line; give its number, to which the act's rows refer."""
        line = Line(self.tree.size, at, actor, event.value, facts, self.before)
        leaf = line.canonical()
        hashed = leaf_hash(leaf)
        end = self.log.ends.get(event.value, NO_LINE)
        link = self.linker.link(end, line.seq, event.value, leaf)
        self.connection.execute(
            insert(AuditRow).values(
                seq=line.seq,
                at=at,
                actor=actor,
                event=event.value,
                line=leaf,
                leaf_hash=hashed,
                link=link,
            )
        )
        self.tree = self.tree.append(hashed)
        ends = {**self.log.ends, event.value: end_after(line.seq, link)}
        self.log = LogEnds(ends, self.log.first)
        self.before = None
        self.appended += 1
        return line.seq

    def close(self, at: UtcTime, held: bytes | None = None) -> None:
        """Sign the tree as it now stands."""
        values: dict[str, object] = {
            "size": self.tree.size,
            "edges": b"".join(self.tree.edges),
            "at": at,
            "checkpoint": str(sign_checkpoint(self.signer, _head(self.tree))),
        }
        if held is not None:
            values["tallies"] = held
        self.connection.execute(update(TreeStateRow).values(values))

    def sealed(self, held: Held, vault: Vault) -> bytes:
        """Seal what is held to the tree's head, so that neither can be set back alone."""
        told = {
            "tallies": as_json(held.tallies),
            "untold": held.untold,
            "ends": ends_as_json(held.log.ends),
            "first": held.log.first,
        }
        return vault.seal(json.dumps(told).encode(), _place_of_tallies(self.tree))


def _head(tree: CompactRange) -> TreeHead:
    return TreeHead(tree.size, tree.root())


def _place_of_tallies(tree: CompactRange) -> Place:
    return Place("tree_state", str(tree.size), tree.root().hex())


def read_held(connection: Connection, vault: Vault, tree: CompactRange) -> Held:
    """Read what the tables held after the last act; raise Fault unless overt left it so."""
    sealed = connection.execute(select(TreeStateRow.tallies)).scalar_one()
    if sealed is None:
        raise _altered("it no longer says what the tables held")
    told = json.loads(vault.unseal(sealed, _place_of_tallies(tree)))
    log = LogEnds(
        ends_from_json(told.get("ends", ["", ""])), told.get("first", 0)
    )  # none before 0011
    return Held(from_json(told["tallies"]), told["untold"], log)


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
    state = LogState(_range(row.size, row.edges), row.at, row.checkpoint)
    try:
        head = open_checkpoint(state.checkpoint, verifier).head
    except Refused as refusal:
        raise _altered(str(refusal)) from None
    if head != _head(state.tree):
        raise _altered("its tree is not the one that was signed")
    return state


def sealed_range(connection: Connection) -> CompactRange:
    """Give the tree of the lines that were sealed; empty where none was."""
    newest = select(SealedSegmentRow.end, SealedSegmentRow.edges).order_by(
        SealedSegmentRow.end.desc()
    )
    row = connection.execute(newest.limit(1)).one_or_none()
    return CompactRange() if row is None else _range(row.end, row.edges)


def leaves(connection: Connection, since: int = 0) -> Iterator[bytes]:
    """Yield the lines that are not sealed as they were written, oldest first."""
    lines = select(LINE).where(AuditRow.seq >= since).order_by(AuditRow.seq)
    lines = lines.execution_options(yield_per=1000)
    yield from connection.execute(lines).scalars()


def _range(size: int, edges: bytes) -> CompactRange:
    cuts = range(0, len(edges), HASH_SIZE)
    try:
        return CompactRange(size, tuple(TreeHash(edges[cut : cut + HASH_SIZE]) for cut in cuts))
    except ValueError as error:
        raise _altered(str(error)) from None


def _altered(how: str) -> Fault:
    return Fault(
        f"the audit log was altered outside overt ({how}): keep this copy for whoever looks into "
        "it, and restore a backup (overt restore)"
    )
