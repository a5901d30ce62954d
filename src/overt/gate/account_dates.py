"""How long an account lives: as long as the log that names it, counted from its last act.

Every act about an account (a role, a training, credentials) puts its date off. Before anything due
is deleted, whoever acted meanwhile, and the last who could administer accounts, are
found to be in use, whatever their rows say.
"""

from collections.abc import Iterable

from sqlalchemy import select, update

from overt.audit.events import AuditEvent
from overt.config.canonical import canonical_json
from overt.gate.account_standing import held_roles, is_disabled, parsed
from overt.gate.list_reading import Act
from overt.identifiers import ActorId
from overt.policy.access import Role
from overt.policy.retention import RecordKind, delete_after
from overt.records.schema import ActorRoleRow, ActorRow, CredentialRow, TrainingRow
from overt.records.sign_on_schema import SubjectLinkRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime


def account_dies(counted_from: UtcTime) -> UtcTime:
    return delete_after(RecordKind.ACCOUNT, None, counted_from)


def put_off(work: UnitOfWork, account: ActorId) -> None:
    """The account is in use: it and what is of it live on from now."""
    dies = account_dies(work.now)
    work.session.flush()
    work.session.execute(update(ActorRow).where(ActorRow.id == account).values(delete_after=dies))
    for table in (ActorRoleRow, TrainingRow, CredentialRow, SubjectLinkRow):
        of_it = update(table).where(table.actor_id == account)
        work.session.execute(of_it.values(delete_after=dies))


def due_accounts(act: Act) -> list[ActorId]:
    return list(act.session.scalars(select(ActorRow.id).where(ActorRow.delete_after <= act.now)))


def keep_those_in_use(work: UnitOfWork, due: Iterable[ActorId]) -> int:
    """Put off the dates of accounts that are due and in use; say how many."""
    kept = [account for account in due if _is_in_use(work, account)]
    for account in kept:
        put_off(work, account)
        work.audit(AuditEvent.ACCOUNT_KEPT, account=account)
    return len(kept)


def _is_in_use(work: UnitOfWork, account: ActorId) -> bool:
    mark = canonical_json(account)
    acts = (parsed(raw) for raw in reversed(work.lines.of(None)) if mark in raw)
    last = next((line.at for line in acts if line.actor == account), None)
    if last is not None and account_dies(last) > work.now:
        return True
    return _administers(work, account) and not any(
        _administers(work, other)
        for other in work.session.scalars(
            select(ActorRow.id).where(ActorRow.id != account, ActorRow.delete_after > work.now)
        )
    )


def _administers(work: UnitOfWork, account: ActorId) -> bool:
    return Role.ADMINISTRATOR in held_roles(work, account) and not is_disabled(work, account)
