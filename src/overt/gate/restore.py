"""Put a backup in the place of records that are lost or older.

It needs the backup, its file of keys and the master key, which no backup holds. It refuses to
overwrite records that are newer, another's, or in use: what the log has told cannot be untold. The
account must be one that may back up. What was deleted since stays deleted: a data key that is not
in the file of keys is destroyed, and what it sealed goes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import DBAPIError

from overt.audit.events import AuditEvent
from overt.audit.tree import CompactRange, leaf_hash
from overt.errors import Fault, Refused
from overt.gate.account_dates import due_accounts, keep_those_in_use
from overt.gate.account_standing import standing_roles
from overt.gate.expiry import delete_due, delete_sealed_without_key, keys_in_doubt
from overt.gate.people import account
from overt.identifiers import KeyId
from overt.policy.access import Actor, Permission, require
from overt.records.backup_file import (
    KEYS_NAME,
    ON_POSTGRES,
    Manifest,
    extract,
    put_keys_back,
    read_keys,
)
from overt.records.database import reader
from overt.records.home import Home, opening_lock, sync_folder, use_lock, write_private
from overt.records.journal import empty_journal
from overt.records.key_files import load_master_key
from overt.records.key_folder import KeyFolder
from overt.records.log import LogState, leaves, read_state, sealed_range
from overt.records.postgres import postgres_named
from overt.records.records import IN_USE, Records, open_records
from overt.records.vault import Vault
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    lost_keys: int
    """Data keys that were destroyed after the backup was made; what they sealed is gone."""


def restore(folder: Path, file: Path, *, clock: Clock, keys: Path | None = None) -> Restored:
    """Put the backup in the place of OVERT_HOME's records, or leave everything as it was."""
    if postgres_named() is not None:
        raise Refused(ON_POSTGRES)
    home = Home(folder.absolute())
    home.prepare()
    with _alone(home), TemporaryDirectory(dir=home.aside) as aside:
        made = Home(Path(aside) / "home")
        manifest = _unpack(home, made, file, keys or file.with_name(KEYS_NAME))
        records = open_records(made, clock, made.database)
        try:
            _require_older(home, records)
            lost = _begin_again(records, manifest)
            empty_journal(records.writer)
        finally:
            records.close()
        _put_in_place(home, made)
    return Restored(manifest, lost)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    opening, use = opening_lock(home), use_lock(home)
    try:
        opening.alone()
        if not use.alone_at_once():
            raise Refused(IN_USE)
        home.clear_aside()
        yield
    finally:
        use.release()
        opening.release()


def _unpack(home: Home, made: Home, file: Path, keys_file: Path) -> Manifest:
    """Make a home of the backup, beside the one that it may replace."""
    keys = read_keys(keys_file)
    master = load_master_key(home.master_key, KeyId(keys.master_key_id))
    try:
        signer = keys.log_key(Vault(master))
    except (Fault, Refused):
        raise Refused(f"{keys_file} was damaged: the log's key in it does not open") from None
    made.prepare()
    made.make_database_file()
    write_private(made.master_key, master.text().encode())
    write_private(made.log_key, f"{signer.secret_text()}\n".encode())
    manifest = extract(file, signer, made.database)
    put_keys_back(made.database, keys, KeyFolder.of(made))
    return manifest


def _require_older(home: Home, backup: Records) -> None:
    """Raise Refused unless the records in place, if any, are the backup's own past."""
    if not home.database.exists() or not home.database.stat().st_size:
        return
    try:
        present = _state(home, backup)
    except (Fault, DBAPIError) as trouble:
        raise Refused(
            f"{home.database} cannot be read as an earlier state of this backup, so nobody can "
            f"tell what it would cost to replace it ({trouble}): move it away, then restore"
        ) from trouble
    with Reading(backup) as reading:
        connection = reading.session.connection()
        tree = sealed_range(connection)
        for leaf in leaves(connection):
            tree = tree.append(leaf_hash(leaf))
            if tree == present.tree:
                return
    raise Refused(
        f"{home.database} is newer than the backup, which would undo "
        "what the log has told: if that is meant, move it away, then restore"
    )


def _state(home: Home, backup: Records) -> LogState:
    engine = reader(home.database)
    try:
        with engine.begin() as connection:
            return read_state(connection, backup.signer.verifier)
    finally:
        engine.dispose()


def _begin_again(records: Records, manifest: Manifest) -> int:
    who = account()
    with Reading(records) as reading:
        connection = reading.session.connection()
        state = read_state(connection, records.signer.verifier)
        hashes = map(leaf_hash, leaves(connection))
        if reduce(CompactRange.append, hashes, sealed_range(connection)) != state.tree:
            raise Refused("the log in the backup is not the one that was signed: it was altered")
        roles = standing_roles(reading, who)
    require(Actor(who, roles), Permission.BACK_UP)
    with UnitOfWork(records, who) as work:
        work.audit(AuditEvent.RESTORED, made_at=manifest.made_at, lines=manifest.lines)
        doubt = keys_in_doubt(work)
        lost = delete_sealed_without_key(work)
        keep_those_in_use(work, due_accounts(work))
        delete_due(work, doubt)
    return lost


def _put_in_place(home: Home, made: Home) -> None:
    """Replace the database last: until then the old one stands.

    Keys of the records that go are shredded when these are next opened, as nobody's.
    """
    theirs, ours = KeyFolder.of(made), KeyFolder.of(home)
    for key in theirs.ids():
        if (wrapped := theirs.get(key)) is not None:
            ours.put(key, wrapped)
    write_private(home.log_key, made.log_key.read_bytes())
    for rest in ("-wal", "-shm"):  # they belong to the database that goes
        home.database.with_name(home.database.name + rest).unlink(missing_ok=True)
    made.database.replace(home.database)
    sync_folder(home.path)
