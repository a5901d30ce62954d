"""One act: what it reads, what it changes and the line that tells of it, all or nothing.

The write lock is taken when the act begins. An act without an audit line cannot commit
(transaction lock); its lines and its rows reach the disk together.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from types import TracebackType
from typing import Final, Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from overt.audit.events import AuditEvent, unsaid
from overt.audit.line import Fact
from overt.audit.tree import CompactRange, leaf_hash
from overt.errors import Fault, Refused
from overt.identifiers import ActorId, KeyId
from overt.policy.retention import RecordKind, delete_after
from overt.records.columns import Table
from overt.records.database import as_fault
from overt.records.governed import PROFILE, profile_of
from overt.records.guard import Alteration, Guard, How, require_unaltered
from overt.records.guarded import GUARDED
from overt.records.log import Held, LogEnd, read_held, read_state
from overt.records.marks import RowKey
from overt.records.planted import require_own_schema
from overt.records.proved_lines import LogEnds, ProvedLines, altered_line
from overt.records.records import Records
from overt.records.schema import DataKeyRow
from overt.records.vault import DataKey, KeyKind
from overt.units import UtcTime, iso, utc

LONGEST_FACT: Final = 1000
"""Characters of a text in the log: enough for an id or a refusal, too little for an image."""


class Unaudited(Fault):
    """An act was about to commit and nothing tells of it: a mistake of the program."""


class Unjustified(Refused):
    """A consultation or disclosure without what section 62 asks to be logged with it."""


class UnitOfWork:
    """One act by one actor: `with UnitOfWork(records, actor_id) as work`.

    Leaving the block commits; an exception rolls everything back, its lines too.
    """

    def __init__(self, records: Records, actor: ActorId) -> None:
        self._records = records
        self.actor = actor
        self.session = Session(records.writer, expire_on_commit=False)
        """SQLAlchemy's: select with it; add rows with `keep`."""
        self._made_keys: list[KeyId] = []
        self._doomed_keys: list[KeyId] = []
        self.now: UtcTime
        """The time of the act and of its lines: never before the last line of the log."""

    def __enter__(self) -> Self:
        try:
            connection = self.session.connection()
            require_own_schema(connection)
            state = read_state(connection, self._records.signer.verifier)
            self._held = read_held(connection, self._records.vault, state.tree)
            self._guard = Guard(connection, self._records.vault.marker)
        except BaseException as error:
            self._abandon(error)
            raise
        self._log = LogEnd(
            connection, self._records.signer, self._records.vault.linker, state.tree,
            self._held.log, self._held.to_tell,
        )  # fmt: skip
        self._records.clock.no_earlier_than(state.at)
        self.now = max(state.at, in_milliseconds(self._records.clock.now()))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._abandon(error)
            return
        try:
            self._commit()
        except BaseException as failure:
            self._abandon(failure)
            raise

    def audit(self, event: AuditEvent, **facts: Fact) -> int:
        """Tell of the act; give the line's number, the `audit_id` of the rows it puts down.

        Facts are ids and counts: no names of listed people, images, vectors or addresses. What is
        about something under a profile names the profile too (`governed.py`).
        """
        told = {name: _tellable(fact) for name, fact in facts.items()}
        if (profile := profile_of(self.session, told)) is not None:
            told[PROFILE] = profile
        if missing := unsaid(event, told):
            raise Unjustified(f"{event.value} needs its {' and '.join(missing)}, in words")
        return self._log.append(event, actor=self.actor, at=self.now, facts=told)

    def keep(self, *rows: Table) -> None:
        """Write rows now, so that what refers to them can follow."""
        self.session.add_all(rows)
        self.session.flush()

    def require_unaltered(self, *tables: type[Table]) -> None:
        """Raise AlteredRecords where somebody changed these tables outside overt.

        Asked before the act changes any of them, of what decides or is shown.
        """
        require_unaltered(self._guard, self._held.tallies, tables)

    @property
    def lines(self) -> ProvedLines:
        """The log as it now stands, for whatever is decided from it."""
        return self._records.proved(self.session.connection(), self._log.log)

    def require_signed(self, tree: CompactRange, rest: Iterable[bytes]) -> None:
        """Raise AlteredRecords unless these lines, after those of the tree, are the whole log."""
        if reduce(CompactRange.append, map(leaf_hash, rest), tree) != self._log.tree:
            raise altered_line(tree.size - 1, How.ALTERED)

    def begin_log_at(self, first: int) -> None:
        """The lines before were sealed in this act."""
        self._log.log = LogEnds(self._log.log.ends, first)

    def alterations(self, tables: Iterable[str]) -> list[Alteration]:
        """What somebody did to these tables outside overt; asked before the act changes any."""
        return list(self._guard.alterations(self._held.tallies, [GUARDED[name] for name in tables]))

    def altered_rows(self, table: str, keys: Iterable[RowKey]) -> list[Alteration]:
        """Which of these rows somebody changed outside overt; asked before they go."""
        return list(self._guard.alterations_of(GUARDED[table], keys))

    def new_data_key(self, kind: KeyKind, audit_id: int) -> DataKey:
        """Make a key for one watchlist, one alert or the secrets."""
        key, wrapped = self._records.vault.new_key()
        self.keep_data_key(key.id, kind, wrapped, audit_id)
        return key

    def keep_data_key(self, key_id: KeyId, kind: KeyKind, wrapped: bytes, audit_id: int) -> None:
        """Keep a key: its file first, so that no row is ever sealed under a key that is lost."""
        self._made_keys.append(key_id)
        self._records.keys.put(key_id, wrapped)
        self.keep(
            DataKeyRow(
                id=key_id,
                kind=kind,
                wrapped=None,
                made_at=self.now,
                destroyed_at=None,
                audit_id=audit_id,
                delete_after=delete_after(RecordKind.DATA_KEY, None, self.now),
            )
        )

    def data_key(self, key_id: KeyId) -> DataKey:
        """Open a key; raise Refused where it was destroyed."""
        row = self.session.get_one(DataKeyRow, key_id)
        wrapped = self._records.keys.get(key_id) if row.destroyed_at is None else None
        if wrapped is None:
            raise Refused(f"the key {key_id} was destroyed: what it sealed is gone")
        return self._records.vault.unwrap(key_id, wrapped)

    def kept_data_keys(self) -> frozenset[KeyId]:
        """Every key whose file is there."""
        return self._records.keys.ids()

    def holds_data_key(self, key_id: KeyId) -> bool:
        """Whether the key's file is there."""
        return self._records.keys.get(key_id) is not None

    def destroy_data_key(self, key_id: KeyId) -> None:
        """Make everything that the key sealed unreadable, here and in every backup."""
        row = self.session.get_one(DataKeyRow, key_id)
        row.destroyed_at = self.now
        row.delete_after = delete_after(RecordKind.DATA_KEY, None, self.now)
        self.session.flush()
        self._doomed_keys.append(key_id)
        self.audit(AuditEvent.KEY_DESTROYED, key=key_id, kind=row.kind.value)

    def _commit(self) -> None:
        self.session.flush()
        if not self._log.appended:
            raise Unaudited("an act left no line in the audit log, so it was not done")
        held = Held(*self._guard.follow(self._held.tallies), self._log.log)
        self._log.close(self.now, self._log.sealed(held, self._records.vault))
        self.session.commit()
        self._made_keys.clear()
        # A crash here leaves files whose rows say that they are destroyed: the next opening of the
        # gate ends what was begun.
        self._records.keys.shred(self._doomed_keys)

    def _abandon(self, error: BaseException) -> None:
        self.session.close()  # rolls back
        self._records.keys.shred(self._made_keys)
        self._made_keys.clear()
        if isinstance(error, DBAPIError):
            raise as_fault(error) or error from error


class Reading:
    """A look at the records that leaves no line: `with Reading(records) as reading`.

    For housekeeping that shows nobody (is a stop requested? is anything due?). Whoever reads
    about a person does it in a UnitOfWork. The database refuses to write here.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self.session = Session(records.reader, expire_on_commit=False)
        self.now: UtcTime
        self._lines: ProvedLines | None = None

    def __enter__(self) -> Self:
        self.now = in_milliseconds(self._records.clock.now())
        return self

    def require_unaltered(self, *tables: type[Table]) -> None:
        """Raise AlteredRecords where somebody changed these tables outside overt."""
        guard = Guard(self.session.connection(), self._records.vault.marker)
        require_unaltered(guard, self._held().tallies, tables)

    def alterations(self, tables: Iterable[str]) -> list[Alteration]:
        """What somebody did to these tables outside overt."""
        guard = Guard(self.session.connection(), self._records.vault.marker)
        shapes = [GUARDED[name] for name in tables]
        return list(guard.alterations(self._held().tallies, shapes))

    @property
    def lines(self) -> ProvedLines:
        """The log as this look sees it, for whatever is decided from it."""
        if self._lines is None:
            self._lines = self._records.proved(self.session.connection(), self._held().log)
        return self._lines

    def _held(self) -> Held:
        connection = self.session.connection()
        require_own_schema(connection)
        state = read_state(connection, self._records.signer.verifier)
        return read_held(connection, self._records.vault, state.tree)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()
        if isinstance(error, DBAPIError):
            raise as_fault(error) or error from error


def fresh_id() -> str:
    """Make an id that no row ever had."""
    return secrets.token_hex(16)


def in_milliseconds(moment: UtcTime) -> UtcTime:
    """Cut a time to what is written of it, so that it equals itself when read back."""
    return utc(datetime.fromisoformat(iso(moment)))


def _tellable(fact: Fact) -> Fact:
    """Text that has bytes (a file's name may hold half characters), and not too many."""
    if not isinstance(fact, str):
        return fact
    return fact.encode(errors="replace").decode()[:LONGEST_FACT]
