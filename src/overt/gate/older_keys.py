"""Records of an older overt had their data keys in the database: they move to files when opened."""

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.records.journal import empty_journal
from overt.records.records import PROGRAM, Records
from overt.records.schema import DataKeyRow
from overt.records.work import Reading, UnitOfWork


def move_keys_out(records: Records) -> None:
    """Files first: a crash in between leaves the rows as they were, and it is done again."""
    held = select(DataKeyRow).where(DataKeyRow.wrapped.is_not(None))
    with Reading(records) as reading:
        if reading.session.scalars(held.limit(1)).first() is None:
            return
    with UnitOfWork(records, PROGRAM) as work:
        rows = work.session.scalars(held).all()
        for row in rows:
            if row.wrapped is not None and row.destroyed_at is None:
                records.keys.put(row.id, row.wrapped)
            row.wrapped = None
        work.audit(AuditEvent.MIGRATED, keys=len(rows), to="a file for each key")
    empty_journal(records.writer)  # it may still hold what was in the rows
