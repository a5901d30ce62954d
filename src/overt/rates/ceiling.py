"""Whether a rate has risen above its ceiling, asked again and again while it is counted (R33).

Wald's sequential probability ratio: the chance that it ever says so of a rate that is at its ceiling
is at most ALPHA, however often one looks. An exact interval looked at after every face would say so
of every system in the end.
"""

from math import log
from typing import Final

ALPHA: Final = 0.05
WORSE: Final = 2.0
"""The rate that it is meant to find soon: twice the ceiling."""


def breached(events: int, trials: int, ceiling: float) -> bool:
    """Whether so many events in so many trials show a rate above the ceiling."""
    if not 0 <= events <= trials:
        raise ValueError(f"{events} events in {trials} trials")
    if ceiling * WORSE >= 1:
        return False
    return _evidence(events, trials, ceiling) >= log(1 / ALPHA)


def _evidence(events: int, trials: int, ceiling: float) -> float:
    """The logarithm of how much better twice the ceiling explains the counts."""
    rarer = (1 - WORSE * ceiling) / (1 - ceiling)
    return events * log(WORSE) + (trials - events) * log(rarer)
