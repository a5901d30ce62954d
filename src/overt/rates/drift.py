"""Whether what the camera sees has left what was validated: quality, size, light (R27).

An envelope is the range that held most of the validated looks. A detector watches the share of
passages outside it. Conditions may turn after hours of good ones, so it forgets good hours: it is
a sum of betting scores begun anew at every passage (an e-detector of Shiryaev-Roberts form). While
the share outside is at or below the ceiling, it takes at least `passages_between_false_stops`
passages on average until it trips, and within n passages it trips with a chance of at most
n / passages_between_false_stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import exp, inf, isfinite

import numpy as np

from overt.rates.sequential import ODDS_ABOVE, Verdict, log_step

KEPT = 0.9
"""An envelope holds this share of the validated looks..."""
CEILING = 0.2
"""...so a tenth fall outside by construction, and twice that is tolerated."""
PASSAGES_BETWEEN_FALSE_STOPS = 1_000_000
FEWEST_LOOKS = 100


class Sides(Enum):
    """On which side of the validated looks a measure may leave them."""

    BELOW = "below"
    """More of it does no harm: a larger face, a sharper one."""
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The range of one measure that was validated."""

    measure: str
    """`eye_distance_px`, `sharpness`, `light`..."""
    low: float
    high: float
    """Infinity where more does no harm."""
    looks: int
    """How many validated looks it was drawn from."""

    def holds(self, value: float) -> bool:
        """A measure that could not be taken is outside."""
        return isfinite(value) and self.low <= value <= self.high

    def __str__(self) -> str:
        most = "" if self.high == inf else f" to {self.high:.3g}"
        return f"{self.measure} from {self.low:.3g}{most}"


def envelope_of(
    measure: str, validated: Sequence[float], *, sides: Sides = Sides.BOTH, kept: float = KEPT
) -> Envelope:
    """The middle of the validated looks; too few are refused, they have no edges."""
    values = np.array([value for value in validated if isfinite(value)])
    if len(values) < FEWEST_LOOKS:
        raise ValueError(f"{measure}: {len(values)} looks; an envelope takes {FEWEST_LOOKS}")
    if sides is Sides.BELOW:
        return Envelope(measure, float(np.quantile(values, 1 - kept)), inf, len(values))
    low, high = np.quantile(values, [(1 - kept) / 2, (1 + kept) / 2])
    return Envelope(measure, float(low), float(high), len(values))


@dataclass(frozen=True, slots=True)
class Drift:
    """What has left its envelope, and in how many passages."""

    envelope: Envelope
    outside: int
    passages: int

    def __str__(self) -> str:
        return (
            f"{self.outside} of {self.passages} passages outside what was tested ({self.envelope})"
        )


@dataclass(frozen=True, slots=True)
class DriftDetector:
    """One measure of one camera; a new value after every passage."""

    ceiling: float = CEILING
    passages_between_false_stops: int = PASSAGES_BETWEEN_FALSE_STOPS
    sums: tuple[float, ...] = field(default=(0.0,) * len(ODDS_ABOVE))
    """For each of the odds, everything that gamblers who began at any passage now hold."""

    def __post_init__(self) -> None:
        if not 0 < self.ceiling < 1 or self.passages_between_false_stops < 1:
            raise ValueError(f"{self.ceiling}, {self.passages_between_false_stops}")

    def after(self, outside: bool) -> "DriftDetector":  # noqa: FBT001  an outcome
        """The next passage was inside or outside of the envelope; once tripped it stays."""
        if self.verdict is Verdict.TRIPPED:
            return self
        sums = tuple(
            (held + 1) * exp(log_step(self.ceiling, times, outside))
            for held, times in zip(self.sums, ODDS_ABOVE, strict=True)
        )
        return DriftDetector(self.ceiling, self.passages_between_false_stops, sums)

    @property
    def evidence(self) -> float:
        """Grows by at most one a passage on average while the ceiling holds."""
        return sum(self.sums) / len(self.sums)

    @property
    def verdict(self) -> Verdict:
        tripped = self.evidence >= self.passages_between_false_stops
        return Verdict.TRIPPED if tripped else Verdict.GO_ON

    def chance_of_false_stop(self, passages: int) -> float:
        """At most this within so many passages, while the ceiling holds."""
        return min(1.0, passages / self.passages_between_false_stops)
