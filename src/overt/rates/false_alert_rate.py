"""The gauge of false alerts: how many of how many faces, in an interval that always holds (R33).

It may be read after every face: the interval is a confidence sequence, and the test of the ceiling
is wrong with chance alpha at most, however long and however often anybody looks.
"""

from dataclasses import dataclass
from functools import cached_property

from overt.rates.counts import Rate
from overt.rates.sequential import ALPHA, CeilingTest, Verdict, interval_at_any_time


@dataclass(frozen=True)  # no slots: the interval is reckoned once
class FalseAlertRate:
    """False alerts among the faces seen, and the ceiling that they are held to."""

    seen: Rate
    ceiling: float
    """1.0: there is none."""

    @cached_property
    def interval(self) -> tuple[float, float]:
        """Holds the true rate at all times together, with a chance of 95 %."""
        return interval_at_any_time(self.seen)

    @property
    def verdict(self) -> Verdict:
        if self.ceiling >= 1:
            return Verdict.GO_ON
        return CeilingTest(self.ceiling).verdict(self.seen)

    def as_json(self) -> dict[str, object]:
        low, high = self.interval
        return {
            "false_alerts": self.seen.errors,
            "faces": self.seen.trials,
            "rate": self.seen.rate,
            "low": low,
            "high": high,
            "ceiling": self.ceiling if self.ceiling < 1 else None,
            "alpha": ALPHA,
            "verdict": self.verdict.value,
        }


def false_alert_rate(false_alerts: int, faces: int, ceiling: float) -> FalseAlertRate:
    """An alert may be judged before the passage that raised it has ended and was counted."""
    return FalseAlertRate(Rate(false_alerts, max(faces, false_alerts)), ceiling)
