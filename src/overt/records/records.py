"""Open OVERT_HOME: its folder, database, schema, keys and log, or say which of them is wrong.

The first opening makes the installation: a master key, a key that signs the log, and line 0. From
then on the database names its keys, so that a lost, swapped or damaged one is told, never replaced.
"""

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, Row, insert, select
from sqlalchemy.exc import DBAPIError

from overt.audit.events import AuditEvent
from overt.audit.note import Signer, read_verifier
from overt.audit.tree import CompactRange, leaf_hash
from overt.errors import Fault, Refused
from overt.identifiers import ActorId, KeyId
from overt.records.counted_time import learn_time
from overt.records.database import (
    Place,
    as_fault,
    broken_references,
    migrating_writer,
    reader,
    writer,
)
from overt.records.guard import AlteredRecords, Guard, require_unaltered
from overt.records.guarded import shapes_before
from overt.records.home import Home, Lock, opening_lock, use_lock
from overt.records.journal import leave_no_journal
from overt.records.key_files import load_log_key, load_master_key, make_log_key, make_master_key
from overt.records.key_folder import KeyFolder
from overt.records.log import (
    Held,
    LogEnd,
    LogState,
    leaves,
    read_held,
    read_state,
    sealed_range,
)
from overt.records.migrate import current_revision, migrate, newest_revision, require_known
from overt.records.planted import require_own_schema
from overt.records.postgres import (
    OWNER,
    Postgres,
    postgres_named,
    prepare,
    require_no_right_to_the_past,
)
from overt.records.proved_lines import LinesKept, LogEnds, ProvedLines, link_everything
from overt.records.rebind import rebind
from overt.records.schema import DataKeyRow, InstallationRow
from overt.records.vault import Vault
from overt.units import Clock, UtcTime

IN_USE: Final = "another overt is using these records: stop it, then try again"
FIRST_MARKED: Final = "0006"
FIRST_SEALED: Final = "0007"
FIRST_LINKED: Final = "0011"
"""The schemas with which rows had marks, lines could be sealed, and lines were linked."""
PROGRAM: Final = ActorId("overt")
"""Whoever acts where the program itself does: installing, migrating."""


@dataclass(slots=True)
class Records:
    """Everything that an act needs; opened by `open_records`, closed by `close`."""

    home: Home
    place: Place
    writer: Engine
    reader: Engine
    vault: Vault
    keys: KeyFolder
    signer: Signer
    clock: Clock
    use: Lock
    kept: LinesKept = field(default_factory=LinesKept)

    def proved(self, connection: Connection, log: LogEnds) -> ProvedLines:
        return ProvedLines(connection, self.vault.linker, log, self.kept)

    def close(self) -> None:
        """End; whoever is the last leaves no journal. One at a time, so that one of them is."""
        if self.use.is_released:
            return
        with suppress(Fault, Refused):  # the folder is gone, or closed to this account now
            closing = opening_lock(self.home)
            try:
                closing.alone()
                if self.use.alone_at_once():
                    leave_no_journal(self.writer)
                self._let_go()
            finally:
                closing.release()
        self._let_go()

    def _let_go(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.use.release()


def open_records(home: Home, clock: Clock, place: Place | None = None) -> Records:
    """Open the records, making or migrating them where needed.

    They lie where OVERT_DATABASE says, else in a file of the home, unless a place is named.

    Raises Refused where a key is lost or foreign, the folder is not ours, or a newer program
    wrote the records; Fault where the disk or the database fails.
    """
    place = place or postgres_named() or home.database
    home.prepare()
    use = use_lock(home)
    opening = opening_lock(home)
    try:
        opening.alone()
        alone = use.alone_at_once()
        if alone:
            home.clear_aside()
        _bring_up_to_date(home, place, clock, use)
        use.shared()
        records = _open(home, place, clock, use)
        if alone:  # and nobody else opens them meanwhile
            _shred_nobodys_keys(records)
    except BaseException as error:
        use.release()
        if isinstance(error, DBAPIError):
            raise as_fault(error) or error from error
        raise
    else:
        return records
    finally:
        opening.release()


def _open(home: Home, place: Place, clock: Clock, use: Lock) -> Records:
    reading = reader(place)
    try:
        with reading.begin() as connection:
            installed = _installed(connection)
            assert installed is not None  # made or found by _bring_up_to_date
            if isinstance(place, Postgres):
                require_no_right_to_the_past(connection)
            master = load_master_key(home.master_key, installed.master_key_id)
            signer = load_log_key(home.log_key, installed.log_verifier)
            last_line = read_state(connection, signer.verifier).at
        clock.no_earlier_than(last_line)
        learn_time(home, clock, last_line)
    except BaseException:
        reading.dispose()
        raise
    return Records(
        home, place, writer(place), reading, Vault(master), KeyFolder.of(home), signer, clock, use
    )


def _shred_nobodys_keys(records: Records) -> None:
    """Keys of acts that a crash undid: made, and never kept. Nobody else has the records open.

    While the table of keys was altered none is shredded: somebody may have taken a row away.
    """
    with records.reader.begin() as connection:
        kept = set(connection.scalars(select(DataKeyRow.id)))
        if records.keys.names() <= kept or not _keys_are_unaltered(records, connection):
            return
    records.keys.shred_all_but(kept)


def _keys_are_unaltered(records: Records, connection: Connection) -> bool:
    state = read_state(connection, records.signer.verifier)
    marker = records.vault.marker
    try:
        held = read_held(connection, records.vault, state.tree)
        require_unaltered(Guard(connection, marker), held.tallies, [DataKeyRow])
    except (AlteredRecords, Fault):
        return False
    return True


def _bring_up_to_date(home: Home, place: Place, clock: Clock, use: Lock) -> None:
    """Make the installation, or migrate it; the database is either wholly so or as before."""
    if isinstance(place, Path):
        if home.log_key.exists() and not place.exists():
            raise _gone(home)
        home.make_database_file()
    engine = migrating_writer(place)
    try:
        with engine.begin() as connection:
            before = current_revision(connection)
            if before is None and home.installed.exists():  # emptied, not interrupted at its first
                raise _gone(home)
            require_known(before)
            if before != newest_revision():
                if not use.alone_at_once():
                    raise Refused(IN_USE)
                if isinstance(place, Postgres) and place.owner is None:
                    raise Refused(
                        "the records have to be made or migrated, which takes the owner of the "
                        f"tables: name its account in {OWNER}, this once"
                    )
                _require_unaltered(connection, home, before)
                migrate(connection)
                if isinstance(place, Postgres):
                    prepare(connection, place.application.username or "")
                _tell(connection, home, clock, before)
                if broken_references(connection):
                    raise Fault("the older records refer to rows that are gone: restore a backup")
    finally:
        if use.alone_at_once():  # what a killed process left in its journal goes with this one
            leave_no_journal(engine)
        engine.dispose()
    home.note_installed()


def _gone(home: Home) -> Refused:
    return Refused(
        f"OVERT_HOME {home.path} holds the keys of records that are gone: restore them "
        "(overt restore FILE), or move its folder keys away to begin anew"
    )


def _tell(connection: Connection, home: Home, clock: Clock, before: str | None) -> None:
    installed = _installed(connection)
    if installed is None:
        _install(connection, home, clock)
        return
    signer = load_log_key(home.log_key, installed.log_verifier)
    state = read_state(connection, read_verifier(installed.log_verifier))
    clock.no_earlier_than(state.at)
    now = clock.now()
    vault = Vault(load_master_key(home.master_key, installed.master_key_id))
    ends = _ends(connection, vault, state, before)
    log = LogEnd(connection, signer, vault.linker, state.tree, ends)
    facts = {"from": before or "", "to": newest_revision()}
    log.append(AuditEvent.MIGRATED, actor=PROGRAM, at=now, facts=facts)
    rebind(connection, vault, before, KeyFolder.of(home))
    _close(connection, log, vault, now)


def _ends(connection: Connection, vault: Vault, state: LogState, before: str | None) -> LogEnds:
    """Where the chains of lines end; those of an overt before 0011 begin now."""
    if before is not None and before >= FIRST_LINKED:
        return read_held(connection, vault, state.tree).log
    return link_everything(connection, vault.linker, sealed_range(connection).size)


def _require_unaltered(connection: Connection, home: Home, before: str | None) -> None:
    """Before a migration writes every mark anew: what it takes along is what overt left."""
    installed = _installed(connection) if before is not None else None
    if before is None or installed is None:
        return
    state = read_state(connection, read_verifier(installed.log_verifier))
    _require_signed_lines(connection, state, before)
    require_own_schema(connection, before)
    if before < FIRST_MARKED:
        return
    shapes = shapes_before(connection)
    vault = Vault(load_master_key(home.master_key, installed.master_key_id))
    held = read_held(connection, vault, state.tree)
    if found := list(Guard(connection, vault.marker).alterations(held.tallies, shapes.values())):
        raise AlteredRecords(found)


def _require_signed_lines(connection: Connection, state: LogState, before: str) -> None:
    sealed = sealed_range(connection) if before >= FIRST_SEALED else CompactRange()
    if reduce(CompactRange.append, map(leaf_hash, leaves(connection)), sealed) != state.tree:
        raise Refused(
            "the log's lines are not those that were signed: they were altered outside overt; keep "
            "this copy for whoever looks into it, and restore a backup (overt restore)"
        )


def _close(connection: Connection, log: LogEnd, vault: Vault, now: UtcTime) -> None:
    """End an act that wrote everything anew."""
    tallies = Guard(connection, vault.marker).mark_everything()
    told = " ".join(f"{name}={tally.rows}" for name, tally in tallies.items() if tally.rows)
    log.close(now, log.sealed(Held(tallies, told, log.log), vault))


def _install(connection: Connection, home: Home, clock: Clock) -> None:
    """Make the keys and line 0. Keys are made here and nowhere else: a later loss is told."""
    master = make_master_key(home)
    signer = make_log_key(home, f"overt/{secrets.token_hex(8)}")
    now = clock.now()
    vault = Vault(master)
    log = LogEnd.empty(connection, signer, vault.linker)
    audit_id = log.append(
        AuditEvent.INSTALLED,
        actor=PROGRAM,
        at=now,
        facts={"log": str(signer.verifier), "master_key": master.id, "schema": newest_revision()},
    )
    connection.execute(
        insert(InstallationRow).values(
            id=1,
            master_key_id=master.id,
            log_verifier=str(signer.verifier),
            made_at=now,
            audit_id=audit_id,
        )
    )
    _close(connection, log, vault, now)


def _installed(connection: Connection) -> Row[KeyId, str] | None:
    return connection.execute(
        select(InstallationRow.master_key_id, InstallationRow.log_verifier)
    ).one_or_none()
