"""Which roles an account holds now: the rows say which were given, the log says which stand.

Asked at every act, so that a role that was withdrawn, an account that was disabled and training
that has expired end at once. A row that somebody put into the database, or brought back, without a
line of the log counts for nothing.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Line, read_line
from overt.errors import Refused
from overt.identifiers import ActorId, DeploymentId
from overt.policy.access import NOT_GRANTED, Actor, Role
from overt.policy.conflicts import waives_separation
from overt.policy.training import needs_training
from overt.records.schema import ActorRoleRow, ActorRow, DeploymentRow, TrainingRow
from overt.records.work import Reading, UnitOfWork
from overt.units import UtcTime, iso

Act = Reading | UnitOfWork
_OF_A_CAMERA: Final = "camera:"
_BOOTSTRAP: Final = frozenset({Role.ADMINISTRATOR, Role.FOUNDER})


def camera_actor(deployment: DeploymentId) -> Actor:
    """Whoever holds a camera of the deployment: a process, not an account."""
    return Actor(ActorId(f"{_OF_A_CAMERA}{deployment}"), frozenset({Role.CAMERA}))


def standing_actor(act: Act, actor: Actor) -> Actor:
    """The actor with those of the claimed roles that stand now."""
    if not actor.roles:
        return actor
    if Role.CAMERA in actor.roles:
        return Actor(actor.id, frozenset({Role.CAMERA}) if _is_camera(act, actor) else frozenset())
    return Actor(actor.id, actor.roles & standing_roles(act, actor.id))


def standing_roles(act: Act, account: ActorId) -> frozenset[Role]:
    """The roles that the account may use now."""
    held = held_roles(act, account)
    if is_disabled(act, account):
        return frozenset()
    if is_founding(act):
        return held
    return frozenset(
        role for role in held if not needs_training(role) or trained(act, account, role)
    )


def held_roles(act: Act, account: ActorId) -> frozenset[Role]:
    """The roles that were granted and not withdrawn, trained for or not."""
    rows = act.session.scalars(select(ActorRoleRow).where(ActorRoleRow.actor_id == account)).all()
    return frozenset(row.role for row in rows if _granted(act, row))


def is_founding(act: Act) -> bool:
    """Whether the founder has not handed over yet, as the log tells it."""
    return not any(
        line.detail.get("role") == Role.FOUNDER.value
        for line in lines_of(act, AuditEvent.ROLE_REVOKED)
    )


def is_disabled(act: Act, account: ActorId) -> bool:
    if act.session.get(ActorRow, account) is None:
        return True
    told = [
        line
        for line in lines_of(act, AuditEvent.USER_DISABLED, AuditEvent.USER_ENABLED)
        if line.detail.get("account") == account
    ]
    return bool(told) and told[-1].event == AuditEvent.USER_DISABLED.value


def require_known(act: Act, user: ActorId) -> None:
    if act.session.get(ActorRow, user) is None:
        raise Refused(f"there is no account {user[:64]!r}: overt users add makes one")


def trained(act: Act, account: ActorId, role: Role) -> bool:
    until = trained_until(act, account, role)
    return until is not None and act.now < until


def trained_until(act: Act, account: ActorId, role: Role) -> UtcTime | None:
    """Until when the account is trained for the role; a row that differs from its line is none."""
    row = act.session.get(TrainingRow, (account, role))
    if row is None:
        return None
    told = line_at(act, row.audit_id)
    meant = {"account": account, "role": role.value, "until": iso(row.expires_at)}
    if told is None or told.event != AuditEvent.TRAINED.value or told.detail != meant:
        return None
    return row.expires_at


def require_handed_over(act: Act, profile: str) -> None:
    """Under a profile that keeps duties apart, nobody acts while one account holds every right."""
    if not waives_separation(profile) and is_founding(act):
        raise Refused(
            f"the profile {profile} keeps duties apart, and one account of this installation "
            "still holds every right: grant the roles to those who will do the work (overt users "
            "add, grant, train), then hand over: overt users hand-over"
        )


def _is_camera(act: Act, actor: Actor) -> bool:
    if not actor.id.startswith(_OF_A_CAMERA):
        return False
    deployment = DeploymentId(actor.id.removeprefix(_OF_A_CAMERA))
    return act.session.get(DeploymentRow, deployment) is not None


def _granted(act: Act, row: ActorRoleRow) -> bool:
    told = line_at(act, row.audit_id)
    if told is None or told.detail.get("account") != row.actor_id:
        return False
    if told.event == AuditEvent.BOOTSTRAPPED.value:
        given = row.role in _BOOTSTRAP
    else:
        given = (
            told.event == AuditEvent.ROLE_GRANTED.value
            and told.detail.get("role") == row.role.value
            and row.role not in NOT_GRANTED
        )
    return given and not any(
        line.seq > told.seq
        and line.detail.get("account") == row.actor_id
        and line.detail.get("role") == row.role.value
        for line in lines_of(act, AuditEvent.ROLE_REVOKED)
    )


def line_at(act: Act, seq: int) -> Line | None:
    """One line of the log, proved; None where it is sealed, or was never written."""
    raw = act.lines.at(seq)
    return None if raw is None else parsed(raw)


def lines_of(act: Act, *events: AuditEvent, since: int = 0) -> list[Line]:
    """The lines of the log that tell of these events, proved, oldest first."""
    return [parsed(raw) for raw in raw_lines(act, (event.value for event in events), since)]


def raw_lines(act: Act, events: Iterable[str], since: int = 0) -> list[bytes]:
    """The same before it is read: for whoever looks for a name in many lines first."""
    return act.lines.of(frozenset(events), since)


@lru_cache(maxsize=4096)
def parsed(raw: bytes) -> Line:
    """Read a line once: the same few lines are asked at every act."""
    return read_line(raw)
