"""Which account a person of the organisation is: the row says it, the log says whether it stands.

One person is one account, for good: whoever was linked to an account before is linked to no other,
or one human could judge an alert twice, or authorise their own list, under two names.
"""

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.gate.account_standing import Act, lines_of
from overt.identifiers import ActorId
from overt.openid.organisation import Issuer, Subject, digest_of
from overt.records.sign_on_schema import SubjectLinkRow

LINKED = AuditEvent.SUBJECT_LINKED
UNLINKED = AuditEvent.SUBJECT_UNLINKED


def linked_account(act: Act, issuer: Issuer, subject: Subject) -> ActorId | None:
    """The account that this person holds here; a row of which the log does not tell is none."""
    row = act.session.scalar(
        select(SubjectLinkRow).where(
            SubjectLinkRow.issuer == issuer, SubjectLinkRow.subject == subject
        )
    )
    return row.actor_id if row is not None and link_stands(act, row) else None


def link_stands(act: Act, row: SubjectLinkRow) -> bool:
    """Whether the newest line about the account's link is of this very person."""
    told = [
        line
        for line in lines_of(act, LINKED, UNLINKED)
        if line.detail.get("account") == row.actor_id
    ]
    whom = digest_of(Issuer(row.issuer), Subject(row.subject))
    return bool(told) and told[-1].event == LINKED.value and told[-1].detail.get("subject") == whom


def accounts_ever_linked(act: Act, issuer: Issuer, subject: Subject) -> set[ActorId]:
    """Every account that this person was ever linked to, as the log tells it."""
    whom = digest_of(issuer, subject)
    return {
        ActorId(str(line.detail["account"]))
        for line in lines_of(act, LINKED)
        if line.detail.get("subject") == whom
    }
