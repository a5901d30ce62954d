"""How many people and passes a seeded walk takes: which interval on TRR, which FAR it can show.

Passes of one person resemble each other, so the second tells less than the first. How much less is
the likeness of passes (intraclass correlation): 0 where a person's passes are as independent as
those of different people, 1 where a second pass tells nothing new. It is known only after a walk
(`rates/clustered` measures it there); a plan states what it assumes and shows both ends beside it.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from overt.rates.counts import CONFIDENCE, exact_interval, exact_upper_bound, trials_to_show

CHANCE: Final = 0.9
"""Of reaching at least the lower bound that a plan promises."""
MOST_PEOPLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class WalkSize:
    """So many people, each passing so often, for an expected TRR."""

    people: int
    passes_each: int
    expected_trr: float
    likeness: float

    def __post_init__(self) -> None:
        if self.people < 1 or self.passes_each < 1:
            raise ValueError(f"{self.people} people with {self.passes_each} passes are no walk")
        if not (0 < self.expected_trr < 1 and 0 <= self.likeness <= 1):
            raise ValueError(f"TRR {self.expected_trr}, likeness {self.likeness}")

    @property
    def passes(self) -> int:
        return self.people * self.passes_each

    @property
    def effective_passes(self) -> float:
        """As many passes of different people would tell as much (Kish's design effect)."""
        return self.passes / (1 + (self.passes_each - 1) * self.likeness)

    @property
    def interval(self) -> tuple[float, float]:
        """Two-sided Clopper-Pearson on TRR, if the walk finds what is expected."""
        passes = self.effective_passes
        return exact_interval(self.expected_trr * passes, passes, CONFIDENCE)

    @property
    def margin(self) -> float:
        """How far the interval reaches from the expected TRR, on its longer side."""
        low, high = self.interval
        return max(self.expected_trr - low, high - self.expected_trr)

    @property
    def promised_low(self) -> float:
        """The interval's lower bound that is reached or passed nine times in ten."""
        passes = floor(self.effective_passes)
        found = unlucky_count(passes, self.expected_trr, 1 - CHANCE)
        return exact_interval(found, passes, CONFIDENCE)[0]

    def as_json(self) -> dict[str, float | int]:
        low, high = self.interval
        return {
            "people": self.people,
            "passes_each": self.passes_each,
            "passes": self.passes,
            "likeness": self.likeness,
            "effective_passes": self.effective_passes,
            "expected_trr": self.expected_trr,
            "low": low,
            "high": high,
            "margin": self.margin,
            "low_nine_times_in_ten": self.promised_low,
        }


def unlucky_count(trials: int, rate: float, chance: float) -> int:
    """The largest count that is reached with probability 1 - chance at least."""
    from scipy.special import bdtr, bdtrik  # as in rates/counts

    count = max(ceil(float(bdtrik(chance, trials, rate)) - 1e-9), 0)
    while count > 0 and float(bdtr(count - 1, trials, rate)) > chance:
        count -= 1
    return count


def fewest_people(
    margin: float, *, passes_each: int, expected_trr: float, likeness: float
) -> int | None:
    """How many people keep the interval within the margin; None where a million do not."""

    def keeps(people: int) -> bool:
        return WalkSize(people, passes_each, expected_trr, likeness).margin <= margin

    if not keeps(MOST_PEOPLE):
        return None
    too_few, enough = 0, MOST_PEOPLE
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if keeps(middle) else (middle, enough)
    return enough


@dataclass(frozen=True, slots=True)
class FarSize:
    """What FAR so many faces of people who are not listed can show."""

    faces: int
    false_alerts: int

    @property
    def upper(self) -> float:
        """The true FAR is below it with 95 % confidence, one-sided."""
        return exact_upper_bound(self.false_alerts, self.faces, CONFIDENCE)

    def as_json(self) -> dict[str, float | int]:
        return {"faces": self.faces, "false_alerts": self.false_alerts, "far_below": self.upper}


@dataclass(frozen=True, slots=True)
class FarTarget:
    """How many faces without a false alert show that FAR is not above a ceiling."""

    ceiling: float

    @property
    def faces(self) -> int:
        return trials_to_show(self.ceiling)

    def as_json(self) -> dict[str, float | int]:
        return {"ceiling": self.ceiling, "faces_without_false_alert": self.faces}
