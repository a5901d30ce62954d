"""Who acts: the account of the operating system, and the roles that the records give it.

The first command in an empty OVERT_HOME makes its account the bootstrap administrator; any other
account has no roles until an administrator grants them.
"""

import os
import pwd

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.identifiers import ActorId
from overt.policy.access import Actor, Role
from overt.records.schema import ActorRoleRow, ActorRow
from overt.records.work import Reading, UnitOfWork


def account() -> ActorId:
    """Name the account that runs this process, as the system knows it, not as it calls itself."""
    user = os.geteuid()
    try:
        return ActorId(pwd.getpwuid(user).pw_name)
    except KeyError:  # an account without an entry, as in many containers
        return ActorId(f"uid-{user}")


class _NotTheFirst(Exception):  # noqa: N818  it never leaves this module
    """Two first commands ran at once, and the other one was first."""


class PeopleGate(Door):
    def whoami(self) -> Actor:
        """Say who acts. The one method that takes no actor, because it is where they come from."""
        who = account()
        with Reading(self._records) as reading:
            anybody = reading.session.scalar(select(ActorRow.id).limit(1))
            roles = reading.session.scalars(
                select(ActorRoleRow.role).where(ActorRoleRow.actor_id == who)
            ).all()
        if anybody is not None:
            return Actor(who, frozenset(roles))
        try:
            return self._bootstrap(who)
        except _NotTheFirst:
            return self.whoami()

    def _bootstrap(self, who: ActorId) -> Actor:
        with UnitOfWork(self._records, who) as work:
            if work.session.scalar(select(ActorRow.id).limit(1)) is not None:
                raise _NotTheFirst
            line = work.audit(AuditEvent.BOOTSTRAPPED, account=who, role=Role.ADMINISTRATOR.value)
            work.keep(ActorRow(id=who, added_at=work.now, audit_id=line))
            work.keep(
                ActorRoleRow(
                    actor_id=who, role=Role.ADMINISTRATOR, granted_at=work.now, audit_id=line
                )
            )
        return Actor(who, frozenset({Role.ADMINISTRATOR}))
