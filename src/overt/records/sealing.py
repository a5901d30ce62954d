"""Seal the oldest lines of the log: their content goes, their hashes stay (R57).

Everything that a later line, an earlier checkpoint or a proof rests on can still be shown. What
lines say of who may do what, and of whose key is trusted, does not end with them: they are told
again, word for word, after the line of the sealing. Rows that outlive the line which put them there
name the line that told it again, or that of the sealing.
"""

from typing import Final

from sqlalchemy import Connection, delete, func, select, update

from overt.audit.events import AuditEvent
from overt.audit.line import Line, read_line
from overt.audit.tree import HASH_SIZE, CompactRange, TreeHash, leaf_hash
from overt.records.guard import How
from overt.records.log import LINE, leaves, sealed_range
from overt.records.proved_lines import altered_line
from overt.records.schema import AuditRow, SealedSegmentRow
from overt.records.tables import METADATA
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime

LASTING: Final = frozenset(
    {
        AuditEvent.BOOTSTRAPPED, AuditEvent.USER_ADDED, AuditEvent.USER_DISABLED,
        AuditEvent.USER_ENABLED, AuditEvent.ROLE_GRANTED, AuditEvent.ROLE_REVOKED,
        AuditEvent.SUBJECT_LINKED, AuditEvent.SUBJECT_UNLINKED,
        AuditEvent.HOLD_PLACED, AuditEvent.HOLD_RELEASED, AuditEvent.TRAINED, AuditEvent.KEY_MADE, AuditEvent.KEY_TRUSTED, AuditEvent.KEY_REVOKED,
        AuditEvent.SENSITIVE_MAP_RECORDED,
    }
)  # fmt: skip
"""What they say holds until another line says otherwise."""
_REFERRING: Final = [t for t in METADATA.sorted_tables if "audit_id" in t.columns]


def sealable(act: Reading | UnitOfWork, until: UtcTime) -> int:
    """How many lines from the first on are not younger; 0 where none is left to seal.

    The newest line always stays: the next one is numbered after it.
    """
    first_kept = act.session.scalar(select(func.min(AuditRow.seq)).where(AuditRow.at > until))
    newest = act.session.scalar(select(func.max(AuditRow.seq))) or 0
    end = newest if first_kept is None else first_kept
    return end if end > sealed_range(act.session.connection()).size else 0


def seal(work: UnitOfWork, end: int, until: UtcTime) -> None:
    """Seal the first `end` lines, within an act whose own line comes after them.

    Their hashes are to stand for them, so they are held against the signed tree first. Times in the
    log never step back: that the last of them is old enough says it of all.
    """
    connection = work.session.connection()
    last = work.lines.at(end - 1)
    if last is None or read_line(last).at > until:
        raise altered_line(end - 1, How.ALTERED)
    tree, hashes = _appended(connection, end)
    work.require_signed(tree, leaves(connection, end))
    lasting = _lasting(work, end)
    line = work.audit(AuditEvent.LOG_SEALED, lines=end, root=tree.root().hex())
    work.keep(
        SealedSegmentRow(
            end=end, edges=b"".join(tree.edges), leaf_hashes=hashes, sealed_at=work.now,
            audit_id=line,
        )
    )  # fmt: skip
    again = {old.seq: _tell_again(work, old) for old in lasting}
    for table in _REFERRING:
        told_by = table.columns["audit_id"]
        for old, new in again.items():
            connection.execute(update(table).where(told_by == old).values(audit_id=new))
        connection.execute(update(table).where(told_by < end).values(audit_id=line))
    if connection.dialect.name == "postgresql":  # where overt's own account may delete no line
        connection.exec_driver_sql("SELECT delete_sealed_lines()")
    else:
        connection.execute(delete(AuditRow).where(AuditRow.seq < end))
    work.begin_log_at(end)


def _lasting(work: UnitOfWork, end: int) -> list[Line]:
    lines = map(read_line, work.lines.of(frozenset(event.value for event in LASTING)))
    return [line for line in lines if line.seq < end]


def _tell_again(work: UnitOfWork, line: Line) -> int:
    return work.audit(AuditEvent(line.event), **line.detail)


def leaf_hashes(connection: Connection) -> list[TreeHash]:
    """Of every line that ever was, the sealed ones too."""
    segments = connection.execute(
        select(SealedSegmentRow.leaf_hashes).order_by(SealedSegmentRow.end)
    ).scalars()
    hashes = [TreeHash(each) for segment in segments for each in _cut(segment)]
    lines = connection.execute(select(LINE).order_by(AuditRow.seq)).scalars()
    return [*hashes, *map(leaf_hash, lines)]


def _appended(connection: Connection, end: int) -> tuple[CompactRange, bytes]:
    tree, hashes = sealed_range(connection), bytearray()
    lines = select(LINE).where(AuditRow.seq < end).order_by(AuditRow.seq)
    for line in connection.execute(lines).scalars():
        hashed = leaf_hash(line)
        tree = tree.append(hashed)
        hashes += hashed
    return tree, bytes(hashes)


def _cut(segment: bytes) -> list[bytes]:
    return [segment[at : at + HASH_SIZE] for at in range(0, len(segment), HASH_SIZE)]
