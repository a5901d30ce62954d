"""What every way of signing in ends in: a session, or a line that tells of the failure.

An account that is disabled, or of which every role's training has expired, is not let in, whoever
says who its holder is.
"""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import delete

from overt.audit.events import AuditEvent
from overt.audit.line import Fact
from overt.gate.account_standing import held_roles, is_disabled, standing_roles
from overt.gate.credentials import Renewed, factors_of, use_step
from overt.gate.session_standing import LASTS, Way, digest_of
from overt.identifiers import ActorId
from overt.policy.lock_out import locked_until
from overt.policy.totp import step_of
from overt.records.schema import CredentialRow, SessionRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class SignedInAs:
    account: ActorId
    token: str = field(repr=False)
    ends_at: UtcTime
    renewed: Renewed | None = None
    """New credentials, shown this once, where somebody else had made the ones that were used."""


def may_enter(work: UnitOfWork, account: ActorId) -> bool:
    """Not disabled, and not an account of which every role's training has expired (R43)."""
    if is_disabled(work, account):
        return False
    return bool(standing_roles(work, account)) or not held_roles(work, account)


def waits(work: UnitOfWork, row: CredentialRow) -> bool:
    """After too many failures nothing is tried for a while, right or wrong."""
    return row.locked_until is not None and work.now < row.locked_until


def code_fits(work: UnitOfWork, row: CredentialRow, code: str, *, besides: bool = True) -> bool:
    """Whether the authenticator shows this code now, and all else is right; each is taken once.

    A failure is counted, and after some the account waits.
    """
    factors = factors_of(work.data_key(row.data_key_id), row)
    step = step_of(factors.secret, code, work.now, after=factors.last_step)
    if step is None or not besides:
        row.failures += 1
        row.locked_until = locked_until(row.failures, work.now)
        return False
    use_step(work, row, factors, step)
    return True


def opened(work: UnitOfWork, account: ActorId, way: Way, **how: Fact) -> SignedInAs:
    token = secrets.token_urlsafe(32)
    digest, ends_at = digest_of(token), UtcTime(work.now + LASTS[way])
    line = work.audit(AuditEvent.SIGNED_IN, account=account, session=digest, way=way.value, **how)
    work.keep(
        SessionRow(
            digest=digest,
            actor_id=account,
            opened_at=work.now,
            ends_at=ends_at,
            audit_id=line,
            delete_after=ends_at,
        )
    )
    return SignedInAs(account, token, ends_at)


def end_all(work: UnitOfWork, account: ActorId) -> None:
    work.audit(AuditEvent.SIGNED_OUT, account=account, everywhere=True)
    work.session.execute(delete(SessionRow).where(SessionRow.actor_id == account))
