"""Lists and their entries as lines for a person: counts, dates, who resembles whom; no image."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from overt.gate.list_reading import Act, entries_of, fields_of, measured_lookalikes
from overt.gate.list_standing import Seen, seen_of
from overt.gate.restrictions import restricted
from overt.gate.watchlist_orders import EntryLine, WatchlistLine
from overt.identifiers import SubjectId
from overt.records.columns import EntryState
from overt.records.schema import EntryRow, ImageRow, WatchlistRow
from overt.records.vault import DataKey


def list_line(act: Act, row: WatchlistRow) -> WatchlistLine:
    states = dict(
        act.session.execute(
            select(EntryRow.state, func.count())
            .where(EntryRow.watchlist_id == row.id)
            .group_by(EntryRow.state)
        ).all()
    )
    seen = seen_of(act, row)
    standing = [e for e in entries_of(act, row.id) if e.state is EntryState.LISTED]
    images = select(func.count()).select_from(ImageRow).join(EntryRow)
    return WatchlistLine(
        name=row.name,
        people=states.get(EntryState.LISTED, 0),
        stood_down=states.get(EntryState.STOOD_DOWN, 0),
        unchecked=sum(not seen.has_checked(entry.subject_id) for entry in standing),
        under_age=sum(entry.under_age for entry in standing),
        images=act.session.scalar(images.where(EntryRow.watchlist_id == row.id)) or 0,
        profile=row.profile,
        digest=row.digest,
        imported_at=row.imported_at,
        imported_by=row.imported_by,
        delete_after=row.delete_after,
    )


def entry_lines(act: Act, row: WatchlistRow, key: DataKey) -> tuple[EntryLine, ...]:
    counts = dict(
        act.session.execute(
            select(ImageRow.entry_id, func.count())
            .join(EntryRow)
            .where(EntryRow.watchlist_id == row.id)
            .group_by(ImageRow.entry_id)
        ).all()
    )
    alike, seen, out = measured_lookalikes(act, row.id), seen_of(act, row), restricted(act)
    return tuple(
        replace(
            _entry_line(entry, fields_of(entry, key), counts.get(entry.id, 0), alike, seen),
            restricted=entry.subject_id in out,
        )
        for entry in entries_of(act, row.id)
    )


def _entry_line(
    entry: EntryRow,
    fields: Mapping[str, Any],
    images: int,
    alike: Mapping[SubjectId, tuple[SubjectId, ...]],
    seen: Seen,
) -> EntryLine:
    return EntryLine(
        subject_id=entry.subject_id,
        category=entry.category,
        status=fields["status"],
        reason=fields["reason"],
        response_plan=fields["response_plan"],
        necessity=fields.get("necessity", ""),
        less_intrusive=fields.get("less_intrusive", ""),
        review_by=entry.review_by,
        images=images,
        stood_down=entry.state is EntryState.STOOD_DOWN,
        restricted=False,
        checked=seen.has_checked(entry.subject_id),
        approved=entry.subject_id in seen.approved,
        under_age=entry.under_age,
        lookalikes=tuple(dict.fromkeys((*alike.get(entry.subject_id, ()), *fields["lookalikes"]))),
    )
