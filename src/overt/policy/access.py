"""Who may do what: one table. A role is granted by an administrator and every use is audited.

`policy/doors.py` says which permission each method of the gate and each page of the console takes,
`policy/conflicts.py` what no one person may do twice, `policy/training.py` how long a role lasts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from overt.errors import NotPermitted
from overt.identifiers import ActorId


class Role(Enum):
    FOUNDER = "founder"
    """The first account of an installation, until it hands over. Nobody can be granted it.

    It holds every right, and only under a profile that waives separation of duties."""
    ADMINISTRATOR = "administrator"
    LIST_BUILDER = "list-builder"
    AUTHORISING_OFFICER = "authorising-officer"
    OPERATOR = "operator"
    ENGAGEMENT_OFFICER = "engagement-officer"
    ENGINEER = "engineer"
    ASSESSOR = "assessor"
    AUDITOR = "auditor"
    CAMERA = "camera"
    """The process that holds a camera: it may raise alerts and nothing else."""


class Permission(Enum):
    USER_MANAGE = "manage accounts, roles and training"
    USER_LIST = "list accounts"
    OWN_ACCOUNT = "look after one's own account"
    SIGN_ON_MANAGE = "say through which organisation people sign in"
    KEY_MANAGE = "manage officers' keys"
    KEY_LIST = "list officers' keys"
    WATCHLIST_IMPORT = "import a watchlist"
    WATCHLIST_READ = "read a watchlist"
    WATCHLIST_DELETE = "delete a watchlist"
    WATCHLIST_STAND_DOWN = "stand down an entry"
    WATCHLIST_VERIFY = "check an entry as a second person"
    WATCHLIST_APPROVE = "approve an entry that takes approval"
    WATCHLIST_RECHECK = "record that a list's entries were looked up again"
    MANIFEST_READ = "read what a list named"
    DEPLOYMENT_SIGN = "sign a deployment"
    DEPLOYMENT_READ = "read a deployment"
    DEPLOYMENT_SUBMIT = "submit a deployment"
    DEPLOYMENT_NOTICE = "put a public notice on record"
    DEPLOYMENT_SUSPEND = "suspend a deployment"
    DEPLOYMENT_RESUME = "let a suspended deployment go on"
    DEPLOYMENT_CLOSE = "close a deployment for good"
    DEPLOYMENT_EVALUATE = "evaluate a deployment"
    DEPLOYMENT_APPROVE = "approve a deployment as a senior officer"
    DECISION_RECORD = "put a court's or an independent body's decision on record"
    SIGNS_RECORD = "put signs on record"
    CHECK_IN = "check in as present"
    FOOTFALL_COUNT = "count who passes, by perceived group"
    EVIDENCE_RECORD = "put test evidence and maps of sensitive places on record"
    DEPLOYMENT_RUN = "run a deployment"
    DEPLOYMENT_STOP = "stop a deployment"
    ALERT_RAISE = "raise an alert"
    ALERT_READ = "read an alert"
    ALERT_DECIDE = "judge an alert"
    ALERT_DISPATCH = "send an officer to an alert"
    ALERT_DISCLOSE = "hand out the images of an alert"
    ALERT_ENGAGE = "engage a person after an alert"
    ALERT_STATISTICS = "read the statistics of the review"
    DECOY_PLANT = "plant a decoy alert"
    INCIDENT_RECORD = "keep the record of a false engagement or of a breach"
    RIGHTS_ANSWER = "answer a named person's request"
    WALK_CONSENT = "keep the consents of a seeded walk"
    WALK_LOG = "log who passed on a seeded walk"
    WALK_READ = "read the log of a seeded walk"
    SECRET_MANAGE = "manage camera secrets"
    SECRET_USE = "use a camera secret"
    AUDIT_READ = "read the audit log"
    EXPIRE = "delete what is past its date"
    HOLD_PLACE = "keep an alert beyond its time"
    HOLD_RELEASE = "end a legal hold"
    HOLD_READ = "list what is held"
    RECEIPT_READ = "read receipts of destruction"
    ERASURE_PROVE = "prove that what is deleted is gone"
    BACK_UP = "back up and restore"


R, P = Role, Permission

OF_PROCESSES: Final = frozenset({R.CAMERA})
"""Roles that no account has: the gate gives them to a process."""
NOT_GRANTED: Final = OF_PROCESSES | {R.FOUNDER}

ROLES: Final[Mapping[Role, frozenset[Permission]]] = {
    R.FOUNDER: frozenset(P) - {P.ALERT_RAISE},
    R.ADMINISTRATOR: frozenset(
        {
            P.USER_MANAGE, P.USER_LIST, P.OWN_ACCOUNT, P.SIGN_ON_MANAGE, P.KEY_MANAGE, P.KEY_LIST,
            P.EXPIRE,
        }
    ),
    R.LIST_BUILDER: frozenset(
        {
            P.OWN_ACCOUNT, P.WATCHLIST_IMPORT, P.WATCHLIST_READ, P.WATCHLIST_STAND_DOWN,
            P.WATCHLIST_DELETE, P.DEPLOYMENT_READ, P.WATCHLIST_VERIFY, P.WATCHLIST_RECHECK,
            P.MANIFEST_READ, P.DEPLOYMENT_SUBMIT, P.DEPLOYMENT_NOTICE,
        }
    ),
    R.AUTHORISING_OFFICER: frozenset(
        {
            P.OWN_ACCOUNT, P.DEPLOYMENT_SIGN, P.DEPLOYMENT_READ, P.DEPLOYMENT_STOP,
            P.WATCHLIST_READ, P.WATCHLIST_STAND_DOWN, P.KEY_LIST, P.ALERT_STATISTICS,
            P.INCIDENT_RECORD, P.WATCHLIST_VERIFY, P.WATCHLIST_APPROVE, P.MANIFEST_READ,
            P.DEPLOYMENT_APPROVE, P.DECISION_RECORD, P.DEPLOYMENT_SUSPEND, P.DEPLOYMENT_RESUME,
            P.DEPLOYMENT_CLOSE, P.RIGHTS_ANSWER, P.HOLD_PLACE, P.HOLD_RELEASE, P.HOLD_READ, P.RECEIPT_READ,
        }
    ),
    R.OPERATOR: frozenset(
        {
            P.OWN_ACCOUNT, P.DEPLOYMENT_READ, P.DEPLOYMENT_RUN, P.DEPLOYMENT_STOP, P.ALERT_READ,
            P.ALERT_DECIDE, P.ALERT_DISPATCH, P.ALERT_DISCLOSE, P.WATCHLIST_STAND_DOWN, P.EXPIRE,
            P.DEPLOYMENT_NOTICE, P.SIGNS_RECORD, P.WATCHLIST_RECHECK, P.DEPLOYMENT_SUSPEND,
            P.FOOTFALL_COUNT,
        }
    ),
    R.ENGAGEMENT_OFFICER: frozenset(
        {
            P.OWN_ACCOUNT, P.ALERT_ENGAGE, P.INCIDENT_RECORD, P.DEPLOYMENT_READ, P.CHECK_IN,
            P.SIGNS_RECORD, P.DEPLOYMENT_SUSPEND, P.WALK_LOG, P.HOLD_PLACE, P.HOLD_READ,
            P.FOOTFALL_COUNT,
        }
    ),
    R.ENGINEER: frozenset(
        {
            P.OWN_ACCOUNT, P.SECRET_MANAGE, P.SECRET_USE, P.DEPLOYMENT_READ, P.BACK_UP, P.EXPIRE,
            P.ERASURE_PROVE,
        }
    ),
    R.ASSESSOR: frozenset(
        {
            P.OWN_ACCOUNT, P.DEPLOYMENT_READ, P.DECOY_PLANT, P.ALERT_STATISTICS, P.EVIDENCE_RECORD,
            P.DEPLOYMENT_EVALUATE, P.WALK_CONSENT, P.WALK_LOG, P.WALK_READ,
        }
    ),
    R.AUDITOR: frozenset(
        {
            P.OWN_ACCOUNT, P.AUDIT_READ, P.DEPLOYMENT_READ, P.KEY_LIST, P.USER_LIST,
            P.ALERT_STATISTICS, P.DEPLOYMENT_EVALUATE, P.MANIFEST_READ, P.WALK_READ,
            P.ERASURE_PROVE, P.HOLD_READ, P.RECEIPT_READ,
        }
    ),
    R.CAMERA: frozenset({P.ALERT_RAISE, P.SECRET_USE}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the roles that they claim.

    The gate reads at every act which of them still stand, so that a withdrawn role ends at once.
    """

    id: ActorId
    roles: frozenset[Role]


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    return frozenset(permission for role in roles for permission in ROLES[role])


def holders_of(permission: Permission) -> list[str]:
    return sorted(role.value for role in R if permission in ROLES[role])


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless one of the actor's roles holds the permission."""
    if permission not in permissions_of(actor.roles):
        raise NotPermitted(
            f"{actor.id} may not {permission.value}: "
            f"it takes the role {' or '.join(holders_of(permission))}; "
            "an administrator grants roles: overt users grant"
        )
