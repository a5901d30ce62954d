"""Erase one person: their entries with every image and template, and the alerts that show them.

A list is sealed under one key. So the entries that stay are sealed anew under a fresh key and the
old one is destroyed: what backups hold of the person cannot be opened any more, nor what they hold
of that list. The line of the log says what the list's digest is from then on (`untouched_list`), so
that a signed deployment goes on with the list narrowed. The manifest keeps the id (R24).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.hold_lines import standing_holds
from overt.gate.list_reading import entries_of
from overt.gate.staged_list import list_digest
from overt.gate.untouched_list import require_untouched, signed_entry
from overt.identifiers import AlertId, SubjectId
from overt.records.places import (
    place_of_fields,
    place_of_image,
    place_of_rationale,
    place_of_reason,
    place_of_template,
)
from overt.records.schema import (
    AlertRow,
    EntryRow,
    ImageRow,
    LookalikeRow,
    TemplateRow,
    WatchlistRow,
)
from overt.records.vault import DataKey, KeyKind, Place
from overt.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Erased:
    lists: tuple[str, ...]
    images: int
    alerts: int


def erase_people(
    work: UnitOfWork, whom: Mapping[SubjectId, Collection[WatchlistRow]], *, why: str
) -> Erased:
    """Erase each subject's entries on their lists, and every alert that they are in."""
    lists = {row.name: row for rows in whom.values() for row in rows}
    for row in lists.values():  # before anything changes, because one change would hide another
        require_untouched(work, row)
    images = sum(
        _erase_entry(work, row, subject, why) for subject, rows in whom.items() for row in rows
    )
    shown = {alert for subject in whom for alert in _showing(work, subject)}
    return Erased(tuple(sorted(lists)), images, erase_alerts(work, shown, why=why))


def lists_naming(
    work: UnitOfWork, subject: SubjectId, *, category: str | None = None
) -> list[WatchlistRow]:
    """The lists that the subject stands on, in this category if one is given."""
    chosen = (
        select(WatchlistRow)
        .join(EntryRow, EntryRow.watchlist_id == WatchlistRow.id)
        .where(EntryRow.subject_id == subject)
        .order_by(WatchlistRow.name)
    )
    if category is not None:
        chosen = chosen.where(EntryRow.category == category)
    return list(work.session.scalars(chosen))


def _erase_entry(work: UnitOfWork, row: WatchlistRow, subject: SubjectId, why: str) -> int:
    key = work.data_key(row.data_key_id)
    entries = entries_of(work, row.id)
    gone = next(entry for entry in entries if entry.subject_id == subject)
    stay = [entry for entry in entries if entry is not gone]
    images = len(_images(work, [gone]))
    line = work.audit(
        AuditEvent.ENTRY_ERASED,
        watchlist=row.name, digest=row.digest, subject=subject, images=images, because=why,
        left=list_digest(signed_entry(entry, key) for entry in stay),
    )  # fmt: skip
    work.session.execute(
        delete(LookalikeRow).where(
            LookalikeRow.watchlist_id == row.id,
            or_(LookalikeRow.first == subject, LookalikeRow.second == subject),
        )
    )
    work.session.delete(gone)
    work.session.flush()
    _seal_anew(work, row, stay, key, line)
    return images


def _seal_anew(
    work: UnitOfWork, row: WatchlistRow, entries: list[EntryRow], old: DataKey, line: int
) -> None:
    new, old_id = work.new_data_key(KeyKind.WATCHLIST, line), row.data_key_id

    def anew(sealed: bytes, place: Place) -> bytes:
        return new.seal(old.unseal(sealed, place), place)

    for entry in entries:
        entry.sealed = anew(entry.sealed, place_of_fields(entry.id))
        if (reason := entry.sealed_stand_down_reason) is not None:
            entry.sealed_stand_down_reason = anew(reason, place_of_reason(entry.id))
        if (rationale := entry.sealed_rationale) is not None:
            entry.sealed_rationale = anew(rationale, place_of_rationale(entry.id))
    for image in _images(work, entries):
        image.sealed = anew(image.sealed, place_of_image(image.id, image.entry_id))
    of_list = select(TemplateRow).join(ImageRow).join(EntryRow)
    for template in work.session.scalars(of_list.where(EntryRow.watchlist_id == row.id)):
        place = place_of_template(template.id, template.image_id, template.model)
        template.sealed = anew(template.sealed, place)
    row.data_key_id = new.id
    work.session.flush()
    work.destroy_data_key(old_id)


def _images(work: UnitOfWork, entries: Collection[EntryRow]) -> list[ImageRow]:
    ids = {entry.id for entry in entries}
    chosen = select(ImageRow).where(ImageRow.entry_id.in_(ids))
    return list(work.session.scalars(chosen))


def _showing(work: UnitOfWork, subject: SubjectId) -> list[AlertId]:
    """Alerts that resemble the subject, or show their image as the second person's."""
    chosen = select(AlertRow.id).where(
        or_(AlertRow.subject_id == subject, AlertRow.second_subject_id == subject)
    )
    return list(work.session.scalars(chosen))


def erase_alerts(work: UnitOfWork, alerts: Collection[AlertId], *, why: str) -> int:
    """Erase those of the alerts that are left, with the keys that sealed their evidence."""
    rows = work.session.scalars(select(AlertRow).where(AlertRow.id.in_(alerts))).all()
    if not rows:
        return 0
    held = standing_holds(work)
    if stays := sorted(row.id for row in rows if row.id in held):
        raise Refused(
            f"{', '.join(stays)} is under a legal hold: release it first (overt holds release)"
        )
    work.audit(AuditEvent.ALERTS_ERASED, alerts=len(rows), because=why)
    keys = [row.data_key_id for row in rows]
    for row in rows:
        work.session.delete(row)
    work.session.flush()
    for key in keys:
        work.destroy_data_key(key)
    return len(rows)
