"""A rate is two counts: what went wrong, out of how many; and what that many can show.

Intervals are two-sided Clopper-Pearson ("exact"): they cover the true rate at least as often as
they say, for every rate and every number of trials. No errors in n trials is never reported as a
rate of nought alone: the one-sided bound of about 3/n stands beside it (the rule of three).
"""

from dataclasses import dataclass
from math import ceil, log, log1p

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors out of trials; without trials there is no rate, and the interval is 0 to 1."""

    errors: int
    trials: int

    def __post_init__(self) -> None:
        if not 0 <= self.errors <= self.trials:
            raise ValueError(f"{self.errors} errors in {self.trials} trials cannot be")

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.errors + other.errors, self.trials + other.trials)

    def __str__(self) -> str:
        if not self.trials:
            return "no trials"
        low, high = self.interval()
        return f"{self.errors} in {self.trials:,} ({low:.3g} to {high:.3g})"

    @property
    def rate(self) -> float | None:
        return self.errors / self.trials if self.trials else None

    @property
    def complement(self) -> "Rate":
        """Successes out of the same trials: TPIR of an FNIR."""
        return Rate(self.trials - self.errors, self.trials)

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        return exact_interval(self.errors, self.trials, confidence)

    def upper_bound(self, confidence: float = CONFIDENCE) -> float:
        """What the true rate stays below with this confidence, one-sided."""
        return exact_upper_bound(self.errors, self.trials, confidence)

    def upper_bound_if_none(self) -> float | None:
        """With no error in n trials: 1 - 0.05^(1/n), about 3/n; None where there were errors."""
        return None if self.errors else self.upper_bound()

    def as_json(self) -> dict[str, float | int | None]:
        """Every key, always; no interval is made up where there were no trials."""
        low, high = self.interval() if self.trials else (None, None)
        return {
            "errors": self.errors,
            "trials": self.trials,
            "rate": self.rate,
            "low": low,
            "high": high,
            "upper_bound_if_none": self.upper_bound_if_none() if self.trials else None,
        }


def exact_interval(errors: float, trials: float, confidence: float) -> tuple[float, float]:
    """Two-sided Clopper-Pearson by quantiles of the beta distribution; counts may be effective."""
    half = (1 - confidence) / 2
    low = _beta_quantile(errors, trials - errors + 1, half) if errors > 0 else 0.0
    return low, exact_upper_bound(errors, trials, 1 - half)


def exact_upper_bound(errors: float, trials: float, confidence: float) -> float:
    """One-sided Clopper-Pearson: more errors than these would come this often above the bound."""
    if errors >= trials:
        return 1.0
    return _beta_quantile(errors + 1, trials - errors, confidence)


def _beta_quantile(a: float, b: float, chance: float) -> float:
    from scipy.special import betaincinv  # a quarter of a second, for those who ask

    return float(betaincinv(a, b, chance))


def trials_to_show(ceiling: float, confidence: float = CONFIDENCE) -> int:
    """How many trials without any error show that the rate is not above the ceiling.

    The rule of three, exactly: the smallest n with (1 - ceiling)^n <= 1 - confidence.
    """
    if not 0 < ceiling < 1:
        raise ValueError(f"a ceiling of {ceiling} is no rate")
    needed = ceil(log(1 - confidence) / log1p(-ceiling))
    return needed + (exact_upper_bound(0, needed, confidence) > ceiling * (1 + 1e-12))
