"""What a test of equality could have seen: which gap it would have found four times in five.

One group is set against the others of its column. Its odds of an error are so many times theirs,
and the rate of all stays what was measured: so a large group, which is most of "all", is not
compared with itself. Errors are drawn for both sides, as many trials each as its people are worth,
and the test is asked: is the gap larger than the largest that chance gives in all groups at once?
"""

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from overt.rates.counts import CONFIDENCE

Float64 = npt.NDArray[np.float64]
POWER: Final = 0.8
DRAWS: Final = 1_000
SEED: Final = 1
"""The same draws for every gap that is tried, so that a larger one is not seen less by chance."""
MOST_TIMES: Final = 1_000.0
STEPS: Final = 12
TIE: Final = 1e-12
LEAST_CRITICAL: Final = float(ndtri(1 - (1 - CONFIDENCE) / 4))
"""In standard errors, two sides and two measures. Permutations of hardly any error ask for less,
which no draw with more errors could rely on."""


@dataclass(frozen=True, slots=True)
class Gap:
    """True rates of a group and of the others of its column."""

    group: float
    others: float

    @property
    def times(self) -> float | None:
        """None where the others never err."""
        return self.group / self.others if self.others else None


@dataclass(frozen=True, slots=True)
class Side:
    """A group, or all others of its column."""

    trials: float
    worth: float
    """As many independent trials would tell as much."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One group against the others, in a test that asks for a gap above `critical`."""

    group: Side
    others: Side
    overall: float
    critical: float
    """In standard errors."""

    def gap(self, times: float) -> Gap:
        """The group's odds so many times the others', the rate of all as it is."""
        share = self.group.trials / (self.group.trials + self.others.trials)
        square = (1 - share) * (times - 1)
        linear = share * times + (1 - share) - self.overall * (times - 1)
        others = 2 * self.overall / (linear + sqrt(linear**2 + 4 * square * self.overall))
        return Gap(times * others / (1 + (times - 1) * others), others)

    def power(self, times: float) -> float:
        """How often the test would find such a gap, and not its opposite."""
        rng, gap = np.random.default_rng(SEED), self.gap(times)
        group = _drawn(rng, self.group, gap.group)
        others = _drawn(rng, self.others, gap.others)
        apart = distance(
            group * self.group.trials, self.group.trials,
            others * self.others.trials, self.others.trials,
        )  # fmt: skip
        asked = max(self.critical, LEAST_CRITICAL) + TIE
        return float(np.mean((apart if times > 1 else -apart) > asked))

    @property
    def _can_be_tried(self) -> bool:
        return min(self.group.worth, self.others.worth) >= 1 and 0 < self.overall < 1

    def least_seen(self, most: float) -> float | None:
        """The gap nearest to none, towards `most` times the odds, that would be found."""
        if not self._can_be_tried or self.power(most) < POWER:
            return None
        unseen, seen = 0.0, log(most)
        for _ in range(STEPS):
            middle = (unseen + seen) / 2
            if self.power(exp(middle)) >= POWER:
                seen = middle
            else:
                unseen = middle
        return exp(seen)


def distance(
    errors: Float64, trials: Float64 | float, others: Float64, tried: Float64 | float
) -> Float64:
    """Between two rates, in standard errors of the rate of both; 0 where it cannot be told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (errors + others) / (trials + tried)
        error = np.sqrt(pooled * (1 - pooled) * (1 / np.asarray(trials) + 1 / np.asarray(tried)))
        apart = (errors / trials - others / tried) / error
    return np.where(np.isfinite(apart), apart, 0.0)


def _drawn(rng: np.random.Generator, side: Side, rate: float) -> Float64:
    """Rates that may be measured."""
    whole = int(side.worth)
    return np.asarray(rng.binomial(whole, min(max(rate, 0.0), 1.0), DRAWS) / whole)
