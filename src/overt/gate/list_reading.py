"""Watchlists as the records hold them, read within somebody's act."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from overt.errors import Refused
from overt.gate.staged_list import place_of_fields
from overt.gate.watchlist_orders import EntryLine, WatchlistLine
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.deployments import ListFacts, past_review
from overt.records.columns import EntryState
from overt.records.schema import EntryRow, ImageRow, LookalikeRow, WatchlistRow
from overt.records.vault import DataKey
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime

Act = Reading | UnitOfWork


def find_list(act: Act, name: WatchlistName) -> WatchlistRow | None:
    return act.session.scalar(select(WatchlistRow).where(WatchlistRow.name == name))


def list_named(act: Act, name: WatchlistName) -> WatchlistRow:
    row = find_list(act, name)
    if row is None:
        known = act.session.scalars(select(WatchlistRow.name).order_by(WatchlistRow.name)).all()
        raise Refused(
            f"there is no watchlist {name[:64]!r}; "
            + (f"there is {', '.join(known)}" if known else "import one")
        )
    return row


def list_line(act: Act, row: WatchlistRow) -> WatchlistLine:
    states = dict(
        act.session.execute(
            select(EntryRow.state, func.count())
            .where(EntryRow.watchlist_id == row.id)
            .group_by(EntryRow.state)
        ).all()
    )
    images = select(func.count()).select_from(ImageRow).join(EntryRow)
    return WatchlistLine(
        name=row.name,
        people=states.get(EntryState.LISTED, 0),
        stood_down=states.get(EntryState.STOOD_DOWN, 0),
        images=act.session.scalar(images.where(EntryRow.watchlist_id == row.id)) or 0,
        profile=row.profile,
        digest=row.digest,
        imported_at=row.imported_at,
        imported_by=row.imported_by,
        delete_after=row.delete_after,
    )


def entries_of(act: Act, list_id: str) -> list[EntryRow]:
    chosen = select(EntryRow).where(EntryRow.watchlist_id == list_id).order_by(EntryRow.position)
    return list(act.session.scalars(chosen))


def fields_of(entry: EntryRow, key: DataKey) -> Mapping[str, Any]:
    """What is sealed of an entry."""
    fields: Mapping[str, Any] = json.loads(key.unseal(entry.sealed, place_of_fields(entry.id)))
    return fields


def looked_for(entry: EntryRow, now: UtcTime) -> bool:
    """Neither stood down nor past the review of its image (R17, R23)."""
    return entry.state is EntryState.LISTED and not past_review(entry.review_by, now)


def list_facts(act: Act, row: WatchlistRow) -> ListFacts:
    entries = entries_of(act, row.id)
    standing = [entry for entry in entries if looked_for(entry, act.now)]
    categories: dict[str, int] = {}
    for entry in standing:
        categories[entry.category] = categories.get(entry.category, 0) + 1
    return ListFacts(
        name=row.name,
        digest=row.digest,
        imported_at=row.imported_at,
        people=len(standing),
        categories=categories,
        past_review=sum(past_review(entry.review_by, act.now) for entry in entries),
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
    alike = measured_lookalikes(act, row.id)
    return tuple(
        _entry_line(entry, fields_of(entry, key), counts.get(entry.id, 0), alike)
        for entry in entries_of(act, row.id)
    )


def _entry_line(
    entry: EntryRow,
    fields: Mapping[str, Any],
    images: int,
    alike: Mapping[SubjectId, tuple[SubjectId, ...]],
) -> EntryLine:
    return EntryLine(
        subject_id=entry.subject_id,
        category=entry.category,
        status=fields["status"],
        reason=fields["reason"],
        response_plan=fields["response_plan"],
        review_by=entry.review_by,
        images=images,
        stood_down=entry.state is EntryState.STOOD_DOWN,
        lookalikes=tuple(dict.fromkeys((*alike.get(entry.subject_id, ()), *fields["lookalikes"]))),
    )


def measured_lookalikes(
    act: Act, list_id: str, model: str | None = None
) -> Mapping[SubjectId, tuple[SubjectId, ...]]:
    """For each person, who on the list resembles them, the most alike first (R22)."""
    chosen = select(LookalikeRow).where(LookalikeRow.watchlist_id == list_id)
    if model is not None:
        chosen = chosen.where(LookalikeRow.model == model)
    others: dict[SubjectId, dict[SubjectId, None]] = {}
    for pair in act.session.scalars(chosen.order_by(LookalikeRow.similarity.desc())):
        others.setdefault(pair.first, {})[pair.second] = None
        others.setdefault(pair.second, {})[pair.first] = None
    return {subject: tuple(alike) for subject, alike in others.items()}
