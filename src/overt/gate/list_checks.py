"""What others than its builder do for a list: check entries, approve some, look everybody up again.

Each is a line of the log about this very list (`list_standing.py` reads them back), so that a list
imported anew, or copied, begins without any.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.config.list_csv import SUBJECT
from overt.errors import Refused
from overt.gate.door import Door
from overt.gate.list_reading import entries_of, list_named, looked_for
from overt.gate.list_standing import builder_of, seen_of
from overt.gate.proof_files import digest_of_file
from overt.gate.stand_down import note_stand_down
from overt.gate.untouched_list import require_untouched
from overt.gate.watchlists import LONGEST_REASON
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Conflict, Duty, why_not_apart
from overt.policy.profiles import PROFILES
from overt.policy.watchlists import takes_approval
from overt.records.places import place_of_rationale
from overt.records.schema import EntryRow, ManifestRow, WatchlistRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime

LARGEST_STATUS_FILE: Final = 16_000_000


@dataclass(frozen=True, slots=True)
class Verified:
    checked: int
    """Entries that this act checked."""
    left: int
    """Entries that nobody has checked yet."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    current: int
    stood_down: tuple[SubjectId, ...]
    """Whoever the source no longer looks for."""


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """Whom a list named (R24); no image, no template, no name."""

    subject_id: SubjectId
    category: str
    imported_at: UtcTime
    delete_after: UtcTime


class ListCheckGate(Door):
    def verify_entries(
        self, actor: Actor, name: WatchlistName, subject: SubjectId | None
    ) -> Verified:
        """Check an entry, or all of them, as a second person (R15)."""
        with self._as(actor, Permission.WATCHLIST_VERIFY) as work:
            row = list_named(work, name)
            require_untouched(work, row)
            _require_another(work, row, actor, "check")
            before = seen_of(work, row)
            entries = [e for e in entries_of(work, row.id) if not before.has_checked(e.subject_id)]
            if subject is not None:
                _entry_of(work, row, subject)
                entries = [entry for entry in entries if entry.subject_id == subject]
            chosen = {"everybody": True} if subject is None else {"subject": subject}
            work.audit(
                AuditEvent.ENTRIES_CHECKED,
                watchlist=row.name, digest=row.digest, entries=len(entries), **chosen,
            )  # fmt: skip
            after = seen_of(work, row)
            left = [e for e in entries_of(work, row.id) if not after.has_checked(e.subject_id)]
            return Verified(len(entries), len(left))

    def approve_entry(
        self, actor: Actor, name: WatchlistName, subject: SubjectId, *, rationale: str
    ) -> None:
        """Approve an entry that takes it (under age, exceptional), with the case for it (R19)."""
        with self._as(actor, Permission.WATCHLIST_APPROVE) as work:
            row = list_named(work, name)
            require_untouched(work, row)
            _require_another(work, row, actor, "approve")
            said = rationale.strip()
            if not said or len(said) > LONGEST_REASON:
                raise Refused(f"say why, in 1 to {LONGEST_REASON} characters: --rationale TEXT")
            entry = _entry_of(work, row, subject)
            if not _takes_approval(row, entry):
                raise Refused(f"{subject} on {row.name} takes no approval")
            work.audit(
                AuditEvent.ENTRY_APPROVED,
                watchlist=row.name, digest=row.digest, subject=subject,
                under_age=entry.under_age, category=entry.category,
            )  # fmt: skip
            key = work.data_key(row.data_key_id)
            entry.sealed_rationale = key.seal(said.encode(), place_of_rationale(entry.id))

    def recheck_list(
        self, actor: Actor, name: WatchlistName, *, source: str, current: Path | None
    ) -> Rechecked:
        """Record that everybody was looked up again; whoever is not current is stood down (R17).

        `current` lists the subject ids that the source still looks for, one a line; None says that
        all are.
        """
        self._permit(actor, Permission.WATCHLIST_RECHECK)
        with self._telling_refusals(actor, Permission.WATCHLIST_RECHECK):
            still = _still_sought(current) if current is not None else None
            proof = digest_of_file(current, what="the list of who is current") if current else ""
        with self._as(actor, Permission.WATCHLIST_RECHECK) as work:
            row = list_named(work, name)
            require_untouched(work, row)
            if not source.strip() or len(source) > LONGEST_REASON:
                raise Refused("say where everybody was looked up: --source TEXT")
            standing = [e for e in entries_of(work, row.id) if looked_for(e, work.now)]
            gone = [e for e in standing if still is not None and e.subject_id not in still]
            for entry in gone:
                note_stand_down(work, row, entry, f"not current in {source.strip()}")
            work.audit(
                AuditEvent.LIST_RECHECKED,
                watchlist=row.name, digest=row.digest, current=len(standing) - len(gone),
                stood_down=len(gone), proof=proof,
            )  # fmt: skip
            return Rechecked(len(standing) - len(gone), tuple(e.subject_id for e in gone))

    def manifest(self, actor: Actor, name: WatchlistName) -> tuple[ManifestLine, ...]:
        """Whom every list of this name named, also once it is gone (R24)."""
        with self._as(actor, Permission.MANIFEST_READ) as work:
            chosen = select(ManifestRow).where(ManifestRow.name == name)
            rows = work.session.scalars(
                chosen.order_by(ManifestRow.imported_at, ManifestRow.subject_id)
            ).all()
            if not rows:
                raise Refused(
                    f"no list {name[:64]!r} ever was here, or its manifest is past its date"
                )
            work.audit(
                AuditEvent.MANIFEST_READ, watchlist=name, people=len(rows), justification="whom a list named",
                profile="; ".join(sorted({row.governed_by for row in rows})),
            )  # fmt: skip
            return tuple(
                ManifestLine(r.subject_id, r.category, r.imported_at, r.delete_after) for r in rows
            )


def _require_another(work: UnitOfWork, row: WatchlistRow, actor: Actor, act: str) -> None:
    """Under every profile: a check by the builder would count for nothing."""
    done = {Duty.BUILD_LIST: [builder_of(work, row)]}
    if (why := why_not_apart(actor.id, Duty.CHECK_LIST, done)) is not None:
        raise Conflict(f"{row.name}: {why}; another person must {act} its entries")


def _entry_of(work: UnitOfWork, row: WatchlistRow, subject: SubjectId) -> EntryRow:
    entry = work.session.scalar(
        select(EntryRow).where(EntryRow.watchlist_id == row.id, EntryRow.subject_id == subject)
    )
    if entry is None:
        raise Refused(f"nobody on {row.name} has the id {subject[:64]!r}")
    return entry


def _takes_approval(row: WatchlistRow, entry: EntryRow) -> bool:
    bound = PROFILES.get(row.profile or "")
    profiles = [bound] if bound is not None else list(PROFILES.values())
    return any(
        takes_approval(entry.category, profile, under_age=entry.under_age) for profile in profiles
    )


def _still_sought(file: Path) -> Collection[SubjectId]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_STATUS_FILE + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: not UTF-8; one subject id a line") from error
    if len(content) > LARGEST_STATUS_FILE:
        raise Refused(f"{file}: larger than {LARGEST_STATUS_FILE} bytes")
    ids = [line.strip() for line in text.splitlines() if line.strip()]
    for number, each in enumerate(ids, start=1):
        if not SUBJECT.fullmatch(each):
            raise Refused(f"{file}: line {number}: no subject id; write one a line, nothing else")
    return frozenset(map(SubjectId, ids))
