"""What no one person may do twice."""

from itertools import combinations

import pytest

from overt.identifiers import ActorId
from overt.policy.access import NOT_GRANTED, ROLES, Permission, Role
from overt.policy.conflicts import (
    DUTIES_APART,
    ROLES_APART,
    Conflict,
    Duty,
    require_duties_apart,
    require_roles_apart,
)

ANA, BEN = ActorId("ana"), ActorId("ben")
POLICE = "uk-police-2026"


def test_every_duty_has_a_row() -> None:
    assert DUTIES_APART.keys() == set(Duty)


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("role", sorted(set(Role) - NOT_GRANTED - {Role.AUDITOR}, key=str))
def test_an_auditor_is_nothing_else(role: Role) -> None:
    with pytest.raises(Conflict, match="nobody audits themselves"):
        require_roles_apart(ANA, {Role.AUDITOR, role})


@pytest.mark.requirement("R6")
def test_nobody_builds_a_list_and_authorises() -> None:
    with pytest.raises(Conflict, match="nobody authorises their own list"):
        require_roles_apart(ANA, {Role.LIST_BUILDER, Role.AUTHORISING_OFFICER})


@pytest.mark.requirement("R6")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Permission.WATCHLIST_IMPORT, Permission.DEPLOYMENT_SIGN),
        (Permission.DEPLOYMENT_SIGN, Permission.ALERT_DECIDE),
        (Permission.USER_MANAGE, Permission.ALERT_DECIDE),
        (Permission.USER_MANAGE, Permission.DEPLOYMENT_SIGN),
        (Permission.USER_MANAGE, Permission.AUDIT_READ),
        (Permission.DECOY_PLANT, Permission.ALERT_DECIDE),
    ],
)
def test_no_roles_that_one_person_may_hold_bring_these_together(
    one: Permission, other: Permission
) -> None:
    granted = sorted(set(Role) - NOT_GRANTED, key=str)
    for size in range(1, len(granted) + 1):
        for roles in combinations(granted, size):
            if any(frozenset(pair) in ROLES_APART for pair in combinations(roles, 2)):
                continue
            together = {p for role in roles for p in ROLES[role]}
            assert not {one, other} <= together


@pytest.mark.requirement("R39")
def test_whoever_judged_an_alert_judges_it_no_second_time() -> None:
    with pytest.raises(Conflict, match="ana judged the alert"):
        require_duties_apart(ANA, Duty.JUDGE, {Duty.JUDGE: [ANA]}, profile=POLICE)
    require_duties_apart(BEN, Duty.JUDGE, {Duty.JUDGE: [ANA]}, profile=POLICE)


@pytest.mark.requirement("R6")
def test_consent_waives_the_duties_and_an_unknown_profile_does_not() -> None:
    built = {Duty.BUILD_LIST: [ANA]}
    require_duties_apart(ANA, Duty.SIGN, built, profile="consent")
    with pytest.raises(Conflict):
        require_duties_apart(ANA, Duty.SIGN, built, profile="of my own making")
