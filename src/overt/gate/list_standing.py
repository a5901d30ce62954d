"""Who on a list is looked for, and who is kept out of it by a rule, as the log has it.

An entry takes a second person's check (R15), and some take an approval with a rationale (R19). Both
count only where a line of the log tells of them for this very list, made by somebody else than its
builder and, for a deployment, before it was signed: whatever widens takes a new signature.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.config.canonical import canonical_json
from overt.errors import Refused
from overt.gate.account_standing import line_at, parsed, raw_lines
from overt.gate.list_reading import Act, entries_of, looked_for
from overt.gate.restrictions import restricted
from overt.identifiers import ActorId, SubjectId
from overt.policy.case import ListFacts
from overt.policy.deployments import past_review
from overt.policy.profile import Profile
from overt.policy.rule import Rule
from overt.policy.watchlists import takes_approval
from overt.records.schema import EntryRow, WatchlistRow
from overt.units import UtcTime

_OF_LISTS = (
    AuditEvent.ENTRIES_CHECKED.value,
    AuditEvent.ENTRY_APPROVED.value,
    AuditEvent.LIST_RECHECKED.value,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What others than its builder did for a list."""

    everybody: bool
    """Somebody checked the list as a whole."""
    checked: frozenset[SubjectId]
    approved: frozenset[SubjectId]
    rechecked_at: UtcTime | None

    def has_checked(self, subject: SubjectId) -> bool:
        return self.everybody or subject in self.checked


@dataclass(frozen=True, slots=True)
class Sought:
    """Everybody who is looked for, and how many are kept out, by the reason."""

    entries: tuple[EntryRow, ...]
    unchecked: int
    unapproved: int
    under_age: int


def builder_of(act: Act, row: WatchlistRow) -> ActorId:
    """Who imported the list: whom the log names, not the row."""
    return _import_of(act, row).actor


def _import_of(act: Act, row: WatchlistRow) -> Line:
    """The line that tells of its import."""
    line = line_at(act, row.audit_id)
    if (
        line is None
        or line.event != AuditEvent.WATCHLIST_IMPORTED.value
        or line.detail.get("watchlist") != row.name
        or line.detail.get("digest") != row.digest
    ):
        raise Refused(
            f"the watchlist {row.name} was altered outside overt (no line of the log tells of its "
            "import): keep this copy for whoever looks into it, and import the list anew"
        )
    return line


def seen_of(act: Act, row: WatchlistRow, until: int | None = None) -> Seen:
    """What second persons did for the list, before the line `until` where one is given."""
    builder = builder_of(act, row)
    lines = list(_lines(act, row))
    others = [
        line for line in lines if line.actor != builder and (until is None or line.seq < until)
    ]
    checks = [line for line in others if line.event == AuditEvent.ENTRIES_CHECKED.value]
    again = [line.at for line in lines if line.event == AuditEvent.LIST_RECHECKED.value]
    return Seen(
        everybody=any(line.detail.get("everybody") is True for line in checks),
        checked=frozenset(map(_subject, checks)),
        approved=frozenset(
            _subject(line) for line in others if line.event == AuditEvent.ENTRY_APPROVED.value
        ),
        rechecked_at=max(again, default=None),
    )


def _lines(act: Act, row: WatchlistRow) -> Iterator[Line]:
    mark = canonical_json(row.digest)
    for raw in raw_lines(act, _OF_LISTS, row.audit_id + 1):
        line = parsed(raw) if mark in raw else None
        if line is not None and line.detail.get("watchlist") == row.name:
            yield line


def _subject(line: Line) -> SubjectId:
    return SubjectId(str(line.detail.get("subject", "")))


def sought(act: Act, row: WatchlistRow, profile: Profile | None, until: int | None) -> Sought:
    """Who is looked for under a profile; without one, nobody is kept out but by date."""
    unusable = restricted(act)
    standing = [
        entry
        for entry in entries_of(act, row.id)
        if looked_for(entry, act.now) and entry.subject_id not in unusable
    ]
    if profile is None:
        return Sought(tuple(standing), 0, 0, 0)
    seen = seen_of(act, row, until)
    unchecked = [entry for entry in standing if not _checked(entry, seen, profile)]
    unapproved = [entry for entry in standing if not _approved(entry, seen, profile)]
    out = {entry.id for entry in (*unchecked, *unapproved)}
    kept = tuple(entry for entry in standing if entry.id not in out)
    return Sought(kept, len(unchecked), len(unapproved), sum(entry.under_age for entry in kept))


def is_sought(
    act: Act, row: WatchlistRow, entry: EntryRow, profile: Profile, until: int | None
) -> bool:
    """Whether one entry is looked for, asked at the last moment."""
    if not looked_for(entry, act.now) or entry.subject_id in restricted(act):
        return False
    seen = seen_of(act, row, until)
    return _checked(entry, seen, profile) and _approved(entry, seen, profile)


def _checked(entry: EntryRow, seen: Seen, profile: Profile) -> bool:
    return Rule.SECOND_CHECK in profile.waived or seen.has_checked(entry.subject_id)


def _approved(entry: EntryRow, seen: Seen, profile: Profile) -> bool:
    takes = takes_approval(entry.category, profile, under_age=entry.under_age)
    return not takes or entry.subject_id in seen.approved


def list_facts(
    act: Act, row: WatchlistRow, profile: Profile | None, until: int | None
) -> ListFacts:
    found, imported = sought(act, row, profile, until), _import_of(act, row)
    categories: dict[str, int] = {}
    for entry in found.entries:
        categories[entry.category] = categories.get(entry.category, 0) + 1
    return ListFacts(
        name=row.name,
        digest=row.digest,
        imported_at=row.imported_at,
        people=len(found.entries),
        categories=categories,
        past_review=sum(past_review(e.review_by, act.now) for e in entries_of(act, row.id)),
        imported_by=imported.actor,
        unchecked=found.unchecked,
        unapproved=found.unapproved,
        under_age=found.under_age,
        rechecked_at=seen_of(act, row).rechecked_at,
        necessity_stated=int(imported.detail.get("necessity_stated", 0)),
    )
