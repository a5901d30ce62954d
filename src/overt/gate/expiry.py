"""Delete what is past its date, and destroy the keys that sealed it.

Every row about a person says when it dies (`delete_after`, written when it was made). The first
thing that opening the gate does is to delete what is due, so that no command ever sees it; long
processes call `expire` as they go. A data key dies with the last row that needs it, which makes
the same data unreadable in every backup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from sqlalchemy import ColumnElement, Table, delete, exists, select

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.gate.purging import note_purged, to_be_noted
from overt.identifiers import KeyId
from overt.policy.access import Actor, Permission
from overt.records.marks import row_key
from overt.records.records import PROGRAM
from overt.records.schema import HOLDS, AuditRow, DataKeyRow
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime

_TABLES = [t for t in reversed(AuditRow.metadata.sorted_tables) if t.name in HOLDS]
_MORTAL = [t for t in _TABLES if "delete_after" in t.columns]  # what refers comes before
_SEALED = [t for t in _TABLES if "data_key_id" in t.columns]


@dataclass(frozen=True, slots=True)
class Expired:
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows went, by table; what went with them is not counted."""
    keys: int = 0
    scrubbed: bool = True
    """False where a reader kept the write-ahead log open: the next expiry empties it."""


class ExpiryGate(Door):
    def expire(self, actor: Actor) -> Expired:
        """Delete what is due. Nothing due leaves no line."""
        with self._look(actor, Permission.EXPIRE) as reading:
            due, purged = _any_due(reading), bool(to_be_noted(reading))
        if not due and not purged:
            return Expired()
        with self._as(actor, Permission.EXPIRE) as work:
            rows, keys = delete_due(work) if due else ({}, 0)
            note_purged(work)
        return Expired(rows, keys, self._scrub())

    def _expire_on_opening(self) -> None:
        with Reading(self._records) as reading:
            due, begun = _any_due(reading), self._half_destroyed(reading)
        if begun:  # a crash came between the rows and the files
            self._records.keys.shred(begun)
            self._scrub()
        if not due:
            return
        with UnitOfWork(self._records, PROGRAM) as work:
            delete_due(work)
            note_purged(work)
        self._scrub()

    def _half_destroyed(self, reading: Reading) -> frozenset[KeyId]:
        """Keys whose rows say that they are destroyed, and whose files are there."""
        files = self._records.keys.ids()
        gone = select(DataKeyRow.id).where(DataKeyRow.destroyed_at.is_not(None))
        return files & set(reading.session.scalars(gone))


def delete_sealed_without_key(work: UnitOfWork) -> int:
    """After a restore: what was sealed under a key that is gone goes too."""
    standing = select(DataKeyRow.id).where(DataKeyRow.destroyed_at.is_(None))
    lost = [key for key in work.session.scalars(standing) if not work.holds_data_key(key)]
    connection = work.session.connection()
    for table in _SEALED:
        connection.execute(delete(table).where(table.columns["data_key_id"].in_(lost)))
    for key in lost:
        work.destroy_data_key(key)
    return len(lost)


def delete_orphans(work: UnitOfWork) -> int:
    """Destroy every key that no row needs any more."""
    held = (exists().where(t.columns["data_key_id"] == DataKeyRow.id) for t in _SEALED)
    orphans = select(DataKeyRow.id).where(
        DataKeyRow.destroyed_at.is_(None), *(~each for each in held)
    )
    keys = work.session.scalars(orphans).all()
    for key in keys:
        work.destroy_data_key(key)
    return len(keys)


def _any_due(reading: Reading) -> bool:
    return any(
        reading.session.scalar(select(exists().where(_is_due(table, reading.now))))
        for table in _MORTAL
    )


def delete_due(work: UnitOfWork) -> tuple[dict[str, int], int]:
    """Delete what is due.

    A row that was altered goes too: its date of death may not be its own, but neither may anybody
    keep a face for longer by altering it. The log names it.
    """
    connection = work.session.connection()
    for table in _MORTAL:
        _tell_altered(work, table)
    counted = {
        table.name: connection.execute(delete(table).where(_is_due(table, work.now))).rowcount
        for table in _MORTAL
    }
    rows = {name: count for name, count in counted.items() if count}
    work.audit(AuditEvent.EXPIRED, **rows)
    return rows, delete_orphans(work)


def _tell_altered(work: UnitOfWork, table: Table) -> None:
    columns = list(table.primary_key)
    due = select(*columns).where(_is_due(table, work.now))
    keys = [row_key(_plain(value) for value in row) for row in work.session.execute(due)]
    for altered in work.altered_rows(table.name, keys):
        work.audit(AuditEvent.ROW_ALTERED, what=str(altered))


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _is_due(table: Table, now: UtcTime) -> ColumnElement[bool]:
    return table.columns["delete_after"] <= now
