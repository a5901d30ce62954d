"""Who may do what: one table. A role is granted by an administrator and every use is audited."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from overt.errors import NotPermitted
from overt.identifiers import ActorId


class Role(Enum):
    ADMINISTRATOR = "administrator"
    LIST_BUILDER = "list-builder"
    AUTHORISING_OFFICER = "authorising-officer"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    AUDITOR = "auditor"
    CAMERA = "camera"
    """The process that holds a camera: it may raise alerts and nothing else."""


class Permission(Enum):
    KEY_MANAGE = "manage officers' keys"
    KEY_LIST = "list officers' keys"
    WATCHLIST_IMPORT = "import a watchlist"
    WATCHLIST_READ = "read a watchlist"
    WATCHLIST_DELETE = "delete a watchlist"
    WATCHLIST_STAND_DOWN = "stand down an entry"
    DEPLOYMENT_SIGN = "sign a deployment"
    DEPLOYMENT_READ = "read a deployment"
    DEPLOYMENT_RUN = "run a deployment"
    DEPLOYMENT_STOP = "stop a deployment"
    ALERT_RAISE = "raise an alert"
    ALERT_READ = "read an alert"
    ALERT_DECIDE = "judge an alert"
    ALERT_DISPATCH = "send an officer to an alert"
    SECRET_MANAGE = "manage camera secrets"
    SECRET_USE = "use a camera secret"
    AUDIT_READ = "read the audit log"
    EXPIRE = "delete what is past its date"
    BACK_UP = "back up and restore"


R, P = Role, Permission

ROLES: Final[Mapping[Role, frozenset[Permission]]] = {
    R.ADMINISTRATOR: frozenset(P) - {P.ALERT_RAISE},
    R.LIST_BUILDER: frozenset({P.WATCHLIST_IMPORT, P.WATCHLIST_READ, P.WATCHLIST_STAND_DOWN}),
    R.AUTHORISING_OFFICER: frozenset(
        {P.DEPLOYMENT_SIGN, P.DEPLOYMENT_READ, P.WATCHLIST_READ, P.DEPLOYMENT_STOP, P.KEY_LIST}
    ),
    R.OPERATOR: frozenset(
        {
            P.DEPLOYMENT_READ, P.DEPLOYMENT_RUN, P.DEPLOYMENT_STOP, P.ALERT_READ,
            P.ALERT_DECIDE, P.ALERT_DISPATCH, P.WATCHLIST_STAND_DOWN, P.EXPIRE,
        }
    ),
    R.ENGINEER: frozenset({P.SECRET_MANAGE, P.SECRET_USE, P.DEPLOYMENT_READ, P.BACK_UP}),
    R.AUDITOR: frozenset({P.AUDIT_READ, P.DEPLOYMENT_READ, P.KEY_LIST}),
    R.CAMERA: frozenset({P.ALERT_RAISE, P.SECRET_USE}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    id: ActorId
    roles: frozenset[Role]


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless one of the actor's roles holds the permission."""
    if not any(permission in ROLES[role] for role in actor.roles):
        raise NotPermitted(
            f"{actor.id} may not {permission.value}: "
            f"it takes the role {' or '.join(sorted(r.value for r in R if permission in ROLES[r]))}; "
            "an administrator grants roles"
        )
