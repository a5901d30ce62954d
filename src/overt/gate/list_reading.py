"""Watchlists as the records hold them, read within somebody's act."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from overt.errors import Refused
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.deployments import past_review
from overt.records.columns import EntryState
from overt.records.places import place_of_fields
from overt.records.schema import EntryRow, LookalikeRow, WatchlistRow
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
