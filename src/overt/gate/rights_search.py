"""What is held on a person, under the ids and alerts that are theirs.

Entries, manifests, alerts, decisions, incidents and consents. No image is opened, no staff named.
"""

from collections.abc import Iterator

from sqlalchemy import or_, select

from overt.gate.list_reading import entries_of, fields_of
from overt.gate.restrictions import restricted
from overt.gate.rights_rows import Told, alerts_of, subjects_of
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.rights_answer import HeldItem, HeldKind
from overt.records.columns import EntryState
from overt.records.schema import (
    AlertRow,
    DecisionRow,
    EntryRow,
    ImageRow,
    IncidentRow,
    ManifestRow,
    WatchlistRow,
)
from overt.records.walk_schema import WalkConsentRow, WalkPassRow
from overt.records.work import UnitOfWork
from overt.units import iso


def held_on(work: UnitOfWork, told: Told) -> list[HeldItem]:
    work.require_unaltered(
        WatchlistRow, EntryRow, ManifestRow, AlertRow, DecisionRow, IncidentRow, WalkConsentRow,
        WalkPassRow,
    )  # fmt: skip
    return [
        *_entries(work, told), *_manifests(work, told), *_alerts(work, told),
        *_incidents(work, told), *_walks(work, told),
    ]  # fmt: skip


_WORDS = ("reason", "status", "response_plan", "necessity", "less_intrusive")


def found_by_name(work: UnitOfWork, name: str) -> list[tuple[WatchlistName, SubjectId]]:
    """Entries whose words hold the person's name: list and id."""
    wanted = " ".join(name.casefold().split())
    found = []
    for row in work.session.scalars(select(WatchlistRow).order_by(WatchlistRow.name)):
        key = work.data_key(row.data_key_id)
        for entry in entries_of(work, row.id):
            fields = fields_of(entry, key)
            words = " ".join(str(fields.get(each, "")) for each in _WORDS)
            if wanted in " ".join(words.casefold().split()):
                found.append((row.name, entry.subject_id))
    return found


def _entries(work: UnitOfWork, told: Told) -> Iterator[HeldItem]:
    out = restricted(work)
    chosen = (
        select(EntryRow, WatchlistRow)
        .join(WatchlistRow, WatchlistRow.id == EntryRow.watchlist_id)
        .where(EntryRow.subject_id.in_(subjects_of(told)))
        .order_by(WatchlistRow.name)
    )
    for entry, row in work.session.execute(chosen):
        fields = fields_of(entry, work.data_key(row.data_key_id))
        images = work.session.scalars(select(ImageRow.id).where(ImageRow.entry_id == entry.id))
        restricts, gone = entry.subject_id in out, entry.state is EntryState.STOOD_DOWN
        standing = "restricted" if restricts else "stood down" if gone else "looked for"
        sources = sorted({f"{i['image_source']} ({i['legal_basis']})" for i in fields["images"]})
        yield HeldItem(
            HeldKind.ENTRY,
            [
                ("list", row.name), ("id", entry.subject_id), ("category", entry.category),
                ("status", fields["status"] or "none stated"), ("reason", fields["reason"]),
                ("standing", standing),
                ("images and templates", str(len(images.all()))), ("source", ", ".join(sources)),
                ("kept until", iso(row.delete_after)),
                ("seen by", "those who work with the list"),
            ],
            looked_for=not restricts and not gone,
        )  # fmt: skip


def _manifests(work: UnitOfWork, told: Told) -> Iterator[HeldItem]:
    chosen = select(ManifestRow).where(ManifestRow.subject_id.in_(subjects_of(told)))
    for row in work.session.scalars(chosen.order_by(ManifestRow.imported_at)):
        yield HeldItem(
            HeldKind.MANIFEST_LINE,
            [
                ("list", row.name), ("id", row.subject_id), ("category", row.category),
                ("of", iso(row.imported_at)), ("kept until", iso(row.delete_after)),
            ],
        )  # fmt: skip


def _alerts(work: UnitOfWork, told: Told) -> Iterator[HeldItem]:
    chosen = select(AlertRow).where(
        or_(AlertRow.subject_id.in_(subjects_of(told)), AlertRow.id.in_(alerts_of(told)))
    )
    for row in work.session.scalars(chosen.order_by(AlertRow.raised_at)):
        moves = work.session.scalars(
            select(DecisionRow.move)
            .where(DecisionRow.alert_id == row.id)
            .order_by(DecisionRow.position)
        )
        yield HeldItem(
            HeldKind.ALERT,
            [
                ("alert", row.id), ("camera", row.camera_id), ("at", iso(row.captured_at)),
                ("resembled", row.subject_id), ("state", row.state.value),
                ("decisions", ", ".join(m.name.lower().replace("_", " ") for m in moves) or "none"),
                ("kept until", iso(row.delete_after)),
            ],
        )  # fmt: skip


def _incidents(work: UnitOfWork, told: Told) -> Iterator[HeldItem]:
    chosen = select(IncidentRow).where(IncidentRow.alert_id.in_(alerts_of(told)))
    for row in work.session.scalars(chosen):
        yield HeldItem(
            HeldKind.INCIDENT,
            [("incident", row.id), ("opened", iso(row.opened_at)),
             ("kept until", iso(row.delete_after))],
        )  # fmt: skip


def _walks(work: UnitOfWork, told: Told) -> Iterator[HeldItem]:
    consents = select(WalkConsentRow).where(WalkConsentRow.participant.in_(subjects_of(told)))
    for row in work.session.scalars(consents):
        passes = work.session.scalars(
            select(WalkPassRow.id).where(WalkPassRow.participant == row.participant)
        ).all()
        yield HeldItem(
            HeldKind.CONSENT,
            [("id", row.participant), ("given on", row.given_on.isoformat()),
             ("passes logged", str(len(passes))), ("kept until", iso(row.delete_after))],
        )  # fmt: skip
