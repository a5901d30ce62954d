"""Take one entry off a list, within somebody's act: line, state, and the reason under seal."""

from overt.audit.events import AuditEvent
from overt.records.columns import EntryState
from overt.records.places import place_of_reason
from overt.records.schema import EntryRow, WatchlistRow
from overt.records.work import UnitOfWork


def note_stand_down(work: UnitOfWork, row: WatchlistRow, entry: EntryRow, why: str) -> None:
    work.audit(AuditEvent.ENTRY_STOOD_DOWN, watchlist=row.name, subject=entry.subject_id)
    key = work.data_key(row.data_key_id)
    entry.state = EntryState.STOOD_DOWN
    entry.stood_down_at, entry.stood_down_by = work.now, work.actor
    entry.sealed_stand_down_reason = key.seal(why.encode(), place_of_reason(entry.id))
