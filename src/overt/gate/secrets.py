"""Cameras' secrets: sealed in the vault, read only by the process that opens the camera."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.config.camera_address import secrets_named, with_secrets
from overt.config.deployment import CameraEntry
from overt.config.toml_table import CONTROL, NAME
from overt.errors import Refused
from overt.gate.door import Door
from overt.policy.access import Actor, Permission
from overt.policy.retention import RecordKind, delete_after
from overt.records.places import place_of_secret
from overt.records.schema import SecretRow
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork
from overt.units import UtcTime

LONGEST_SECRET: Final = 1000


@dataclass(frozen=True, slots=True)
class SecretLine:
    """A secret's name; never its value."""

    name: str
    set_by: str
    set_at: UtcTime
    delete_after: UtcTime


class SecretGate(Door):
    def set_secret(self, actor: Actor, name: str, value: str) -> None:
        """Seal a value under a key of its own; one of the same name is destroyed."""
        with self._as(actor, Permission.SECRET_MANAGE) as work:
            _check(name, value)
            line = work.audit(AuditEvent.SECRET_SET, secret=name)
            _destroy(work, name)
            key = work.new_data_key(KeyKind.SECRETS, line)
            work.keep(
                SecretRow(
                    name=name, sealed=key.seal(value.encode(), place_of_secret(name)), data_key_id=key.id,
                    set_at=work.now, set_by=actor.id, audit_id=line,
                    delete_after=delete_after(RecordKind.SECRET, None, work.now),
                )
            )  # fmt: skip
        self._scrub()

    def delete_secret(self, actor: Actor, name: str) -> None:
        with self._as(actor, Permission.SECRET_MANAGE) as work:
            work.audit(AuditEvent.SECRET_REMOVED, secret=name[:64])
            if not _destroy(work, name):
                raise Refused(f"there is no secret {name[:64]!r}; overt secrets list")
        self._scrub()

    def secrets(self, actor: Actor) -> tuple[SecretLine, ...]:
        with self._as(actor, Permission.SECRET_MANAGE) as work:
            rows = work.session.scalars(select(SecretRow).order_by(SecretRow.name)).all()
            work.audit(AuditEvent.SECRETS_READ, secrets=len(rows))
            return tuple(SecretLine(r.name, r.set_by, r.set_at, r.delete_after) for r in rows)

    def camera_address(self, actor: Actor, camera: CameraEntry) -> str:
        """Fill the camera's secrets in: to open it, in this process, and for nothing else."""
        with self._as(actor, Permission.SECRET_USE) as work:
            names = secrets_named(camera.source)
            work.audit(AuditEvent.SECRET_USED, camera=camera.id, secrets=len(names))
            values = {name: _value(work, name, camera) for name in names}
        return with_secrets(camera.source, values)


def _value(work: UnitOfWork, name: str, camera: CameraEntry) -> str:
    row = work.session.get(SecretRow, name)
    if row is None:
        raise Refused(
            f"camera {camera.id} needs the secret {name}, and there is none; "
            f"overt secrets set {name}"
        )
    return work.data_key(row.data_key_id).unseal(row.sealed, place_of_secret(name)).decode()


def _destroy(work: UnitOfWork, name: str) -> bool:
    row = work.session.get(SecretRow, name)
    if row is None:
        return False
    key_id = row.data_key_id
    work.session.delete(row)
    work.session.flush()
    work.destroy_data_key(key_id)
    return True


def _check(name: str, value: str) -> None:
    if not NAME.fullmatch(name):
        raise Refused(
            f"{name[:64]!r} is no name of a secret; take letters, digits, dot, dash and underscore"
        )
    require_one_line(value)


def require_one_line(value: str) -> None:
    if not value or len(value) > LONGEST_SECRET or CONTROL.search(value) or "\n" in value:
        raise Refused(f"a secret is one line of 1 to {LONGEST_SECRET} characters")
