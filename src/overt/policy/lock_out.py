"""How long an account waits after sign-ins that failed: a little, then longer each time."""

from datetime import timedelta
from typing import Final

from overt.units import UtcTime

FREE_TRIES: Final = 4
"""Wrong passwords and codes before the first wait."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
"""No account is locked for good: that would let a stranger lock everybody out."""


def locked_until(failures: int, now: UtcTime) -> UtcTime | None:
    """Say until when no sign-in is tried after so many failures in a row."""
    if failures <= FREE_TRIES:
        return None
    doubled = FIRST_WAIT * 2 ** min(failures - FREE_TRIES - 1, 20)
    return UtcTime(now + min(doubled, LONGEST_WAIT))
