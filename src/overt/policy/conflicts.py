"""What no one person may do twice: the conflict matrix (R6), as two tables.

`ROLES_APART` names roles that one account never holds together. `DUTIES_APART` names what somebody
who did one thing may not do about the same list, deployment or alert, whatever roles they have had
meanwhile. A profile that waives separation of duties (`consent`, with its banner) waives the second
table, and its founder may hold everything until the installation is handed over.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from itertools import combinations
from typing import Final

from overt.errors import Refused
from overt.identifiers import ActorId
from overt.policy.access import NOT_GRANTED, Role
from overt.policy.profiles import PROFILES
from overt.policy.rule import Rule

R = Role


class Duty(Enum):
    """Something that somebody did, or is about to do."""

    BUILD_LIST = "built the watchlist"
    SIGN = "signed the deployment"
    JUDGE = "judged the alert"
    DISPATCH = "sent somebody to the alert"
    ENGAGE = "engaged the person"
    CLOSE_INCIDENT = "closed the incident"
    HOLD = "placed the hold"
    EXTEND_HOLD = "set another review date for the hold"
    RELEASE_HOLD = "released the hold"


def _pair(one: Role, other: Role) -> frozenset[Role]:
    return frozenset({one, other})


_GRANTED: Final = [role for role in R if role not in NOT_GRANTED]

ROLES_APART: Final[Mapping[frozenset[Role], str]] = {
    _pair(R.LIST_BUILDER, R.AUTHORISING_OFFICER): "nobody authorises their own list",
    _pair(R.OPERATOR, R.AUTHORISING_OFFICER): "nobody judges under their own authority",
    _pair(R.ASSESSOR, R.AUTHORISING_OFFICER): "nobody authorises on their own evidence",
    _pair(R.ASSESSOR, R.OPERATOR): "whoever plants the decoys does not judge them",
    _pair(R.ASSESSOR, R.ENGINEER): "nobody assesses the machine that they set up",
    **{
        _pair(R.ADMINISTRATOR, role): "whoever grants roles does not use them"
        for role in _GRANTED
        if role not in {R.ADMINISTRATOR, R.ENGINEER}
    },
    **{
        _pair(R.AUDITOR, role): "nobody audits themselves"
        for role in _GRANTED
        if role is not R.AUDITOR
    },
}

D = Duty
DUTIES_APART: Final[Mapping[Duty, Mapping[Duty, str]]] = {
    D.BUILD_LIST: {D.SIGN: "nobody authorises their own list"},
    D.SIGN: {
        D.JUDGE: "nobody judges under their own authority",
        D.ENGAGE: "nobody engages under their own authority",
    },
    D.JUDGE: {
        D.JUDGE: "nobody judges the same alert twice (R39)",
        D.ENGAGE: "whoever judged the images does not confirm the person too (R39)",
    },
    D.DISPATCH: {D.ENGAGE: "whoever sent somebody is not the one who is sent"},
    D.ENGAGE: {D.CLOSE_INCIDENT: "nobody closes the record of their own false engagement"},
    D.CLOSE_INCIDENT: {},
    D.HOLD: {
        D.RELEASE_HOLD: "nobody ends their own hold, nor lets evidence die alone",
        D.EXTEND_HOLD: "nobody keeps a hold going alone",
    },
    D.EXTEND_HOLD: {},
    D.RELEASE_HOLD: {},
}
"""Whoever did the first may not do the second to the same thing, for this reason."""


class Conflict(Refused):
    """The person holds or did something that excludes what they ask for."""


def require_roles_apart(account: ActorId, roles: Iterable[Role]) -> None:
    """Raise Conflict where one account would hold two roles that are kept apart."""
    for one, other in combinations(sorted(roles, key=lambda role: role.value), 2):
        if (why := ROLES_APART.get(_pair(one, other))) is not None:
            raise Conflict(
                f"{account} cannot be both {one.value} and {other.value}: {why}; withdraw one "
                "(overt users withdraw), or grant it to another account"
            )


def waives_separation(profile: str) -> bool:
    """Whether the profile lets one person do everything; an unknown one does not."""
    return profile in PROFILES and Rule.SEPARATION in PROFILES[profile].waived


def require_duties_apart(
    actor: ActorId, duty: Duty, done: Mapping[Duty, Iterable[ActorId]], *, profile: str
) -> None:
    """Raise Conflict where the actor did what excludes the duty, about the same thing."""
    if waives_separation(profile):
        return
    for earlier, by in done.items():
        why = DUTIES_APART[earlier].get(duty)
        if why is not None and actor in by:
            raise Conflict(f"{actor} {earlier.value}: {why}; another person must do this")
