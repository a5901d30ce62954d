"""Through which organisation people sign in, and which of them holds which account.

The organisation says who somebody is; what they may do here, and until when, stays on record here:
no account, role or training comes from it.
"""

from dataclasses import dataclass

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_dates import account_dies, put_off
from overt.gate.account_standing import require_known
from overt.gate.door import Door
from overt.gate.opened_session import end_all
from overt.gate.secrets import require_one_line
from overt.gate.subject_links import accounts_ever_linked
from overt.identifiers import ActorId
from overt.openid.doubt import Doubt, NotProven
from overt.openid.journey import Provider
from overt.openid.organisation import Issuer, Organisation, Subject, digest_of
from overt.openid.provider import discover
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Conflict
from overt.policy.retention import RecordKind, delete_after
from overt.records.places import place_of_client_secret
from overt.records.sign_on_schema import OrganisationRow, SubjectLinkRow
from overt.records.vault import KeyKind
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    organisation: Organisation
    set_by: ActorId
    set_at: UtcTime
    accounts: tuple[ActorId, ...]
    """Whose holder is linked to a person there."""


class OrganisationGate(Door):
    def organisation(self) -> Organisation | None:
        """Say which organisation's button the sign-in page has; whoever is not in yet reads it."""
        with Reading(self._records) as reading:
            row = reading.session.get(OrganisationRow, 1)
            return None if row is None else organisation_of(row)

    def organisation_settings(self, actor: Actor) -> OrganisationLine:
        """Tell of the organisation; never the client's secret."""
        with self._as(actor, Permission.SIGN_ON_MANAGE) as work:
            row = organisation_row(work)
            work.audit(AuditEvent.ORGANISATION_READ, issuer=row.issuer)
            return _line(work, row)

    def set_organisation(self, actor: Actor, order: Organisation, secret: str) -> OrganisationLine:
        """Configure the organisation, in place of an earlier one; sign-ins through that one end."""
        with self._as(actor, Permission.SIGN_ON_MANAGE) as work:
            require_one_line(secret)
            line = work.audit(
                AuditEvent.ORGANISATION_SET, issuer=order.issuer, client=order.client_id
            )
            _take_away(work)
            key = work.new_data_key(KeyKind.SECRETS, line)
            place = place_of_client_secret(order.issuer, order.client_id)
            row = OrganisationRow(
                id=1, name=order.name, issuer=order.issuer, client_id=order.client_id,
                strong=list(order.strong), sealed=key.seal(secret.encode(), place),
                data_key_id=key.id, set_at=work.now, set_by=actor.id, audit_id=line,
                delete_after=delete_after(RecordKind.SECRET, None, work.now),
            )  # fmt: skip
            work.keep(row)
            told = _line(work, row)
        self._scrub()
        return told

    def remove_organisation(self, actor: Actor) -> None:
        """End signing in through it, and every session of whoever is linked; links stay."""
        with self._as(actor, Permission.SIGN_ON_MANAGE) as work:
            row = organisation_row(work)
            work.audit(AuditEvent.ORGANISATION_REMOVED, issuer=row.issuer)
            _take_away(work)
        self._scrub()

    def check_organisation(self, actor: Actor) -> Provider:
        """Ask the provider what it publishes, as a sign-in would."""
        with self._as(actor, Permission.SIGN_ON_MANAGE) as work:
            row = organisation_row(work)
            work.audit(AuditEvent.ORGANISATION_READ, issuer=row.issuer)
            asked = organisation_of(row)
        return discover(asked)

    def link_subject(self, actor: Actor, user: ActorId, subject: Subject) -> None:
        """Say which person of the organisation holds an account; a person holds one, for good."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            work.require_unaltered(OrganisationRow, SubjectLinkRow)
            issuer = Issuer(organisation_row(work).issuer)
            held = accounts_ever_linked(work, issuer, subject) - {user}
            if held:
                raise Conflict(
                    f"this person was linked to {', '.join(sorted(held))} and holds no second "
                    "account: nobody authorises their own list, judges the same alert twice or "
                    "audits themselves under another name (R6)"
                )
            if work.session.get(SubjectLinkRow, user) is not None:
                raise Refused(f"{user} is linked already: overt users unlink {user} first")
            line = work.audit(
                AuditEvent.SUBJECT_LINKED, account=user, subject=digest_of(issuer, subject)
            )
            work.keep(
                SubjectLinkRow(
                    actor_id=user, issuer=issuer, subject=subject, linked_at=work.now,
                    linked_by=actor.id, audit_id=line, delete_after=account_dies(work.now),
                )
            )  # fmt: skip
            put_off(work, user)

    def unlink_subject(self, actor: Actor, user: ActorId) -> None:
        """End the link of an account; its sessions end, and the person gets no other account."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            row = work.session.get(SubjectLinkRow, user)
            if row is None:
                raise Refused(f"{user} is linked to nobody of the organisation")
            work.audit(AuditEvent.SUBJECT_UNLINKED, account=user)
            work.session.delete(row)
            end_all(work, user)


def organisation_row(act: Reading | UnitOfWork) -> OrganisationRow:
    act.require_unaltered(OrganisationRow)
    row = act.session.get(OrganisationRow, 1)
    if row is None:
        raise NotProven(Doubt.NOT_CONFIGURED)
    return row


def organisation_of(row: OrganisationRow) -> Organisation:
    return Organisation(row.name, Issuer(row.issuer), row.client_id, tuple(row.strong))


def client_secret(act: UnitOfWork, row: OrganisationRow) -> str:
    place = place_of_client_secret(row.issuer, row.client_id)
    return act.data_key(row.data_key_id).unseal(row.sealed, place).decode()


def _take_away(work: UnitOfWork) -> None:
    """The row and its secret's key go, and with them every session that it may have opened."""
    row = work.session.get(OrganisationRow, 1)
    if row is None:
        return
    key = row.data_key_id
    work.session.delete(row)
    work.session.flush()
    work.destroy_data_key(key)
    for user in work.session.scalars(select(SubjectLinkRow.actor_id)).all():
        end_all(work, user)


def _line(work: UnitOfWork, row: OrganisationRow) -> OrganisationLine:
    linked = select(SubjectLinkRow.actor_id).where(SubjectLinkRow.issuer == row.issuer)
    accounts = work.session.scalars(linked.order_by(SubjectLinkRow.actor_id)).all()
    return OrganisationLine(organisation_of(row), row.set_by, row.set_at, tuple(accounts))
