"""What no one person may do twice: the conflict matrix (R6), as two tables.

`ROLES_APART` names roles that one account never holds together. `DUTIES_APART` names what somebody
who did one thing may not do about the same list, deployment or alert, whatever roles they have had
meanwhile: who did what is read from the log (`policy/took_part.py`). A profile that waives separation
of duties (`consent`, with its banner) waives the second table, and its founder may hold everything
until the installation is handed over.

Not kept apart, on purpose: whoever checked or approved entries of a list may sign the deployment that
uses it, because the officer who authorises is the one who approves the list (R1, R19); and whoever
tested may evaluate, because both are an assessor's. Reading the log, exporting and verifying it, and
the forms and records worked out from it, which nobody can bend, stay open to every auditor.
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
    CHECK_LIST = "checked or approved entries of the watchlist"
    RECORD_EVIDENCE = "put the test evidence on record"
    DRAW_MAP = "put the map of sensitive places on record"
    TRUST_KEY = "made or trusted the officer's key"
    SUBMIT = "submitted the deployment"
    SIGN = "signed the deployment"
    APPROVE = "approved the deployment as a senior officer"
    RESUME = "let the deployment go on"
    PLANT = "planted tests of the review"
    JUDGE = "judged the alert"
    JUDGE_ONE = "judged alerts of the deployment"
    DISPATCH = "sent somebody to the alert"
    ENGAGE = "engaged the person"
    CLOSE_INCIDENT = "closed the incident"
    HOLD = "placed the hold"
    EXTEND_HOLD = "set another review date for the hold"
    RELEASE_HOLD = "released the hold"
    TAKE_PART = "took part in the deployment"
    EVALUATE = "evaluated the deployment"
    AUDIT = "evaluated the deployment as an auditor"


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
_OWN_LIST: Final = "nobody authorises their own list"
_OWN_EVIDENCE: Final = "nobody authorises on their own evidence"
_OWN_AUTHORITY: Final = {
    D.JUDGE: "nobody judges under their own authority",
    D.ENGAGE: "nobody engages under their own authority",
}
_THEMSELVES: Final = "nobody audits themselves"

DUTIES_APART: Final[Mapping[Duty, Mapping[Duty, str]]] = {
    D.BUILD_LIST: {
        D.CHECK_LIST: "nobody is the second person for their own list",
        D.SIGN: _OWN_LIST,
        D.APPROVE: _OWN_LIST,
    },
    D.CHECK_LIST: {},
    D.RECORD_EVIDENCE: {
        D.SIGN: _OWN_EVIDENCE,
        D.APPROVE: _OWN_EVIDENCE,
        D.AUDIT: _THEMSELVES,
    },
    D.DRAW_MAP: {D.SIGN: _OWN_EVIDENCE, D.APPROVE: _OWN_EVIDENCE},
    D.TRUST_KEY: {D.SIGN: "nobody signs with a key that they vouched for themselves"},
    D.SUBMIT: {
        D.SIGN: "nobody authorises what they asked for",
        D.APPROVE: "nobody authorises what they asked for",
    },
    D.SIGN: {
        D.APPROVE: "the senior officer is a second person",
        **_OWN_AUTHORITY,
    },
    D.APPROVE: _OWN_AUTHORITY,
    D.RESUME: _OWN_AUTHORITY,
    D.PLANT: {
        D.JUDGE: "whoever plants the decoys does not judge them",
        D.AUDIT: _THEMSELVES,
    },
    D.JUDGE: {
        D.JUDGE: "nobody judges the same alert twice (R39)",
        D.ENGAGE: "whoever judged the images does not confirm the person too (R39)",
        D.CLOSE_INCIDENT: "nobody closes the record of their own mistake",
    },
    D.JUDGE_ONE: {D.PLANT: "nobody tests a review that they took part in"},
    D.DISPATCH: {
        D.ENGAGE: "whoever sent somebody is not the one who is sent",
        D.CLOSE_INCIDENT: "nobody closes the record of their own mistake",
    },
    D.ENGAGE: {D.CLOSE_INCIDENT: "nobody closes the record of their own false engagement"},
    D.CLOSE_INCIDENT: {},
    D.HOLD: {
        D.RELEASE_HOLD: "nobody ends their own hold, nor lets evidence die alone",
        D.EXTEND_HOLD: "nobody keeps a hold going alone",
    },
    D.EXTEND_HOLD: {},
    D.RELEASE_HOLD: {},
    D.TAKE_PART: {
        D.EVALUATE: "nobody evaluates what they took part in",
        D.AUDIT: _THEMSELVES,
    },
    D.EVALUATE: {},
    D.AUDIT: {},
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


def why_not_apart(actor: ActorId, duty: Duty, done: Mapping[Duty, Iterable[ActorId]]) -> str | None:
    """Say what the actor did that excludes the duty, about the same thing; None where nothing."""
    for earlier, by in done.items():
        why = DUTIES_APART[earlier].get(duty)
        if why is not None and actor in by:
            return f"{actor} {earlier.value}: {why}"
    return None


def require_duties_apart(
    actor: ActorId, duty: Duty, done: Mapping[Duty, Iterable[ActorId]], *, profile: str
) -> None:
    """Raise Conflict where the actor did what excludes the duty, about the same thing."""
    if waives_separation(profile):
        return
    if (why := why_not_apart(actor, duty, done)) is not None:
        raise Conflict(f"{why}; another person must do this")
