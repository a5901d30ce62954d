"""Who acts, and who may: accounts, their roles, their training, and the founder's hand-over.

On the command line the actor is the account of the operating system. The first command in an empty
OVERT_HOME makes it the founder and administrator; any other account has no roles until an
administrator grants them. After the hand-over nobody holds every right any more, for good.
"""

import os
import pwd
import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, select

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_dates import account_dies, put_off
from overt.gate.account_standing import (
    Act,
    held_roles,
    is_disabled,
    is_founding,
    require_known,
    standing_roles,
    trained_until,
)
from overt.gate.door import Door
from overt.gate.session_standing import Way, session_holder
from overt.identifiers import ActorId
from overt.policy.access import NOT_GRANTED, Actor, Permission, Role
from overt.policy.conflicts import Conflict, require_roles_apart
from overt.policy.training import needs_training, require_lasting
from overt.records.schema import ActorRoleRow, ActorRow, SessionRow, TrainingRow
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime, iso

SESSION: Final = "OVERT_SESSION"
"""Holds the token of whoever signed in on this command line."""
ACCOUNT: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
"""As operating systems and call signs are written; no colon, which is for processes."""


def account() -> ActorId:
    """Name the account that runs this process, as the system knows it, not as it calls itself."""
    user = os.geteuid()
    try:
        return ActorId(pwd.getpwuid(user).pw_name)
    except KeyError:  # an account without an entry, as in many containers
        return ActorId(f"uid-{user}")


@dataclass(frozen=True, slots=True)
class Held:
    """A role that was granted to an account."""

    role: Role
    trained_until: UtcTime | None
    stands: bool
    """Whether it may be used now."""


@dataclass(frozen=True, slots=True)
class UserLine:
    id: ActorId
    added_at: UtcTime
    disabled: bool
    roles: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    user: UserLine
    warning: str
    """What keeps the roles apart, where only a founding installation lets them meet."""


class _NotTheFirst(Exception):  # noqa: N818  it never leaves this module
    """Two first commands ran at once, and the other one was first."""


class PeopleGate(Door):
    def whoami(self) -> Actor:
        """Say who acts. The one method that takes no actor, because it is where they come from."""
        if token := os.environ.get(SESSION, ""):
            return self._of_session(token)
        who = account()
        told = self._telling_alterations(who, "say who acts")
        with told, Reading(self._records) as reading:
            reading.require_unaltered(ActorRow, ActorRoleRow)
            anybody = reading.session.scalar(select(ActorRow.id).limit(1))
            if anybody is not None:
                return Actor(who, standing_roles(reading, who))
        try:
            return self._bootstrap(who)
        except _NotTheFirst:
            return self.whoami()

    def _of_session(self, token: str) -> Actor:
        """Whoever signed in on this command line; an ended session is told, never replaced."""
        told = self._telling_alterations(account(), "say who acts")
        with told, Reading(self._records) as reading:
            actor = session_holder(reading, token, Way.COMMAND_LINE)
        if actor is None:
            raise Refused(
                f"the session in {SESSION} has ended: sign in again (overt users sign-in), or "
                "unset it to act as the account of the operating system"
            )
        return actor

    def add_user(self, actor: Actor, user: ActorId) -> UserLine:
        """Make an account; it may do nothing before it is granted a role."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            if not ACCOUNT.fullmatch(user):
                raise Refused(
                    f"an account is named with lower-case letters, digits and . _ - "
                    f"(at most 64), and not {user[:64]!r}"
                )
            if work.session.get(ActorRow, user) is not None:
                raise Refused(f"there is an account {user} already")
            line = work.audit(AuditEvent.USER_ADDED, account=user)
            work.keep(_account(work, user, line))
            return _user_line(work, user)

    def users(self, actor: Actor) -> tuple[UserLine, ...]:
        with self._as(actor, Permission.USER_LIST) as work:
            ids = work.session.scalars(select(ActorRow.id).order_by(ActorRow.id)).all()
            work.audit(AuditEvent.USERS_READ, accounts=len(ids))
            return tuple(_user_line(work, user) for user in ids)

    def own_account(self, actor: Actor) -> UserLine:
        """Tell an account which of its roles stand, and until when."""
        with self._as(actor, Permission.OWN_ACCOUNT) as work:
            work.audit(AuditEvent.USERS_READ, accounts=1)
            return _user_line(work, actor.id)

    def grant_roles(self, actor: Actor, user: ActorId, roles: frozenset[Role]) -> Granted:
        """Give an account roles; what one person may not hold together is refused."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            held = held_roles(work, user)
            for role in _in_order(roles):
                if role in NOT_GRANTED:
                    raise Refused(f"the role {role.value} cannot be granted to anybody")
                if role in held:
                    raise Refused(f"{user} holds the role {role.value} already")
            warning = _kept_apart(work, user, held | roles)
            for role in _in_order(roles):
                line = work.audit(AuditEvent.ROLE_GRANTED, account=user, role=role.value)
                work.session.merge(_role(work, user, role, line))
            put_off(work, user)
            return Granted(_user_line(work, user), warning)

    def withdraw_roles(self, actor: Actor, user: ActorId, roles: frozenset[Role]) -> UserLine:
        """Take roles from an account; whatever it does next with them is refused."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            held = held_roles(work, user)
            for role in _in_order(roles):
                if role is Role.FOUNDER:
                    raise Refused("the founder's rights end by handing over: overt users hand-over")
                if role not in held:
                    raise Refused(f"{user} does not hold the role {role.value}")
                _revoke(work, user, role)
            _require_administrator(work)
            return _user_line(work, user)

    def record_training(
        self, actor: Actor, user: ActorId, roles: frozenset[Role], *, until: UtcTime
    ) -> UserLine:
        """Record that somebody is trained for roles, and until when (R43)."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            if user == actor.id and not is_founding(work):
                raise Conflict(f"{actor.id} cannot certify their own training (R6)")
            for role in _in_order(roles):
                require_lasting(role, until, work.now)
                line = work.audit(
                    AuditEvent.TRAINED, account=user, role=role.value, until=iso(until)
                )
                work.session.merge(
                    TrainingRow(
                        actor_id=user, role=role, trained_at=work.now, expires_at=until,
                        audit_id=line, delete_after=account_dies(work.now),
                    )
                )  # fmt: skip
            put_off(work, user)
            return _user_line(work, user)

    def disable_user(self, actor: Actor, user: ActorId) -> UserLine:
        """Close an account at once, with every sign-in that it has."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            if Role.FOUNDER in held_roles(work, user):
                raise Refused(f"{user} is the founder: hand over first (overt users hand-over)")
            if is_disabled(work, user):
                raise Refused(f"the account {user} is disabled already")
            work.audit(AuditEvent.USER_DISABLED, account=user)
            work.session.execute(delete(SessionRow).where(SessionRow.actor_id == user))
            _require_administrator(work)
            return _user_line(work, user)

    def enable_user(self, actor: Actor, user: ActorId) -> UserLine:
        with self._as(actor, Permission.USER_MANAGE) as work:
            require_known(work, user)
            if not is_disabled(work, user):
                raise Refused(f"the account {user} is not disabled")
            work.audit(AuditEvent.USER_ENABLED, account=user)
            return _user_line(work, user)

    def hand_over(self, actor: Actor) -> UserLine:
        """End the founder's rights for good: from now on every duty is somebody's own."""
        with self._as(actor, Permission.USER_MANAGE) as work:
            if not is_founding(work):
                raise Refused("this installation was handed over before")
            if Role.FOUNDER not in held_roles(work, actor.id):
                raise Refused("only the founder hands over")
            _revoke(work, actor.id, Role.FOUNDER)
            for user in work.session.scalars(select(ActorRow.id).order_by(ActorRow.id)):
                require_roles_apart(user, held_roles(work, user))
            return _user_line(work, actor.id)

    def _bootstrap(self, who: ActorId) -> Actor:
        with UnitOfWork(self._records, who) as work:
            if work.session.scalar(select(ActorRow.id).limit(1)) is not None:
                raise _NotTheFirst
            line = work.audit(AuditEvent.BOOTSTRAPPED, account=who, role=Role.ADMINISTRATOR.value)
            work.keep(_account(work, who, line))
            roles = (Role.ADMINISTRATOR, Role.FOUNDER)
            work.keep(*(_role(work, who, role, line) for role in roles))
        return Actor(who, frozenset(roles))


def _account(work: UnitOfWork, user: ActorId, line: int) -> ActorRow:
    dies = account_dies(work.now)
    return ActorRow(id=user, added_at=work.now, audit_id=line, delete_after=dies)


def _role(work: UnitOfWork, user: ActorId, role: Role, line: int) -> ActorRoleRow:
    return ActorRoleRow(
        actor_id=user, role=role, granted_at=work.now, audit_id=line,
        delete_after=account_dies(work.now),
    )  # fmt: skip


def _in_order(roles: frozenset[Role]) -> list[Role]:
    return sorted(roles, key=lambda role: role.value)


def _kept_apart(work: UnitOfWork, user: ActorId, roles: frozenset[Role]) -> str:
    """Refuse roles that are kept apart, or warn while the founder has not handed over."""
    try:
        require_roles_apart(user, roles - NOT_GRANTED)
    except Conflict as conflict:
        if not is_founding(work):
            raise
        return (
            f"{conflict}. Until then only a profile that waives separation of duties can be used, "
            "and the founder cannot hand over"
        )
    return ""


def _revoke(work: UnitOfWork, user: ActorId, role: Role) -> None:
    work.audit(AuditEvent.ROLE_REVOKED, account=user, role=role.value)
    work.session.execute(
        delete(ActorRoleRow).where(ActorRoleRow.actor_id == user, ActorRoleRow.role == role)
    )


def _require_administrator(work: UnitOfWork) -> None:
    """Raise Refused where nobody would be left who can grant a role."""
    work.session.flush()
    ids = work.session.scalars(select(ActorRow.id)).all()
    if not any(Role.ADMINISTRATOR in standing_roles(work, user) for user in ids):
        raise Refused("nobody would be left to administer accounts: grant the role first")


def _user_line(act: Act, user: ActorId) -> UserLine:
    row = act.session.get_one(ActorRow, user)
    standing = standing_roles(act, user)
    held = _in_order(held_roles(act, user))
    return UserLine(
        user,
        row.added_at,
        is_disabled(act, user),
        tuple(
            Held(
                role,
                trained_until(act, user, role) if needs_training(role) else None,
                role in standing,
            )
            for role in held
        ),
    )
