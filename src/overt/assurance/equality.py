"""Whether errors fall on some groups more than on others, and what this test could see (R62-R66).

(1) Errors are those of the live rule at one threshold; people are the unit (their probes err
    together: intervals are Korn-Graubard's form of Clopper-Pearson, tests permute people).
(2) Intervals of all groups of one measure hold together with 95 % (Bonferroni).
(3) A gap is shown where a group differs from the rest of its column more than the largest
    difference that chance gives in all groups at once (Westfall-Young), doubled for two measures.
(4) The ratio of largest to geometric mean rate (NIST IR 8429) is given with the bounds that the
    intervals allow. A group without errors makes the geometric mean nought: then there is a lower
    bound, and no ratio is made up.
(5) A gap not shown is not a gap excluded: for each group the test states the rate that it would
    have found four times in five. Where that is three times the odds of all (three times the rate,
    where errors are rare), there are too few; so there are where a group was tried for one measure
    only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from overt.assurance.groups import (
    Group,
    Measure,
    People,
    columns_left_out,
    groups_of,
    people_of,
    rate_of,
    stated,
)
from overt.assurance.scores import ScoreTable
from overt.policy.equality_evidence import Finding
from overt.rates.clustered import clustered_interval, effective_trials
from overt.rates.counts import CONFIDENCE, Rate, exact_interval
from overt.units import Similarity

Float64 = npt.NDArray[np.float64]
ALPHA = 1 - CONFIDENCE
POWER = 0.8
LARGE_GAP = 3.0
PERMUTATIONS = 1_999
CHUNK = 100


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group's error rate, beside what the test could have seen of it."""

    value: str
    rate: Rate
    people: int
    low: float
    high: float
    """All intervals of the measure hold together."""
    chance: float | None
    """How often chance alone gives so large a difference in any group; None: nothing to compare."""
    would_see: float | None
    """A true rate this high would have been found four times in five; None where none would."""

    def as_json(self) -> dict[str, object]:
        return {
            "value": self.value,
            **self.rate.as_json(),
            "people": self.people,
            "low": self.low,
            "high": self.high,
            "chance": self.chance,
            "would_see_rate": self.would_see,
        }


@dataclass(frozen=True, slots=True)
class Disparity:
    """One measure over the groups of one column (or of two, crossed)."""

    column: str
    crossed: bool
    measure: Measure
    groups: tuple[GroupRate, ...]
    overall: Rate
    finding: Finding

    @property
    def worst(self) -> GroupRate:
        return max(self.groups, key=lambda group: (group.rate.rate or 0.0, group.high))

    @property
    def ratio(self) -> float | None:
        """Largest over geometric mean; None where a group has no errors or no trials."""
        rates = [group.rate.rate for group in self.groups]
        known = [rate for rate in rates if rate]
        return max(known) / geometric_mean(known) if len(known) == len(rates) else None

    @property
    def ratio_at_least(self) -> float:
        """The least that the intervals allow: the highest low end, the others as near as can be."""
        floor = max(group.low for group in self.groups)
        if floor == 0.0:
            return 1.0
        return floor / geometric_mean([min(group.high, floor) for group in self.groups])

    @property
    def ratio_at_most(self) -> float | None:
        """None: no limit, as some group's rate may be nought."""
        if any(group.low == 0.0 for group in self.groups):
            return None
        return max(
            each.high / geometric_mean([each.high, *(g.low for g in self.groups if g is not each)])
            for each in self.groups
        )

    def as_json(self) -> dict[str, object]:
        return {
            "column": self.column,
            "crossed": self.crossed,
            "measure": self.measure.value,
            "finding": self.finding.value,
            "insufficient_data": self.finding is Finding.TOO_FEW,
            "worst_group": self.worst.value,
            "max_over_geometric_mean": self.ratio,
            "ratio_at_least": self.ratio_at_least,
            "ratio_at_most": self.ratio_at_most,
            "overall": self.overall.as_json(),
            "groups": [group.as_json() for group in self.groups],
        }


@dataclass(frozen=True, slots=True)
class EqualityReport:
    threshold: Similarity
    list_size: int
    disparities: tuple[Disparity, ...]
    columns_left_out: tuple[str, ...]
    """One value only, or so many that they are no groups."""
    multiplicity: str

    @property
    def finding(self) -> Finding:
        """A gap anywhere counts; crossed groups are too small to clear anything."""
        if any(each.finding is Finding.GAP_SHOWN for each in self.disparities):
            return Finding.GAP_SHOWN
        plain = [each.finding for each in self.disparities if not each.crossed]
        measures = {each.measure for each in self.disparities if not each.crossed}
        if Finding.TOO_FEW in plain or measures != set(Measure) or self.tried_for_one_measure:
            return Finding.TOO_FEW
        return Finding.NO_GAP_SHOWN

    @property
    def tried_for_one_measure(self) -> tuple[str, ...]:
        """Groups of which only false alerts were tried, or only misses: nothing clears them."""
        tried: dict[tuple[str, str], set[Measure]] = {}
        for each in self.disparities:
            for group in () if each.crossed else each.groups:
                tried.setdefault((each.column, group.value), set()).add(each.measure)
        return tuple(
            f"{column} {value}"
            for (column, value), measures in tried.items()
            if measures != set(Measure)
        )

    @property
    def worst_ratio(self) -> float | None:
        """Of false positives, over plain columns; None where a group had none."""
        ratios = [
            each.ratio
            for each in self.disparities
            if each.measure is Measure.FPIR and not each.crossed
        ]
        known = [ratio for ratio in ratios if ratio is not None]
        return max(known) if known and len(known) == len(ratios) else None

    def as_json(self) -> dict[str, object]:
        from overt.assurance.plain_words import sentence

        return {
            "threshold": self.threshold,
            "list_size": self.list_size,
            "finding": self.finding.value,
            "sentence": sentence(self),
            "multiplicity": self.multiplicity,
            "worst_ratio": self.worst_ratio,
            "columns_left_out": list(self.columns_left_out),
            "tried_for_one_measure": list(self.tried_for_one_measure),
            "disparities": [each.as_json() for each in self.disparities],
        }


def equality_of(
    table: ScoreTable,
    threshold: Similarity,
    rng: np.random.Generator,
    *,
    permutations: int = PERMUTATIONS,
) -> EqualityReport:
    """Both measures over every column and every two columns crossed."""
    found: list[Disparity] = []
    sizes = []
    for measure in Measure:
        people = people_of(table, measure, threshold)
        groups = groups_of(table, people)
        sizes.append(len(groups))
        chances = chance_of_gaps(people, groups, rng, permutations) if groups else []
        found += _disparities(measure, people, groups, chances)
    return EqualityReport(
        threshold=threshold,
        list_size=table.list_met,
        disparities=tuple(found),
        columns_left_out=columns_left_out(table),
        multiplicity=(
            f"{sizes[0]} groups for FPIR and {sizes[1]} for FNIR: intervals hold together with "
            f"{CONFIDENCE:.0%} for each measure (Bonferroni); chances are of the largest gap among "
            f"all groups in {permutations:,} permutations of people (Westfall-Young), doubled for "
            "two measures"
        ),
    )


def sweep(
    table: ScoreTable, thresholds: Sequence[Similarity]
) -> tuple[tuple[Similarity, tuple[Disparity, ...]], ...]:
    """Rates and ratios at other thresholds: gaps grow as thresholds fall. Nothing is tested."""
    told = []
    for threshold in thresholds:
        found: list[Disparity] = []
        for measure in Measure:
            people = people_of(table, measure, threshold)
            groups = groups_of(table, people)
            found += _disparities(measure, people, groups, [None] * len(groups))
        told.append((threshold, tuple(found)))
    return tuple(told)


def chance_of_gaps(
    people: People, groups: tuple[Group, ...], rng: np.random.Generator, permutations: int
) -> list[float | None]:
    """For each group how often chance gives any group so large a gap: step (3)."""
    members = np.stack([group.members for group in groups], axis=1).astype(np.float64)
    columns = {group.column: stated(groups, group.column, people) for group in groups}
    peers = np.stack([columns[group.column] for group in groups], axis=1).astype(np.float64)
    errors, trials = people.errors.astype(np.float64), people.trials.astype(np.float64)
    observed = _gaps(errors[np.newaxis], trials[np.newaxis], members, peers)[0]
    as_large = np.ones(len(groups))
    for start in range(0, permutations, CHUNK):
        count = min(CHUNK, permutations - start)
        order = np.argsort(rng.random((count, len(errors))), axis=1)
        largest = _gaps(errors[order], trials[order], members, peers).max(axis=1)
        as_large += (largest[:, np.newaxis] >= observed - 1e-12).sum(axis=0)
    chances = np.minimum(len(Measure) * as_large / (permutations + 1), 1.0)
    comparable = (members.sum(axis=0) > 0) & (peers.sum(axis=0) > members.sum(axis=0))
    return [float(chance) if can else None for chance, can in zip(chances, comparable, strict=True)]


def _gaps(errors: Float64, trials: Float64, members: Float64, peers: Float64) -> Float64:
    """Rows are permutations, columns groups: distance from the rest in standard errors."""
    wrong, tried = errors @ members, trials @ members
    all_wrong, all_tried = errors @ peers, trials @ peers
    rest_tried = all_tried - tried
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = all_wrong / all_tried
        error = np.sqrt(pooled * (1 - pooled) * (1 / tried + 1 / rest_tried))
        gap = np.abs(wrong / tried - (all_wrong - wrong) / rest_tried) / error
    return np.where(np.isfinite(gap), gap, 0.0)


def _disparities(
    measure: Measure,
    people: People,
    groups: tuple[Group, ...],
    chances: Sequence[float | None],
) -> list[Disparity]:
    found = []
    for column in dict.fromkeys(group.column for group in groups):
        overall = rate_of(people, stated(groups, column, people))
        rates = tuple(
            _group_rate(people, group, chance, overall, len(groups))
            for group, chance in zip(groups, chances, strict=True)
            if group.column == column
        )
        crossed = " and " in column
        found.append(Disparity(column, crossed, measure, rates, overall, _finding(rates, overall)))
    return found


def _group_rate(
    people: People, group: Group, chance: float | None, overall: Rate, comparisons: int
) -> GroupRate:
    errors, trials = people.errors[group.members], people.trials[group.members]
    low, high = clustered_interval(errors, trials, 1 - ALPHA / comparisons)
    return GroupRate(
        value=group.value,
        rate=rate_of(people, group.members),
        people=len(trials),
        low=low,
        high=high,
        chance=chance,
        would_see=rate_to_be_seen(effective_trials(errors, trials), overall, comparisons),
    )


def rate_to_be_seen(trials: float, overall: Rate, comparisons: int) -> float | None:
    """The true rate whose interval would lie above the overall rate four times in five: step (5)."""
    whole = int(trials)
    usual = overall.rate or overall.upper_bound()
    confidence = 1 - ALPHA / comparisons
    if not whole or exact_interval(whole, whole, confidence)[0] <= usual:
        return None
    below, above = 0, whole
    while above - below > 1:
        middle = (below + above) // 2
        if exact_interval(middle, whole, confidence)[0] > usual:
            above = middle
        else:
            below = middle
    return float(betaincinv(above, whole - above + 1, POWER))


def _finding(groups: tuple[GroupRate, ...], overall: Rate) -> Finding:
    if any(group.chance is not None and group.chance <= ALPHA for group in groups):
        return Finding.GAP_SHOWN
    usual = overall.rate or overall.upper_bound()
    blind = [
        group
        for group in groups
        if group.would_see is None or group.would_see > at_times_the_odds(usual, LARGE_GAP)
    ]
    return Finding.TOO_FEW if blind or len(groups) < 2 else Finding.NO_GAP_SHOWN


def at_times_the_odds(rate: float, times: float) -> float:
    """The rate whose odds are so many times those of this rate: never above 1."""
    return times * rate / (1 + (times - 1) * rate)


def geometric_mean(rates: Sequence[float]) -> float:
    return float(prod(rate ** (1 / len(rates)) for rate in rates))
