"""Delete what is past its date, and destroy the keys that sealed it.

Every row about a person says when it dies (`delete_after`, written when it was made). The first
thing that opening the gate does is to delete what is due, so that no command ever sees it; long
processes call `expire` as they go. A data key dies with the last row that needs it, which makes
the same data unreadable in every backup. An alert under a legal hold stays, with its evidence.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, select

from overt.audit.events import AuditEvent
from overt.audit.note import Note
from overt.audit.receipt import Receipt
from overt.errors import Fault, Refused
from overt.gate.account_dates import due_accounts, keep_those_in_use
from overt.gate.destruction import (
    Purged,
    alarms,
    complete,
    destroyed_keys,
    is_unfinished,
    receipts_of,
)
from overt.gate.door import Door
from overt.gate.hold_lines import standing_holds
from overt.gate.list_reading import Act
from overt.gate.purging import may_be_noted, note_purged, to_be_noted
from overt.identifiers import ActorId, AlertId, KeyId
from overt.policy.access import Actor, Permission
from overt.policy.retention import LATE_AFTER
from overt.records.counted_time import believe_clock
from overt.records.marks import key_values, row_key
from overt.records.records import PROGRAM, Records
from overt.records.schema import (
    AlertRow,
    DataKeyRow,
    DeploymentRow,
    EvidenceRow,
    ImageRow,
    TemplateRow,
)
from overt.records.tables import HOLDS, METADATA
from overt.records.work import Reading, UnitOfWork
from overt.units import Seconds, UtcTime

_TABLES = [t for t in reversed(METADATA.sorted_tables) if t.name in HOLDS]
_MORTAL = [t for t in _TABLES if "delete_after" in t.columns]  # what refers comes before
_WITH_ANOTHER = {t.__tablename__ for t in (EvidenceRow, ImageRow, TemplateRow)}
"""Pictures and templates go with their alert or entry, whatever their own date says."""
_TELLING = sorted({t.name for t in _MORTAL} - _WITH_ANOTHER)
_SEALED = [t for t in _TABLES if "data_key_id" in t.columns]


@dataclass(frozen=True, slots=True)
class Expired:
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows went, by table; what went with them is not counted."""
    keys: int = 0
    scrubbed: bool = True
    """False where a reader kept the write-ahead log open: the next expiry empties it."""

    def plus(self, rows: Mapping[str, int], keys: int) -> "Expired":
        return Expired(dict(Counter(self.rows) + Counter(rows)), self.keys + keys, self.scrubbed)


def altered_dates(reading: Reading) -> Iterator[str]:
    """Whoever sets a date off in the database keeps what it is of; a purge tells."""
    for alteration in reading.alterations(_TELLING):
        yield (
            f"ALTERED OUTSIDE OVERT: {alteration}; keep this copy for whoever looks into it (overt "
            "audit check): nobody knows when such a row is due"
        )


MOST_AHEAD: Final = Seconds(300.0)
"""More than clocks are corrected by while a machine runs."""


class _NothingToDo(Exception):  # noqa: N818  no error: the act is undone, and leaves no line
    """Another process was faster."""


class ExpiryGate(Door):
    def __init__(self, records: Records) -> None:
        super().__init__(records)
        self._went_by_itself = Expired()
        """What the program deleted since these records were opened, and nobody was told of."""

    def expire(self, actor: Actor) -> Expired:
        """Delete what is due, and end what was begun. Nothing due leaves no line."""
        self._permit(actor, Permission.EXPIRE)
        self._tell_of_the_clock()
        with self._look(actor, Permission.EXPIRE) as reading:
            due = _earliest_due(reading) is not None
            due = due or (may_be_noted(reading) and bool(to_be_noted(reading)))
        rows, keys = self._delete(actor.id) if due else ({}, 0)
        self._end_what_was_begun(actor.id)
        self._destroy_what_came_back(actor.id)
        return Expired(rows, keys, self._scrub())

    def purge(self, actor: Actor) -> Purged:
        """Delete and destroy what is due, and say what somebody has to look at.

        What these records deleted when they were opened, a moment before, is told with it.
        """
        gone = self.expire(actor)
        gone, self._went_by_itself = (
            self._went_by_itself.plus(gone.rows, gone.keys),
            Expired(),
        )
        with self._look(actor, Permission.EXPIRE) as reading:
            left = is_unfinished(reading) or _earliest_due(reading) is not None
            made = receipts_of(reading, str(self._records.signer.verifier))
            raised = alarms(reading, self._clock.behind())
            raised = (*raised, *altered_dates(reading))
        if left:
            raised = (*raised, "NOT ALL IS DESTROYED: another process holds the journal; try again")
        newest = made[-1].number if made else None
        return Purged(gone.rows, gone.keys, newest, raised)

    def receipts(self, actor: Actor) -> tuple[Receipt, ...]:
        """Every receipt of destruction, oldest first; of nobody, but what was destroyed."""
        with self._look(actor, Permission.RECEIPT_READ) as reading:
            return receipts_of(reading, str(self._records.signer.verifier))

    def receipt(self, actor: Actor, number: int) -> Note:
        """Sign one, for whoever keeps it."""
        with self._as(actor, Permission.RECEIPT_READ) as work:
            made = receipts_of(work, str(self._records.signer.verifier))
            found = [each for each in made if each.number == number]
            if not found:
                raise Refused(f"there is no receipt {number}: overt receipt list")
            work.audit(AuditEvent.RECEIPT_MADE, number=number)
            return found[0].signed_by(self._records.signer)

    def _expire_by_itself(self) -> tuple[str, ...]:
        """Before anybody acts, and as time goes by: by the program. Gives the alarms."""
        with self._telling_alterations(PROGRAM, "delete what is due"):
            return self._expired()

    def _tell_of_the_clock(self) -> None:
        """Before anything is deleted by it: a clock that is set ahead destroys evidence too early."""
        if (ahead := self._clock.ahead()) <= MOST_AHEAD:
            return
        with UnitOfWork(self._records, PROGRAM) as work:
            work.audit(AuditEvent.CLOCK_AHEAD, seconds=int(ahead))
        believe_clock(self._records.home, self._clock)

    def _expired(self) -> tuple[str, ...]:
        self._tell_of_the_clock()
        with Reading(self._records) as reading:
            due = _earliest_due(reading) is not None
        if due:
            self._went_by_itself = self._went_by_itself.plus(*self._delete(PROGRAM))
        self._end_what_was_begun(PROGRAM)
        self._destroy_what_came_back(PROGRAM)
        with Reading(self._records) as reading:
            return alarms(reading, self._clock.behind())

    def _delete(self, who: ActorId) -> tuple[dict[str, int], int]:
        with suppress(_NothingToDo), UnitOfWork(self._records, who) as work:
            noted, doubt = may_be_noted(work), keys_in_doubt(work)
            kept = keep_those_in_use(work, due_accounts(work))
            earliest = _earliest_due(work)
            rows, keys = ({}, 0) if earliest is None else delete_due(work, doubt)
            if earliest is not None and (late := work.now - earliest) > LATE_AFTER:
                work.audit(AuditEvent.PURGE_LATE, seconds=int(late.total_seconds()))
            done = note_purged(work) if noted else 0
            if not done and not kept and earliest is None:
                raise _NothingToDo
            return rows, keys
        return {}, 0

    def _end_what_was_begun(self, who: ActorId) -> None:
        """Overwrite the files of destroyed keys, empty the journal, look, and say that it is done.

        Whatever stops in between, a power cut or a reader of the journal, is taken up by the next.
        """
        with Reading(self._records) as reading:
            if not is_unfinished(reading):
                return
            begun = self._half_destroyed(reading)
        self._records.keys.shred(begun)
        if not self._scrub():
            return
        with suppress(_NothingToDo), UnitOfWork(self._records, who) as work:
            # Another process may have said so already, or be in the middle of the next.
            if not is_unfinished(work) or self._half_destroyed(work):
                raise _NothingToDo
            complete(work)

    def _destroy_what_came_back(self, who: ActorId) -> None:
        """Keys of which it was told that nothing is left, and whose files lie there again.

        Told before they go again: a crash in between would leave no trace of it. Only where there
        is a file that no living row names is the log asked, which takes its time.
        """
        living = select(DataKeyRow.id).where(DataKeyRow.destroyed_at.is_(None))
        with Reading(self._records) as reading:
            strange = self._records.keys.ids() - set(reading.session.scalars(living))
            if not strange or is_unfinished(reading):
                return
            back = self._half_destroyed(reading)
        if not back:
            return
        with UnitOfWork(self._records, who) as work:
            for key in sorted(back):
                work.audit(AuditEvent.KEY_CAME_BACK, key=key)
        self._records.keys.shred(back)

    def _half_destroyed(self, act: Act) -> frozenset[KeyId]:
        """Keys that the log proves to be destroyed, and whose files are there.

        A row alone says nothing: whoever edits it would destroy the key of what lives.
        """
        return self._records.keys.ids() & destroyed_keys(act)


def delete_sealed_without_key(work: UnitOfWork) -> int:
    """After a restore: what was sealed under a key that is gone goes too."""
    standing = select(DataKeyRow.id).where(DataKeyRow.destroyed_at.is_(None))
    lost = [key for key in work.session.scalars(standing) if not work.holds_data_key(key)]
    connection = work.session.connection()
    for table in _SEALED:
        connection.execute(delete(table).where(table.columns["data_key_id"].in_(lost)))
    for key in lost:
        work.destroy_data_key(key)
    return len(lost)


@dataclass(frozen=True, slots=True)
class KeysInDoubt:
    """Where a row that names its key was altered, another key than its own looks needless."""

    altered: bool = False
    of_true_rows: frozenset[KeyId] = frozenset()
    """Only these may go then, once their rows did."""

    def may_go(self, key: KeyId) -> bool:
        return not self.altered or key in self.of_true_rows


def keys_in_doubt(work: UnitOfWork) -> KeysInDoubt:
    """Hold the rows that name keys against their marks, before the act changes any of them."""
    names = [table.name for table in _SEALED]
    found = work.alterations(names)
    if not found:
        return KeysInDoubt()
    altered = {(each.table, each.key) for each in found}
    named = ((t, row) for t in _SEALED for row in work.session.execute(_naming(t)))
    return KeysInDoubt(
        altered=True,
        of_true_rows=frozenset(
            KeyId(row[0])
            for table, row in named
            if (table.name, row_key(_plain(value) for value in row[1:])) not in altered
        ),
    )


def _naming(table: Table) -> Select[Any]:
    return select(table.columns["data_key_id"], *table.primary_key)


def delete_orphans(work: UnitOfWork, doubt: KeysInDoubt) -> int:
    """Destroy every key that no row needs any more.

    One whose row says that it is destroyed, and whose file is there without a line, goes too.
    """
    held = (exists().where(t.columns["data_key_id"] == DataKeyRow.id) for t in _SEALED)
    orphans = select(DataKeyRow.id, DataKeyRow.destroyed_at).where(*(~each for each in held))
    untold = work.kept_data_keys() - destroyed_keys(work)
    keys = [
        key
        for key, destroyed_at in work.session.execute(orphans)
        if (destroyed_at is None or key in untold) and doubt.may_go(key)
    ]
    for key in keys:
        work.destroy_data_key(key)
    return len(keys)


def _earliest_due(act: Act) -> UtcTime | None:
    """Since when something should be gone; None where nothing is due, or all of it is held."""
    held = frozenset(standing_holds(act))
    found = (
        act.session.scalar(select(func.min(t.columns["delete_after"])).where(_is_due(t, act, held)))
        for t in _MORTAL
    )
    return min((each for each in found if each is not None), default=None)


def delete_due(work: UnitOfWork, doubt: KeysInDoubt) -> tuple[dict[str, int], int]:
    """Delete what is due; `keys_in_doubt` was asked before.

    A row that was altered goes too: its date of death may not be its own, but neither may anybody
    keep a face for longer by altering it. The log names it.
    """
    held = frozenset(standing_holds(work))
    for table in _MORTAL:
        _tell_altered(work, table, held)
    counted = {table.name: _delete_due_of(work, table, held) for table in _MORTAL}
    rows = {name: count for name, count in counted.items() if count}
    work.audit(AuditEvent.EXPIRED, **rows)
    return rows, delete_orphans(work, doubt)


def _delete_due_of(work: UnitOfWork, table: Table, held: frozenset[AlertId]) -> int:
    due = _is_due(table, work, held)
    if table.name == DataKeyRow.__tablename__:  # an altered one may yet have to be destroyed
        ids = list(work.session.scalars(select(DataKeyRow.id).where(due)))
        altered = work.altered_rows(table.name, [row_key([each]) for each in ids])
        kept = [key_values(each.key)[0] for each in altered if each.key is not None]
        due = and_(due, table.columns["id"].not_in(kept))
    connection = work.session.connection()
    count = connection.execute(delete(table).where(due)).rowcount
    if connection.scalar(select(exists().where(due))):
        raise Fault(
            "rows that are due stay although they were deleted: something in the database keeps "
            "them; restore a backup (overt restore)"
        )
    return count


def _tell_altered(work: UnitOfWork, table: Table, held: frozenset[AlertId]) -> None:
    columns = list(table.primary_key)
    due = select(*columns).where(_is_due(table, work, held))
    keys = [row_key(_plain(value) for value in row) for row in work.session.execute(due)]
    for altered in work.altered_rows(table.name, keys):
        work.audit(AuditEvent.ROW_ALTERED, what=str(altered))


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _is_due(table: Table, act: Act, held: frozenset[AlertId]) -> ColumnElement[bool]:
    due = table.columns["delete_after"] <= act.now
    if table.name == DataKeyRow.__tablename__:  # a key lives on with what it seals
        needed = (exists().where(t.columns["data_key_id"] == table.columns["id"]) for t in _SEALED)
        return and_(due, table.columns["destroyed_at"].is_not(None), *(~each for each in needed))
    if not held:
        return due
    if table.name == AlertRow.__tablename__:
        return and_(due, table.columns["id"].not_in(held))
    if table.name == DeploymentRow.__tablename__:  # what is of it would go with it
        of_held = select(AlertRow.deployment_id).where(AlertRow.id.in_(held))
        return and_(due, table.columns["id"].not_in(of_held))
    if any(key.column.table.name == AlertRow.__tablename__ for key in table.foreign_keys):
        return and_(due, table.columns["alert_id"].not_in(held))
    return due
