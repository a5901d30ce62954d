"""Watchlists, read, narrowed and destroyed. Nothing here adds anybody to one."""

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.door import Door
from overt.gate.list_lines import entry_lines, list_line
from overt.gate.list_reading import list_named
from overt.gate.stand_down import note_stand_down
from overt.gate.watchlist_orders import WatchlistLine, WatchlistView
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.access import Actor, Permission
from overt.records.columns import EntryState
from overt.records.schema import DataKeyRow, EntryRow, WatchlistRow

LONGEST_REASON = 2000


class WatchlistGate(Door):
    def watchlists(self, actor: Actor) -> tuple[WatchlistLine, ...]:
        """Every list with its counts; nobody on it."""
        with self._as(actor, Permission.WATCHLIST_READ) as work:
            rows = work.session.scalars(select(WatchlistRow).order_by(WatchlistRow.name)).all()
            work.audit(
                AuditEvent.WATCHLIST_READ, lists=len(rows), justification="an overview of the lists"
            )
            return tuple(list_line(work, row) for row in rows)

    def watchlist(self, actor: Actor, name: WatchlistName) -> WatchlistView:
        """One list with everybody on it; no image."""
        with self._as(actor, Permission.WATCHLIST_READ) as work:
            work.require_unaltered(WatchlistRow, EntryRow)
            row = list_named(work, name)
            work.audit(
                AuditEvent.WATCHLIST_READ, watchlist=row.name, digest=row.digest,
                justification="list keeping",
            )  # fmt: skip
            key = work.data_key(row.data_key_id)
            return WatchlistView(list_line(work, row), entry_lines(work, row, key))

    def stand_down(
        self, actor: Actor, name: WatchlistName, subject: SubjectId, *, reason: str
    ) -> None:
        """Take somebody out at once, of a running deployment too; nothing brings them back."""
        with self._as(actor, Permission.WATCHLIST_STAND_DOWN) as work:
            if not reason.strip() or len(reason) > LONGEST_REASON:
                raise Refused(
                    f"standing down takes a reason of 1 to {LONGEST_REASON} characters: --reason TEXT"
                )
            work.require_unaltered(WatchlistRow, EntryRow)
            row = list_named(work, name)
            entry = work.session.scalar(
                select(EntryRow).where(
                    EntryRow.watchlist_id == row.id, EntryRow.subject_id == subject
                )
            )
            if entry is None:
                raise Refused(f"nobody on {row.name} has the id {subject[:64]!r}")
            if entry.state is EntryState.STOOD_DOWN:
                raise Refused(f"{subject} on {row.name} was stood down before")
            note_stand_down(work, row, entry, reason.strip())

    def delete_watchlist(self, actor: Actor, name: WatchlistName) -> None:
        """Destroy the list's key and its rows; the manifest of ids stays (R24).

        The rows are compared first: an edited one could name the key of something else.
        """
        with self._as(actor, Permission.WATCHLIST_DELETE) as work:
            work.require_unaltered(WatchlistRow, EntryRow, DataKeyRow)
            row = list_named(work, name)
            work.audit(AuditEvent.WATCHLIST_DELETED, watchlist=row.name, digest=row.digest)
            key_id = row.data_key_id
            work.session.delete(row)
            work.session.flush()
            work.destroy_data_key(key_id)
        self._scrub()
