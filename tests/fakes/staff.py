"""A force whose founder has handed over: an account for each duty, trained where it must be."""

import shutil
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from tests.fakes.installed import installed_home, kept_folder

from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId
from overt.policy.access import Actor, Role
from overt.policy.training import needs_training
from overt.units import Clock, UtcTime

STAFF: Final = {
    "lis": Role.LIST_BUILDER,
    "ode": Role.AUTHORISING_OFFICER,
    "ana": Role.OPERATOR,
    "ben": Role.OPERATOR,
    "cai": Role.OPERATOR,
    "pc-4411": Role.ENGAGEMENT_OFFICER,
    "pc-0927": Role.ENGAGEMENT_OFFICER,
    "eng": Role.ENGINEER,
    "ass": Role.ASSESSOR,
    "aud": Role.AUDITOR,
}
TRAINED_FOR: Final = timedelta(days=90)


def actor(name: str) -> Actor:
    """One of the staff, claiming the role that they have."""
    return Actor(ActorId(name), frozenset({STAFF[name]}))


ANA: Final = actor("ana")
BEN: Final = actor("ben")
CAI: Final = actor("cai")


def employ(gate: Gate, now: UtcTime, *, hand_over: bool = True) -> Actor:
    """Make the accounts, and hand over; give the administrator, who is left with no other right."""
    founder = gate.whoami()
    for name, role in STAFF.items():
        gate.add_user(founder, ActorId(name))
        gate.grant_roles(founder, ActorId(name), frozenset({role}))
        if needs_training(role):
            until = UtcTime(now + TRAINED_FOR)
            gate.record_training(founder, ActorId(name), frozenset({role}), until=until)
    if hand_over:
        gate.hand_over(founder)
    return gate.whoami()


def staffed_home(home: Path, at: UtcTime, *, hand_over: bool = True) -> Path:
    """Make OVERT_HOME with the staff in it: a copy, because forty acts take their time."""
    shutil.copytree(_template(at, hand_over=hand_over), home)
    return home


@cache
def _template(at: UtcTime, *, hand_over: bool) -> Path:
    home = installed_home(kept_folder() / "home", at)
    with open_gate(home, Clock(wall=at.timestamp, monotonic=lambda: 0.0)) as gate:
        employ(gate, at, hand_over=hand_over)
    return home
