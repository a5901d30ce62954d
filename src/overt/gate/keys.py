"""Officers' keys: made, trusted, revoked. Only a trusted key's signature opens a deployment."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Fact
from overt.errors import Fault, Refused
from overt.gate.door import Door
from overt.gate.key_standing import rank_of
from overt.identifiers import KeyId
from overt.policy.access import Actor, Permission
from overt.policy.officer_key import (
    LARGEST_KEY_FILE,
    OfficerKey,
    SigningKey,
    officer_name,
    officer_rank,
    read_public_key,
    read_signing_key,
)
from overt.policy.retention import RecordKind, delete_after
from overt.records.columns import KeyState
from overt.records.home import sync_folder
from overt.records.schema import OfficerKeyRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime

PRIVATE_FILE: Final = "officer.key"
PUBLIC_FILE: Final = "officer.pub"


@dataclass(frozen=True, slots=True)
class KeyLine:
    id: KeyId
    name: str
    rank: str
    """Blank where none was registered."""
    state: KeyState
    added_by: str
    added_at: UtcTime
    revoked_at: UtcTime | None


class KeyGate(Door):
    def new_officer_key(
        self, actor: Actor, name: str, folder: Path, *, rank: str = ""
    ) -> OfficerKey:
        """Make a key pair in the folder and trust it; the private half is never recorded."""
        written: list[Path] = []
        try:
            with self._as(actor, Permission.KEY_MANAGE) as work:
                key = SigningKey(officer_name(name), Ed25519PrivateKey.generate())
                line = work.audit(
                    AuditEvent.KEY_MADE, key=key.public.id, **_rank_facts(officer_rank(rank))
                )
                _keep(work, actor, key.public, line)
                _write_pair(key, folder, written)
        except BaseException:
            _remove(written)  # a key that is not recorded is nobody's
            raise
        return key.public

    def trust_officer_key(self, actor: Actor, file: Path, *, rank: str = "") -> OfficerKey:
        """Trust a key that was made elsewhere. A revoked key stays revoked."""
        with self._as(actor, Permission.KEY_MANAGE) as work:
            key = read_public_key(contents_of(file), file=file.name)
            known = work.session.get(OfficerKeyRow, key.id)
            if known is not None:
                raise Refused(f"key {key.id} of {known.name} is {known.state.value} already")
            line = work.audit(AuditEvent.KEY_TRUSTED, key=key.id, **_rank_facts(officer_rank(rank)))
            _keep(work, actor, key, line)
        return key

    def revoke_officer_key(self, actor: Actor, file: Path) -> OfficerKey:
        """Revoke a key for good: nothing it signed opens, and what is open closes."""
        with self._as(actor, Permission.KEY_MANAGE) as work:
            key = read_public_key(contents_of(file), file=file.name)
            known = work.session.get(OfficerKeyRow, key.id)
            if known is not None and known.state is KeyState.REVOKED:
                raise Refused(f"key {key.id} of {known.name} is revoked already")
            line = work.audit(AuditEvent.KEY_REVOKED, key=key.id)
            if known is None:  # never trusted here, and never to be
                known = _keep(work, actor, key, line)
            known.state, known.revoked_at = KeyState.REVOKED, work.now
        return key

    def officer_keys(self, actor: Actor) -> tuple[KeyLine, ...]:
        with self._as(actor, Permission.KEY_LIST) as work:
            chosen = select(OfficerKeyRow).order_by(OfficerKeyRow.added_at)
            rows = work.session.scalars(chosen).all()
            work.audit(AuditEvent.KEYS_READ, keys=len(rows))
            return tuple(_line(work, row) for row in rows)


def contents_of(file: Path) -> bytes:
    """Read a key's file, which is small."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_KEY_FILE + 1)
    except OSError as error:
        raise Refused(f"{file}: cannot be read: {error.strerror}; check the path") from error


def signing_key(file: Path) -> SigningKey:
    return read_signing_key(contents_of(file), file=file.name)


def _line(work: UnitOfWork, row: OfficerKeyRow) -> KeyLine:
    rank = rank_of(work, row.fingerprint)
    return KeyLine(
        row.fingerprint, row.name, rank, row.state, row.added_by, row.added_at, row.revoked_at
    )


def _rank_facts(rank: str) -> dict[str, Fact]:
    """A line says a rank only where there is one."""
    return {"rank": rank} if rank else {}


def _keep(work: UnitOfWork, actor: Actor, key: OfficerKey, line: int) -> OfficerKeyRow:
    row = OfficerKeyRow(
        fingerprint=key.id, name=key.name, public_key=key.raw, state=KeyState.TRUSTED,
        added_by=actor.id, added_at=work.now, revoked_at=None, audit_id=line,
        delete_after=delete_after(RecordKind.OFFICER_KEY, None, work.now),
    )  # fmt: skip
    work.keep(row)
    return row


def _write_pair(key: SigningKey, folder: Path, written: list[Path]) -> None:
    """Write both files, never over another; `written` learns of each that exists."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(folder / PRIVATE_FILE, key.text(), 0o600, written)
        _write_new(folder / PUBLIC_FILE, key.public.text(), 0o644, written)
        sync_folder(folder)
    except FileExistsError as error:
        raise Refused(
            f"{error.filename} exists, and a key is never overwritten; name another folder"
        ) from error
    except (PermissionError, NotADirectoryError) as error:
        raise Refused(
            f"{folder}: cannot be written: {error.strerror}; name another folder"
        ) from error
    except OSError as error:
        raise Fault(f"{folder}: cannot be written: {error.strerror}") from error


def _write_new(path: Path, text: str, mode: int, written: list[Path]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    written.append(path)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove(written: list[Path]) -> None:
    for path in written:
        with suppress(OSError):
            path.unlink()
