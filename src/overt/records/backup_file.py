"""A backup: a copy of the database without its keys, and beside it a small file of keys.

FILE is a zip of the database, which holds no key, and a manifest signed by the log's key. `overt.keys`, in the same folder, holds the data keys (wrapped by the master key) and
the log's key (sealed by it), and each new backup replaces it. So a key that is destroyed is gone
from every older FILE as soon as the next backup is made: deletion reaches backups. The master key
is in neither; without it both are useless, to thieves and owners alike.
"""

import base64
import binascii
import hashlib
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import rfc8785

from overt.audit.line import read_canonical
from overt.audit.note import Signer, read_note, read_signer
from overt.errors import Refused
from overt.identifiers import KeyId
from overt.records.database import as_fault
from overt.records.key_folder import KeyFolder
from overt.records.records import Records
from overt.records.vault import Place, Vault
from overt.units import UtcTime, iso

KEYS_NAME: Final = "overt.keys"
ON_POSTGRES: Final = (
    "these records are on PostgreSQL, which has backups of its own (pg_dump): run one there, keep "
    "OVERT_HOME/keys apart from it, and know that it holds the wrapped keys of what it holds"
)
_BACKUP: Final = "overt-backup-1"
_KEYS: Final = "overt-backup-keys-1"
_DATABASE: Final = "overt.db"
_MANIFEST: Final = "manifest"
_LARGEST_MANIFEST: Final = 100_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    log: str
    """The log's public key, which names the installation."""
    made_at: str
    lines: int
    """How long the log was."""
    size: int
    sha256: str
    """Of the database's copy."""


@dataclass(frozen=True, slots=True)
class BackupKeys:
    log: str
    master_key_id: str
    made_at: str
    sealed_log_key: bytes = field(repr=False)
    wrapped: Mapping[str, bytes] = field(repr=False)

    def log_key(self, vault: Vault) -> Signer:
        return read_signer(vault.unseal(self.sealed_log_key, _log_key_place(self.log)).decode())


# --- making one


@dataclass(frozen=True, slots=True)
class Copied:
    wrapped: Mapping[str, bytes] = field(repr=False)
    """The data keys that the copy lacks."""
    lines: int


def copy_database(records: Records, to: Path) -> Copied:
    """Copy the database as it is at this moment, and the data keys that it needs."""
    raw = records.reader.raw_connection()
    try:
        source = raw.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA secure_delete = ON")
            copy.execute("PRAGMA journal_mode = DELETE")
            kept = copy.execute("SELECT id FROM data_keys WHERE destroyed_at IS NULL")
            found = {key_id: records.keys.get(KeyId(key_id)) for (key_id,) in kept.fetchall()}
            lines = copy.execute("SELECT size FROM tree_state").fetchone()[0]
            copy.execute("VACUUM")
    except sqlite3.Error as error:
        raise as_fault(error) or error from error
    finally:
        raw.close()
    return Copied({key_id: each for key_id, each in found.items() if each is not None}, lines)


def describe(database: Path, *, log: str, made_at: UtcTime, lines: int) -> Manifest:
    with database.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(log, iso(made_at), lines, database.stat().st_size, digest)


def write_backup(file: BinaryIO, database: Path, manifest: Manifest, signer: Signer) -> None:
    note = signer.sign(f"{_BACKUP}\n{_canonical(asdict(manifest)).decode()}\n")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, str(note))
        archive.write(database, _DATABASE)


def seal_log_key(vault: Vault, signer: Signer) -> bytes:
    log = str(signer.verifier)
    return vault.seal(signer.secret_text().encode(), _log_key_place(log))


def write_keys(file: BinaryIO, keys: BackupKeys) -> None:
    told = {
        "format": _KEYS,
        "log": keys.log,
        "master_key_id": keys.master_key_id,
        "made_at": keys.made_at,
        "log_key": _encode(keys.sealed_log_key),
        "data_keys": {key_id: _encode(wrapped) for key_id, wrapped in keys.wrapped.items()},
    }
    file.write(_canonical(told) + b"\n")


# --- reading one back


def put_keys_back(database: Path, keys: BackupKeys, folder: KeyFolder) -> None:
    """Give the copy its data keys; those that are not in the file were destroyed since."""
    with closing(sqlite3.connect(database)) as copy:
        kept = copy.execute("SELECT id FROM data_keys WHERE destroyed_at IS NULL").fetchall()
    folder.put_all({key: keys.wrapped[key] for (key,) in kept if key in keys.wrapped})


def read_keys(path: Path) -> BackupKeys:
    """Read the file of keys; raise Refused where it is not one."""
    try:
        told = read_canonical(path.read_bytes().removesuffix(b"\n"))
    except FileNotFoundError:
        raise Refused(
            f"{path} is not there: a backup is useless without its file of keys"
        ) from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from error
    except Refused as refusal:
        raise Refused(f"{path} is no file of keys of an overt backup: {refusal}") from None
    match told:
        case {
            "format": "overt-backup-keys-1",
            "log": str(log),
            "master_key_id": str(master_key_id),
            "made_at": str(made_at),
            "log_key": str(log_key),
            "data_keys": dict(data_keys),
        } if len(told) == 6:
            wrapped = {key_id: _decode(path, value) for key_id, value in data_keys.items()}
            return BackupKeys(log, master_key_id, made_at, _decode(path, log_key), wrapped)
        case _:
            raise Refused(f"{path} is no file of keys of an overt backup")


def extract(path: Path, signer: Signer, to: Path) -> Manifest:
    """Check a backup's signature and digest and write its database to `to`.

    Raises Refused where the file is no backup of this installation, or was altered.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _read_manifest(archive, signer)
            _write_database(archive, manifest, to)
    except FileNotFoundError:
        raise Refused(f"{path} is not there") from None
    except OSError as error:
        raise Refused(f"{path} cannot be restored: {error.strerror}") from error
    except Refused as refusal:
        raise Refused(f"{path} is no backup of these records, or was altered: {refusal}") from None
    # RuntimeError: an archive that says it is encrypted, or packed in a way that nobody knows.
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, RuntimeError) as error:
        raise Refused(f"{path} is no backup of overt, or was damaged: {error}") from None
    return manifest


def _read_manifest(archive: zipfile.ZipFile, signer: Signer) -> Manifest:
    with archive.open(_MANIFEST) as file:
        note = read_note(file.read(_LARGEST_MANIFEST).decode())
    signer.verifier.check(note)
    told = read_canonical(note.text.removeprefix(f"{_BACKUP}\n").removesuffix("\n").encode())
    match told:
        case {
            "log": str(log),
            "made_at": str(made_at),
            "lines": int(lines),
            "size": int(size),
            "sha256": str(sha256),
        } if note.text.startswith(f"{_BACKUP}\n"):
            return Manifest(log, made_at, lines, size, sha256)
        case _:
            raise Refused("its manifest has a form that this overt does not know")


def _write_database(archive: zipfile.ZipFile, manifest: Manifest, to: Path) -> None:
    digest, left = hashlib.sha256(), manifest.size
    with archive.open(_DATABASE) as packed, to.open("wb") as plain:
        while block := packed.read(min(_BLOCK, left)):
            digest.update(block)
            plain.write(block)
            left -= len(block)
    if left or digest.hexdigest() != manifest.sha256:
        raise ValueError("the database in it is not the one that was signed")


def _log_key_place(log: str) -> Place:
    return Place("backup", log, "log key")


def _canonical(told: dict[str, Any]) -> bytes:
    written: bytes = rfc8785.dumps(told)
    return written


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(path: Path, text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"{path} was damaged: a key in it is no base64") from None
