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

from scipy.optimize import brentq
from scipy.special import betaln

from overt.rates.counts import Rate, exact_upper_bound

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
class Footfall:
    """Who passes, as counted apart from any face: people of a perceived group among all seen."""

    of_group: Rate

    def share_at_most(self, alpha: float) -> float:
        """The largest share the count allows for; never 1, so that there are odds."""
        bound = exact_upper_bound(self.of_group.errors, self.of_group.trials, 1 - alpha)
        return min(bound, 1 - 1e-9)


@dataclass(frozen=True, slots=True)
class GroupSkew:
    """Whether one perceived group has more of the false alerts than of the footfall."""

    group: str
    false_alerts: Rate
    footfall: Rate
    share_at_most: float
    evidence: float
    verdict: Verdict


def skew(
    false_alerts: Mapping[str, int],
    footfall: Mapping[str, int],
    alpha: float = ALPHA,
) -> tuple[GroupSkew, ...]:
    """Test every group's share of false alerts against the footfall; overall error alpha.

    Half of alpha covers the doubt in the footfall count and half the test, each split evenly over
    the groups (Bonferroni). False alerts whose group nobody perceived belong in neither count.
    """
    if not false_alerts.keys() <= footfall.keys() or not footfall:
        unknown = ", ".join(sorted(false_alerts.keys() - footfall.keys()))
        raise ValueError(f"no footfall is known of: {unknown or 'anybody'}")
    every_alert, everybody = sum(false_alerts.values()), sum(footfall.values())
    each = alpha / 2 / len(footfall)
    found = []
    for group in sorted(footfall):
        seen = Rate(false_alerts.get(group, 0), every_alert)
        passing = Rate(footfall[group], everybody)
        share = Footfall(passing).share_at_most(each)
        logged = log_evidence([Batch(seen, share)])
        found.append(
            GroupSkew(group, seen, passing, share, _limited_exp(logged), _verdict(logged, each))
        )
    return tuple(found)


def interval_at_any_time(seen: Rate, alpha: float = ALPHA) -> tuple[float, float]:
    """A confidence sequence: holds the true rate at all times together, with chance 1 - alpha.

    Robbins' beta mixture (Jeffreys' prior), solved for the rates it does not rule out. Wider than
    Clopper-Pearson, which holds at one time chosen beforehand.
    """
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
