"""Whether a list is still what was signed, whatever was done to the database behind overt's back.

Its rows are compared with their marks; the digest that the signature covers is worked out again
from the entries themselves; each entry has the images that were signed with it and no other; and
whoever the log says was stood down must be so. Asked before a list is signed and before it is used.
"""

from datetime import date
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.list_reading import entries_of, fields_of
from overt.gate.staged_list import SignedEntry, list_digest
from overt.identifiers import Digest
from overt.policy.watchlists import is_under_age
from overt.records.columns import EntryState
from overt.records.schema import EntryRow, ImageRow, LookalikeRow, WatchlistRow
from overt.records.vault import DataKey
from overt.records.work import UnitOfWork

_CHANGING: Final = (AuditEvent.ENTRY_ERASED, AuditEvent.ENTRY_CORRECTED)


def require_untouched(work: UnitOfWork, row: WatchlistRow) -> None:
    """Raise Refused where an entry was added, taken out, changed or brought back outside overt."""
    work.require_unaltered(WatchlistRow, EntryRow, LookalikeRow)
    key = work.data_key(row.data_key_id)
    entries = entries_of(work, row.id)
    if list_digest(signed_entry(entry, key) for entry in entries) != _digest_by_now(work, row):
        raise altered_list(row, "its entries are not those that its digest covers")
    if young := [entry for entry in entries if entry.under_age != _under_age(entry, key, row)]:
        raise altered_list(row, f"{young[0].subject_id} is shown with another age than was signed")
    _require_images(work, row, key, entries)
    standing = {entry.subject_id for entry in entries if entry.state is EntryState.LISTED}
    if back := sorted(standing & _stood_down(work, row)):
        raise altered_list(row, f"{back[0]} was stood down and stands on it again")


def _require_images(
    work: UnitOfWork, row: WatchlistRow, key: DataKey, entries: list[EntryRow]
) -> None:
    """The images themselves open only as their entry's; here none is missing and none too many."""
    kept: dict[str, list[str]] = {}
    chosen = (
        select(ImageRow.entry_id, ImageRow.sha256)
        .join(EntryRow, EntryRow.id == ImageRow.entry_id)
        .where(EntryRow.watchlist_id == row.id)
        .order_by(ImageRow.position)
    )
    for entry_id, sha256 in work.session.execute(chosen):
        kept.setdefault(entry_id, []).append(sha256)
    for entry in entries:
        signed = [image["sha256"] for image in fields_of(entry, key)["images"]]
        if kept.get(entry.id, []) != signed:
            raise altered_list(row, f"{entry.subject_id} has not the images that were signed")


def _under_age(entry: EntryRow, key: DataKey, row: WatchlistRow) -> bool:
    born = fields_of(entry, key)["date_of_birth"]
    on = row.imported_at.date()
    return is_under_age(date.fromisoformat(born) if born else None, on)


def signed_entry(entry: EntryRow, key: DataKey) -> SignedEntry:
    """What the signature says of one person."""
    return SignedEntry(entry.subject_id, entry.category, entry.review_by, fields_of(entry, key))


def _stood_down(work: UnitOfWork, row: WatchlistRow) -> set[object]:
    """Whom the log says was taken off this list since it was imported."""
    lines = lines_of(work, AuditEvent.ENTRY_STOOD_DOWN, since=row.audit_id + 1)
    told = (line.detail for line in lines)
    return {detail["subject"] for detail in told if detail["watchlist"] == row.name}


def _digest_by_now(work: UnitOfWork, row: WatchlistRow) -> Digest:
    """What was signed; what the log says is left, where entries were erased or corrected since."""
    newest = reversed(lines_of(work, *_CHANGING, since=row.audit_id + 1))
    lines = (line.detail for line in newest)
    of_it = (d for d in lines if d["watchlist"] == row.name and d["digest"] == row.digest)
    left = next(of_it, None)
    return row.digest if left is None else Digest(str(left["left"]))


def altered_list(row: WatchlistRow, how: str) -> Refused:
    return Refused(
        f"the watchlist {row.name} was altered outside overt ({how}): keep this copy for whoever "
        "looks into it, and import the list anew or restore a backup (overt restore)"
    )
