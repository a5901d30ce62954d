"""Correct what a list says of somebody, without widening anything (s.46).

What may be corrected tells of the person or of why they are sought. Category, images and response
plan decide who is looked for and what follows: they take a new import and a new signature. The
line of the log says what the list's digest is from then on (`untouched_list`).
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from overt.audit.events import AuditEvent
from overt.config.canonical import canonical_json
from overt.errors import Refused
from overt.gate.list_reading import entries_of, list_named
from overt.gate.staged_list import list_digest
from overt.gate.untouched_list import require_untouched, signed_entry
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.watchlists import is_under_age
from overt.records.places import place_of_fields
from overt.records.schema import EntryRow
from overt.records.vault import DataKey
from overt.records.work import UnitOfWork

CORRECTABLE: Final = frozenset({"reason", "status", "date_of_birth"})
LONGEST: Final = 2000


def correct_entries(
    work: UnitOfWork,
    name: WatchlistName,
    subjects: Collection[SubjectId],
    changes: Mapping[str, str],
    *,
    why: str,
) -> None:
    """Correct the entry of every id of one person; refused where none is on the list."""
    row = list_named(work, name)
    require_untouched(work, row)
    _require_correctable(changes)
    key, entries = work.data_key(row.data_key_id), entries_of(work, row.id)
    wrong = [entry for entry in entries if entry.subject_id in subjects]
    if not wrong:
        raise Refused(f"nobody on {row.name} has one of the ids {', '.join(subjects)[:200]}")
    for entry in wrong:
        _correct(entry, key, changes, row.imported_at.date())
        work.audit(
            AuditEvent.ENTRY_CORRECTED,
            watchlist=row.name, digest=row.digest, subject=entry.subject_id, because=why,
            said=", ".join(sorted(changes)),
            left=list_digest(signed_entry(each, key) for each in entries),
        )  # fmt: skip


def _correct(entry: EntryRow, key: DataKey, changes: Mapping[str, str], imported_on: date) -> None:
    place = place_of_fields(entry.id)
    fields = json.loads(key.unseal(entry.sealed, place))
    fields.update({name: value.strip() or None for name, value in changes.items()})
    fields["status"] = fields["status"] or ""
    entry.sealed = key.seal(canonical_json(fields), place)
    born = fields["date_of_birth"]
    entry.under_age = is_under_age(date.fromisoformat(born) if born else None, imported_on)


def _require_correctable(changes: Mapping[str, str]) -> None:
    wrong = sorted(set(changes) - CORRECTABLE)
    if wrong or not changes:
        raise Refused(
            f"{', '.join(wrong) or 'nothing'} cannot be corrected on a list; "
            f"{', '.join(sorted(CORRECTABLE))} can. For anything else stand the entry down and "
            "import the list anew"
        )
    if not changes.get("reason", "x").strip():
        raise Refused("a reason is corrected, not taken away: say it")
    if any(len(value) > LONGEST for value in changes.values()):
        raise Refused(f"a correction has at most {LONGEST} characters")
    born = changes.get("date_of_birth", "").strip()
    try:
        date.fromisoformat(born or "2000-01-01")
    except ValueError:
        raise Refused(f"date_of_birth {born[:40]!r} is no date; write 1990-12-31") from None
