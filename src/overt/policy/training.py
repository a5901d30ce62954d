"""Which roles take training, and how long one lasts (R43).

An expired one ends the role until somebody is trained again; nothing has to run for that, because
the date is asked at every act.

Before an installation is handed over its founder works under `consent` alone, which asks for none.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from overt.errors import Refused
from overt.policy.access import NOT_GRANTED, Role
from overt.units import UtcTime, iso

A_YEAR: Final = timedelta(days=365)

TRAINING: Final[Mapping[Role, timedelta | None]] = {
    Role.ADMINISTRATOR: None,
    Role.LIST_BUILDER: A_YEAR,
    Role.AUTHORISING_OFFICER: A_YEAR,
    Role.OPERATOR: A_YEAR,
    Role.ENGAGEMENT_OFFICER: A_YEAR,
    Role.ENGINEER: None,
    Role.ASSESSOR: A_YEAR,
    Role.AUDITOR: None,
}
"""How long training for each role lasts at most; None where a role takes none."""


def needs_training(role: Role) -> bool:
    return role not in NOT_GRANTED and TRAINING[role] is not None


def longest_until(role: Role, now: UtcTime) -> UtcTime:
    """Say until when training that is given now may last."""
    lasts = TRAINING.get(role)
    if lasts is None:
        raise Refused(f"the role {role.value} takes no training")
    return UtcTime(now + lasts)


def require_lasting(role: Role, until: UtcTime, now: UtcTime) -> None:
    longest = longest_until(role, now)
    if not now < until <= longest:
        raise Refused(
            f"training for {role.value} lasts at most until {iso(longest)}, and not until "
            f"{iso(until)}: give a date between"
        )
