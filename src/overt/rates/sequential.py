"""Tests that may be looked at after every alert: they go on for as long as a deployment does.

Looking again and again at an ordinary test raises false alarms; these do not. Evidence against a
ceiling is a betting score: what a gambler would hold who began with 1, at odds fair or worse than
fair while the true rate is at or below the ceiling. By Ville's inequality such a fortune reaches
1/alpha with a chance of at most alpha, however long and however often one looks. The gambler
spreads the first stake over rates above the ceiling (a mixture of likelihood ratios, after Wald
and Robbins).

A false alert must not make the next one likelier, at the same true rate; one broken camera that
alerts on one person in every passage breaks that, and then a trip says "broken", rightly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import exp, inf, log, log1p

from overt.rates.counts import Rate

ODDS_ABOVE = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0)
"""The stake is spread evenly over odds so many times those of the ceiling."""
ALPHA = 0.05


class Verdict(Enum):
    GO_ON = "go on"
    TRIPPED = "tripped"
    """The ceiling is broken, unless something happened whose chance is at most alpha."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Counts under one ceiling; the ceiling may differ between deployments."""

    seen: Rate
    ceiling: float


@dataclass(frozen=True, slots=True)
class CeilingTest:
    """Is the rate above the ceiling? Wrong, over any length of time, with chance alpha at most."""

    ceiling: float
    alpha: float = ALPHA

    def __post_init__(self) -> None:
        if not (0 < self.ceiling < 1 and 0 < self.alpha < 1):
            raise ValueError(f"ceiling {self.ceiling}, alpha {self.alpha}")

    def evidence(self, seen: Rate) -> float:
        """The gambler's fortune, from 1: how strongly the counts speak against the ceiling."""
        return _limited_exp(log_evidence([Batch(seen, self.ceiling)]))

    def verdict(self, seen: Rate) -> Verdict:
        return _verdict(log_evidence([Batch(seen, self.ceiling)]), self.alpha)

    def trips_at(self, trials: int) -> int | None:
        """The fewest errors among so many trials that trip it; None where not even all would."""
        if self.verdict(Rate(trials, trials)) is Verdict.GO_ON:
            return None
        holds, trips = -1, trials
        while trips - holds > 1:
            middle = (holds + trips) // 2
            if self.verdict(Rate(middle, trials)) is Verdict.TRIPPED:
                trips = middle
            else:
                holds = middle
        return trips


def log_evidence(batches: Sequence[Batch]) -> float:
    """The logarithm of the fortune after all batches; their order is nothing."""
    fortunes = [
        sum(_log_ratio(batch.seen, batch.ceiling, times) for batch in batches)
        for times in ODDS_ABOVE
    ]
    return _log_mean(fortunes)


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """One deployment's false alerts and passers-by, by perceived group, counted by people."""

    false_alerts: Mapping[str, int]
    footfall: Mapping[str, int]

    @property
    def tells(self) -> bool:
        """Whether there is anything to hold against anything."""
        return sum(self.false_alerts.values()) > 0 and sum(self.footfall.values()) > 0

    def of(self, group: str) -> tuple[Rate, Rate]:
        """The group among the false alerts, and among those who passed."""
        return _share(self.false_alerts, group), _share(self.footfall, group)


@dataclass(frozen=True, slots=True)
class GroupSkew:
    """Whether one perceived group has more of the false alerts than of the footfall."""

    group: str
    false_alerts: Rate
    footfall: Rate
    evidence: float
    verdict: Verdict

    def __str__(self) -> str:
        return (
            f"{self.group}: {self.false_alerts.errors} of {self.false_alerts.trials} false alerts, "
            f"{self.footfall.errors:,} of {self.footfall.trials:,} who passed"
        )

    def as_json(self) -> dict[str, object]:
        return {
            "group": self.group,
            "false_alerts": self.false_alerts.errors,
            "of_false_alerts": self.false_alerts.trials,
            "passed": self.footfall.errors,
            "of_passed": self.footfall.trials,
            "evidence": min(self.evidence, 1e300),
            "verdict": self.verdict.value,
        }


def skew(counts: Sequence[GroupCounts], alpha: float = ALPHA) -> tuple[GroupSkew, ...]:
    """Test every group's share of false alerts against the footfall; overall error alpha.

    It may be looked at after every alert and every count. Half of alpha covers the doubt in the
    footfall counts and half the test, each split evenly over the groups (Bonferroni); of a group's
    half for the counts the k-th of all deployments takes 1 / k (k + 1), so that there may be any
    number. False alerts whose group nobody perceived belong in neither count, and those of a deployment
    where nobody counted who passed are not tested.
    """
    told = [(k, each) for k, each in enumerate(counts, start=1) if each.tells]
    groups = sorted({group for _, each in told for group in (*each.footfall, *each.false_alerts)})
    limit = alpha / 2 / max(len(groups), 1)
    found = []
    for group in groups:
        shares = [(k, *each.of(group)) for k, each in told]
        logged = log_evidence(
            [
                Batch(alerts, _share_at_most(passing, limit / (k * (k + 1))))
                for k, alerts, passing in shares
            ]
        )
        seen = sum((alerts for _, alerts, _ in shares), Rate(0, 0))
        passed = sum((passing for _, _, passing in shares), Rate(0, 0))
        verdict = _verdict(logged, limit)
        found.append(GroupSkew(group, seen, passed, _limited_exp(logged), verdict))
    return tuple(found)


def _share(counts: Mapping[str, int], group: str) -> Rate:
    return Rate(counts.get(group, 0), sum(counts.values()))


def _share_at_most(passing: Rate, alpha: float) -> float:
    """The largest share the count allows for, however often it was added to; never 1, for odds."""
    return min(interval_at_any_time(passing, alpha)[1], 1 - 1e-9)


def interval_at_any_time(seen: Rate, alpha: float = ALPHA) -> tuple[float, float]:
    """A confidence sequence: holds the true rate at all times together, with chance 1 - alpha.

    Robbins' beta mixture (Jeffreys' prior), solved for the rates it does not rule out. Wider than
    Clopper-Pearson, which holds at one time chosen beforehand.
    """
    from scipy.optimize import brentq  # as in rates/counts
    from scipy.special import betaln

    errors, trials = seen.errors, seen.trials
    if not trials:
        return 0.0, 1.0
    mixed = float(betaln(errors + 0.5, trials - errors + 0.5) - betaln(0.5, 0.5))

    def beyond(rate: float) -> float:
        likelihood = _times(errors, rate) + _times(trials - errors, 1 - rate)
        return mixed - likelihood - log(1 / alpha)

    middle, tiny = errors / trials, 1e-15
    low = brentq(beyond, tiny, middle) if errors and beyond(tiny) > 0 else 0.0
    high = brentq(beyond, middle, 1 - tiny) if errors < trials and beyond(1 - tiny) > 0 else 1.0
    return float(low), float(high)


def log_step(ceiling: float, times: float, error: bool) -> float:  # noqa: FBT001  an outcome
    """What one trial does to the part of the stake that is on these odds."""
    return _log_ratio(Rate(int(error), 1), ceiling, times)


def _log_ratio(seen: Rate, ceiling: float, times: float) -> float:
    odds = ceiling / (1 - ceiling) * times
    rate = odds / (1 + odds)
    fine = seen.trials - seen.errors
    return seen.errors * log(rate / ceiling) + fine * (log1p(-rate) - log1p(-ceiling))


def _log_mean(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + log(sum(exp(each - most) for each in logs) / len(logs))


def _verdict(logged: float, alpha: float) -> Verdict:
    return Verdict.TRIPPED if logged >= -log(alpha) else Verdict.GO_ON


def _limited_exp(logged: float) -> float:
    return exp(logged) if logged < 700 else inf


def _times(count: int, rate: float) -> float:
    return count * log(rate) if count else 0.0
