"""Whether errors fall on some groups more than on others, and what this test could see (R62-R66).

(1) Errors are those of the live rule at one threshold; people are the unit (their probes err
    together: intervals are Korn-Graubard's form of Clopper-Pearson, tests permute people).
(2) Intervals of all groups of one measure hold together with 95 % (Bonferroni).
(3) A gap is shown where a group differs from the rest of its column more than the largest
    difference that chance gives in all groups at once (Westfall-Young), doubled for two measures.
(4) The ratio of largest to geometric mean rate (NIST IR 8429) is given with the bounds that the
    intervals allow. A group without errors makes the geometric mean nought: then there is a lower
    bound, and no ratio is made up.
(5) A gap not shown is not a gap excluded: for each group the test states the rates, above and below
    those of the others of its column, that it would have found four times in five (power.py).
    Where three times or a third of the others' odds (three times the rate, where errors are rare)
    would be missed more often, there are too few; so there are where a group was tried for one
    measure only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, prod

import numpy as np
import numpy.typing as npt

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
from overt.assurance.power import MOST_TIMES, TIE, Contrast, Gap, Side, distance
from overt.assurance.scores import Flags, ScoreTable
from overt.policy.equality_evidence import Finding
from overt.rates.clustered import clustered_interval, effective_trials
from overt.rates.counts import CONFIDENCE, Rate
from overt.units import Similarity

Float64 = npt.NDArray[np.float64]
ALPHA = 1 - CONFIDENCE
LARGE_GAP = 3.0
"""Times the odds of the others; so is a third of them."""
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
    would_see: Gap | None
    """A true rate this far above the others would have been found four times in five; None where
    none would."""
    would_see_below: Gap | None
    sees_large_gaps: bool
    """Both ways."""

    def as_json(self) -> dict[str, object]:
        return {
            "value": self.value,
            **self.rate.as_json(),
            "people": self.people,
            "low": self.low,
            "high": self.high,
            "chance": self.chance,
            "would_see_rate": self.would_see and self.would_see.group,
            "would_see_times": self.would_see and self.would_see.times,
            "would_see_below_rate": self.would_see_below and self.would_see_below.group,
            "sees_large_gaps": self.sees_large_gaps,
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
        return {
            "threshold": self.threshold,
            "list_size": self.list_size,
            "finding": self.finding.value,
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
        test = chance_of_gaps(people, groups, rng, permutations) if groups else NOTHING_TESTED
        found += _disparities(measure, people, groups, test)
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
            found += _disparities(measure, people, groups, NOTHING_TESTED)
        told.append((threshold, tuple(found)))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class PermutationTest:
    chances: tuple[float | None, ...]
    """For each group how often chance gives any group so large a gap: step (3)."""
    critical: float
    """A gap is shown where it is larger, in standard errors."""


NOTHING_TESTED = PermutationTest((), float("inf"))


def chance_of_gaps(
    people: People, groups: tuple[Group, ...], rng: np.random.Generator, permutations: int
) -> PermutationTest:
    """Permute people, and note the largest gap of all groups each time."""
    members = np.stack([group.members for group in groups], axis=1).astype(np.float64)
    columns = {group.column: stated(groups, group.column, people) for group in groups}
    peers = np.stack([columns[group.column] for group in groups], axis=1).astype(np.float64)
    errors, trials = people.errors.astype(np.float64), people.trials.astype(np.float64)
    observed = _gaps(errors[np.newaxis], trials[np.newaxis], members, peers)[0]
    largest = np.empty(permutations)
    for start in range(0, permutations, CHUNK):
        count = min(CHUNK, permutations - start)
        order = np.argsort(rng.random((count, len(errors))), axis=1)
        gaps = _gaps(errors[order], trials[order], members, peers)
        largest[start : start + count] = gaps.max(axis=1)
    as_large = 1 + (largest[:, np.newaxis] >= observed - TIE).sum(axis=0)
    chances = np.minimum(len(Measure) * as_large / (permutations + 1), 1.0)
    comparable = (members.sum(axis=0) > 0) & (peers.sum(axis=0) > members.sum(axis=0))
    return PermutationTest(
        tuple(
            float(chance) if can else None for chance, can in zip(chances, comparable, strict=True)
        ),
        _critical(largest),
    )


def _critical(largest: Float64) -> float:
    """What a gap has to exceed so that its chance is small enough; no limit where none can be."""
    may_reach = floor(ALPHA * (len(largest) + 1) / len(Measure) + 1e-9) - 1
    return float(np.sort(largest)[::-1][may_reach]) if may_reach >= 0 else float("inf")


def _gaps(errors: Float64, trials: Float64, members: Float64, peers: Float64) -> Float64:
    """Rows are permutations, columns groups: distance from the rest in standard errors."""
    wrong, tried = errors @ members, trials @ members
    return np.abs(distance(wrong, tried, errors @ peers - wrong, trials @ peers - tried))


def _disparities(
    measure: Measure, people: People, groups: tuple[Group, ...], test: PermutationTest
) -> list[Disparity]:
    found = []
    chances = test.chances or (None,) * len(groups)
    for column in dict.fromkeys(group.column for group in groups):
        said = stated(groups, column, people)
        overall = rate_of(people, said)
        rates = tuple(
            _group_rate(
                people, group, chance, _contrast(people, group, said, test.critical), len(groups)
            )
            for group, chance in zip(groups, chances, strict=True)
            if group.column == column
        )
        crossed = " and " in column
        found.append(Disparity(column, crossed, measure, rates, overall, _finding(rates)))
    return found


def _group_rate(
    people: People, group: Group, chance: float | None, contrast: Contrast, comparisons: int
) -> GroupRate:
    errors, trials = people.errors[group.members], people.trials[group.members]
    low, high = clustered_interval(errors, trials, 1 - ALPHA / comparisons)
    above = below = None
    if chance is not None:
        above, below = contrast.least_seen(MOST_TIMES), contrast.least_seen(1 / MOST_TIMES)
    return GroupRate(
        value=group.value,
        rate=rate_of(people, group.members),
        people=len(trials),
        low=low,
        high=high,
        chance=chance,
        would_see=contrast.gap(above) if above else None,
        would_see_below=contrast.gap(below) if below else None,
        sees_large_gaps=bool(above and below and above <= LARGE_GAP and below >= 1 / LARGE_GAP),
    )


def _contrast(people: People, group: Group, said: Flags, critical: float) -> Contrast:
    overall = rate_of(people, said)
    return Contrast(
        _side(people, group.members),
        _side(people, said & ~group.members),
        overall.rate or overall.upper_bound(),
        critical,
    )


def _side(people: People, members: Flags) -> Side:
    errors, trials = people.errors[members], people.trials[members]
    return Side(float(trials.sum()), effective_trials(errors, trials) if len(trials) else 0.0)


def _finding(groups: tuple[GroupRate, ...]) -> Finding:
    if any(group.chance is not None and group.chance <= ALPHA for group in groups):
        return Finding.GAP_SHOWN
    seen = len(groups) >= 2 and all(group.sees_large_gaps for group in groups)
    return Finding.NO_GAP_SHOWN if seen else Finding.TOO_FEW


def geometric_mean(rates: Sequence[float]) -> float:
    return float(prod(rate ** (1 / len(rates)) for rate in rates))
