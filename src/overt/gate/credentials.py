"""How an account signs in: a password as argon2id, and the secret of its one-time codes, sealed."""

import base64
import json
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.errors import Refused
from overt.gate.account_dates import account_dies
from overt.gate.account_standing import Act, line_at
from overt.identifiers import ActorId
from overt.policy.totp import SECRET_SIZE, address_of
from overt.records.schema import CredentialRow
from overt.records.vault import DataKey, KeyKind, Place
from overt.records.work import UnitOfWork
from overt.units import UtcTime

MEMORY: Final = 64 * 1024
"""KiB; with three passes over it, RFC 9106's second recommendation."""
LONGEST_PASSWORD: Final = 200


@dataclass(frozen=True, slots=True)
class Factors:
    password: str = field(repr=False)
    """In the PHC form, with its salt."""
    secret: bytes = field(repr=False)
    last_step: int = -1
    """Of the last code that was used: none is taken twice."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is shown once, to be handed to the person, and kept nowhere in the open."""

    account: ActorId
    password: str = field(repr=False)
    authenticator: str = field(repr=False)
    """The otpauth address."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """The holder's own, in place of what somebody else had made and they used this once."""

    own: Enrolment
    by: ActorId
    made_at: UtcTime


def new_factors(account: ActorId) -> tuple[Factors, Enrolment]:
    """Make a password of 125 bits, which nobody chose, and a secret for codes."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(letters) for _ in range(5)) for _ in range(5))
    password, secret = "-".join(groups), secrets.token_bytes(SECRET_SIZE)
    enrolment = Enrolment(account, password, address_of(secret, account))
    return Factors(hashed(password), secret), enrolment


def hashed(password: str) -> str:
    return _argon2(secrets.token_bytes(16)).derive_phc_encoded(password.encode())


def is_password(password: str, kept: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        Argon2id.verify_phc_encoded(password.encode("utf-8", "replace"), kept)
    except InvalidKey:
        return False
    return True


def keep_factors(work: UnitOfWork, account: ActorId, factors: Factors, line: int) -> None:
    """Put new factors in place of the account's old ones, whose key dies."""
    old = work.session.get(CredentialRow, account)
    key = work.new_data_key(KeyKind.ACCOUNT, line)
    row = CredentialRow(
        actor_id=account,
        sealed=_sealed(key, account, factors),
        failures=0,
        locked_until=None,
        data_key_id=key.id,
        audit_id=line,
        delete_after=account_dies(work.now),
    )
    destroyed = None if old is None else old.data_key_id
    work.session.merge(row)
    work.session.flush()
    if destroyed is not None:
        work.destroy_data_key(destroyed)


def handed_over(act: Act, row: CredentialRow) -> Line | None:
    """Give the line that tells who else made these, and knows them; None where they are one's own."""
    told = line_at(act, row.audit_id)
    if told is None:
        raise Refused(
            f"the log no longer tells who made the credentials of {row.actor_id}: an administrator "
            "makes new ones (overt users credentials)"
        )
    own = told.event == AuditEvent.CREDENTIALS_RENEWED.value or told.actor == row.actor_id
    return None if own else told


def factors_of(key: DataKey, row: CredentialRow) -> Factors:
    told = json.loads(key.unseal(row.sealed, _place(row.actor_id)))
    return Factors(told["password"], base64.b64decode(told["secret"]), told["last_step"])


def use_step(work: UnitOfWork, row: CredentialRow, factors: Factors, step: int) -> None:
    """Note the code that was used, and that the sign-in was no failure."""
    key = work.data_key(row.data_key_id)
    row.sealed = _sealed(key, row.actor_id, replace(factors, last_step=step))
    row.failures, row.locked_until = 0, None


def _argon2(salt: bytes) -> Argon2id:
    return Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=MEMORY)


def _sealed(key: DataKey, account: ActorId, factors: Factors) -> bytes:
    told = {
        "password": factors.password,
        "secret": base64.b64encode(factors.secret).decode(),
        "last_step": factors.last_step,
    }
    return key.seal(json.dumps(told).encode(), _place(account))


def _place(account: ActorId) -> Place:
    return Place("credentials", account, "factors")
