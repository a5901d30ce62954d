"""Sign in through the organisation: it says who, the records say what they may do.

Four steps, none of which takes an actor, because they make one: the browser is sent off; what it
brings back is traded for the provider's signed statement; the statement is verified here, its
person looked up among the accounts that an administrator linked, and a session opened. A second
factor is the provider's, where it states one, or else a code of the account's own authenticator.
No account is ever made. Every refusal has its line, without a name or a secret.
"""

from typing import Final

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.door import Door
from overt.gate.opened_session import SignedInAs, code_fits, may_enter, opened, waits
from overt.gate.organisation import client_secret, organisation_of, organisation_row
from overt.gate.session_standing import Way
from overt.gate.subject_links import linked_account
from overt.identifiers import ActorId
from overt.openid.doubt import Doubt, NotProven
from overt.openid.id_token import Identity, Statement, identity_in
from overt.openid.journey import Journey, Return, address_of, require_own, set_out
from overt.openid.organisation import digest_of
from overt.openid.provider import discover, fetch_statement
from overt.records.records import PROGRAM
from overt.records.schema import ActorRoleRow, ActorRow, CredentialRow, TrainingRow
from overt.records.sign_on_schema import OrganisationRow, SubjectLinkRow
from overt.records.work import Reading, UnitOfWork

BY: Final = "organisation"
"""How the lines tell these sign-ins from those with a password."""
_HOW: Final = "an administrator links your account to that (overt users link)"


class CodeWanted(Refused):
    """The organisation states one factor; the account's own authenticator is the second."""


class OrganisationSignInGate(Door):
    def begin_organisation_sign_in(self, back_to: str) -> tuple[Journey, str]:
        """Ask the provider where to send a browser; give the journey and that address."""
        try:
            with Reading(self._records) as reading:
                asked = organisation_of(organisation_row(reading))
            journey = set_out(discover(asked), back_to, self._clock.now())
        except NotProven as refusal:
            self._note(refusal.doubt)
            raise
        return journey, address_of(journey, asked)

    def note_foreign_answer(self) -> None:
        """Tell of an answer that belongs to no sign-in that its browser began, or to one that ended."""
        self._note(Doubt.STATE)

    def statement_for(self, journey: Journey, came: Return) -> Statement:
        """Trade what the browser brought back for the provider's statement, not yet believed."""
        try:
            require_own(journey, came)
            with UnitOfWork(self._records, PROGRAM) as work:
                row = _asked(work, journey)
                work.audit(AuditEvent.SECRET_USED, issuer=row.issuer, secrets=1)
                asked, secret = organisation_of(row), client_secret(work, row)
            return fetch_statement(asked, secret, journey, came.code)
        except NotProven as refusal:
            self._note(refusal.doubt)
            raise

    def sign_in_by_organisation(
        self, statement: Statement, *, code: str = "", way: Way = Way.BROWSER
    ) -> SignedInAs:
        """Open a session for whom the statement proves; CodeWanted where one factor is too few."""
        identity = None
        try:
            with UnitOfWork(self._records, PROGRAM) as work:
                work.require_unaltered(
                    OrganisationRow, SubjectLinkRow, ActorRow, ActorRoleRow, TrainingRow,
                    CredentialRow,
                )  # fmt: skip
                asked = organisation_of(organisation_row(work))
                identity = identity_in(statement, asked, work.now)
                told = _entered(work, identity, code, way)
        except NotProven as refusal:
            self._note(refusal.doubt, identity)
            raise
        if isinstance(told, Doubt):
            raise NotProven(told)
        return told

    def _note(self, doubt: Doubt, identity: Identity | None = None) -> None:
        """Where nothing was found in the records, and nothing in them changes."""
        whom = {} if identity is None else {"subject": digest_of(identity.issuer, identity.subject)}
        with UnitOfWork(self._records, PROGRAM) as work:
            work.audit(
                AuditEvent.SIGN_IN_FAILED,
                account="unknown", way=Way.BROWSER.value, by=BY, why=doubt.value, **whom,
            )  # fmt: skip


def _asked(work: UnitOfWork, journey: Journey) -> OrganisationRow:
    """The organisation, which may have been replaced since the browser was sent off."""
    row = organisation_row(work)
    if row.issuer != journey.provider.issuer:
        raise NotProven(Doubt.ISSUER)
    return row


def _entered(work: UnitOfWork, identity: Identity, code: str, way: Way) -> SignedInAs | Doubt:
    """Open a session, or tell of the failure within the same act, so that tries are counted."""
    account = linked_account(work, identity.issuer, identity.subject)
    if account is None:
        raise NotProven(Doubt.NOT_LINKED, f"you are {identity.subject} there; {_HOW}")
    if not may_enter(work, account):
        return _failed(work, account, Doubt.MAY_NOT_ENTER, way)
    if identity.two_factors:
        return opened(work, account, way, by=BY, second="organisation")
    row = work.session.get(CredentialRow, account)
    if row is None:
        return _failed(work, account, Doubt.NO_SECOND_FACTOR, way)
    if not code:
        raise CodeWanted("your organisation states one factor: the code of your authenticator too")
    if not waits(work, row) and code_fits(work, row, code):
        return opened(work, account, way, by=BY, second="code")
    return _failed(work, account, Doubt.WRONG_CODE, way)


def _failed(work: UnitOfWork, account: ActorId, doubt: Doubt, way: Way) -> Doubt:
    work.audit(AuditEvent.SIGN_IN_FAILED, account=account, way=way.value, by=BY, why=doubt.value)
    return doubt
