"""Sign in and out: a password and a one-time code for a session that ends by itself.

Every sign-in, failed sign-in and sign-out has its line, without a secret in it. A session that
somebody put into the database, or brought back, counts for nothing: the log must tell of it. What
an administrator made, and so knows, is replaced
by the holder's own at its first use.
"""

import secrets
import threading
from dataclasses import replace
from typing import Final

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.errors import Refused
from overt.gate.account_dates import put_off
from overt.gate.account_standing import require_known
from overt.gate.credentials import (
    Enrolment,
    Factors,
    Renewed,
    factors_of,
    handed_over,
    hashed,
    is_password,
    keep_factors,
    new_factors,
)
from overt.gate.door import Door
from overt.gate.opened_session import (
    SignedInAs,
    code_fits,
    end_all,
    may_enter,
    opened,
    waits,
)
from overt.gate.session_standing import Way, digest_of, session_holder
from overt.identifiers import ActorId
from overt.policy.access import Actor, Permission
from overt.records.records import PROGRAM, Records
from overt.records.schema import (
    ActorRoleRow,
    ActorRow,
    CredentialRow,
    DataKeyRow,
    SessionRow,
    TrainingRow,
)
from overt.records.work import Reading, UnitOfWork

WRONG: Final = (
    "the account, the password or the code is wrong, or the account waits after too many that "
    "were: a code works once; try again with the next, a little later"
)


class SignInFailed(Refused):
    """Who asks is not who they say, or must wait."""


class SessionGate(Door):
    def __init__(self, records: Records) -> None:
        super().__init__(records)
        self._one_at_a_time = threading.Lock()  # a guess costs 64 MiB; no burst of them passes
        self._nobodys = ""

    def set_credentials(self, actor: Actor, user: ActorId) -> Enrolment:
        """Make a new password and secret for an account, shown once; its sessions end."""
        factors, enrolment = new_factors(ActorId(str(user)))
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            line = work.audit(AuditEvent.CREDENTIALS_SET, account=user)
            keep_factors(work, user, factors, line)
            put_off(work, user)
            end_all(work, user)
        return enrolment

    def sign_in(self, account: ActorId, *, password: str, code: str, way: Way) -> SignedInAs:
        """Open a session for whoever knows both; it takes no actor, because it makes one.

        Where somebody else made them it puts new ones in their place, which only the holder sees.
        """
        with self._one_at_a_time:
            known = self._known(account)
            right = is_password(password, known.password if known else self._decoy_hash())
            return self._answer(account, code, way, right=right and known is not None)

    def sign_in_by_link(self, actor: Actor) -> SignedInAs:
        """Open a browser's session for whoever reads the terminal where the actor works."""
        with self._as(actor, Permission.OWN_ACCOUNT) as work:
            return opened(work, actor.id, Way.BROWSER, by="link")

    def session_actor(self, token: str, way: Way = Way.BROWSER) -> Actor | None:
        """Say who holds this session; None where it has ended, never was, or is not of this way."""
        told = self._telling_alterations(PROGRAM, "say who acts")
        with told, Reading(self._records) as reading:
            return session_holder(reading, token, way)

    def sign_out(self, actor: Actor, token: str) -> None:
        """End one session of one's own."""
        with self._as(actor, Permission.OWN_ACCOUNT) as work:
            row = work.session.get(SessionRow, digest_of(token))
            if row is None or row.actor_id != actor.id:
                raise Refused("there is no such session of yours; it has ended already")
            work.audit(AuditEvent.SIGNED_OUT, account=actor.id, session=row.digest)
            work.session.delete(row)

    def sign_out_everywhere(self, actor: Actor) -> None:
        """End every session of one's own: in each browser and on each command line."""
        with self._as(actor, Permission.OWN_ACCOUNT) as work:
            end_all(work, actor.id)

    def _known(self, account: ActorId) -> Factors | None:
        with Reading(self._records) as reading:
            row = reading.session.get(CredentialRow, account)
            if row is None:
                return None
            key = reading.session.get_one(DataKeyRow, row.data_key_id)
            wrapped = self._records.keys.get(key.id)
            if wrapped is None or key.destroyed_at is not None:
                return None
            return factors_of(self._records.vault.unwrap(key.id, wrapped), row)

    def _decoy_hash(self) -> str:
        """So that an account that is not there takes as long to refuse as one that is."""
        self._nobodys = self._nobodys or hashed(secrets.token_hex(16))
        return self._nobodys

    def _answer(self, account: ActorId, code: str, way: Way, *, right: bool) -> SignedInAs:
        """Decide and write it down within one act, so that no two guesses share a try."""
        with UnitOfWork(self._records, PROGRAM) as work:
            work.require_unaltered(CredentialRow, ActorRow, ActorRoleRow, TrainingRow)
            row = work.session.get(CredentialRow, account)
            if row is None:  # what was typed may be a password, so it is not told
                work.audit(AuditEvent.SIGN_IN_FAILED, account="unknown", way=way.value)
                told = None
            elif waits(work, row):
                work.audit(AuditEvent.SIGN_IN_FAILED, account=account, way=way.value, waits=True)
                told = None
            else:
                told = _tried(work, row, code, way, right=right)
        if told is None:
            raise SignInFailed(WRONG)
        return told


def _tried(
    work: UnitOfWork, row: CredentialRow, code: str, way: Way, *, right: bool
) -> SignedInAs | None:
    account = row.actor_id
    if code_fits(work, row, code, besides=right and may_enter(work, account)):
        made = handed_over(work, row)
        own = None if made is None else _renewed(work, account, made)
        return replace(opened(work, account, way), renewed=own)
    work.audit(AuditEvent.SIGN_IN_FAILED, account=account, way=way.value, failures=row.failures)
    return None


def _renewed(work: UnitOfWork, account: ActorId, made: Line) -> Renewed:
    """Whoever made the old ones can use them no longer; if they did so first, the holder notices."""
    factors, enrolment = new_factors(account)
    line = work.audit(AuditEvent.CREDENTIALS_RENEWED, account=account, handed_by=made.actor)
    keep_factors(work, account, factors, line)
    put_off(work, account)
    return Renewed(enrolment, by=made.actor, made_at=made.at)
