"""Two packs (or thresholds, or precisions) on the same probes: the difference, pair by pair.

Each person is judged by both, so what both get right or wrong says nothing of the difference. The
interval is a bootstrap over people; where the two judge nobody differently, or everybody, drawing
people shows no spread, and the exact bound of so many people stands in its place. Beside it stands
the exact test of McNemar on the people whom the two judge differently, where each person has one
probe.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from overt.assurance.bootstrap import CONFIDENCE, REPLICATES, weights_of_probes
from overt.assurance.groups import Measure
from overt.assurance.metrics import highest_non_mated, missed, reaching
from overt.assurance.scores import Flags, ScoreTable
from overt.identifiers import SubjectId
from overt.rates.counts import Rate, exact_interval
from overt.units import Similarity

LIVE_RANK = 1


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Second rate less first: positive where the second errs more."""

    measure: Measure
    first: Rate
    second: Rate
    only_first: int
    """Probes that only the first got wrong."""
    only_second: int
    difference: float | None
    low: float | None
    high: float | None
    chance: float | None
    """McNemar's exact two-sided test; None where people have several probes."""

    def as_json(self) -> dict[str, object]:
        return {
            "measure": self.measure.value,
            "first": self.first.as_json(),
            "second": self.second.as_json(),
            "only_first": self.only_first,
            "only_second": self.only_second,
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "mcnemar_p": self.chance,
            "insufficient_data": self.only_first + self.only_second == 0,
        }


def compared(
    first: tuple[ScoreTable, Similarity],
    second: tuple[ScoreTable, Similarity],
    rng: np.random.Generator,
) -> tuple[PairedDifference, ...]:
    """Both measures, each table at its own threshold, on the probes that both have.

    Raises ValueError where the lists or the labels differ: then nothing is paired.
    """
    tables = _same_probes(first[0], second[0])
    return tuple(
        _difference(
            measure,
            _wrong(tables[0], first[1], measure),
            _wrong(tables[1], second[1], measure),
            _people(tables[0], measure),
            rng,
        )
        for measure in Measure
    )


def paired(
    measure: Measure,
    first: Flags,
    second: Flags,
    people: tuple[SubjectId, ...],
    rng: np.random.Generator,
) -> PairedDifference:
    """The same of bare decisions: entry i of each is one probe, true where it went wrong."""
    return _difference(measure, first, second, people, rng)


def _difference(
    measure: Measure,
    first: Flags,
    second: Flags,
    people: tuple[SubjectId, ...],
    rng: np.random.Generator,
) -> PairedDifference:
    only_first = int(np.count_nonzero(first & ~second))
    only_second = int(np.count_nonzero(second & ~first))
    low = high = difference = None
    if people:
        signed = second.astype(np.float64) - first
        weights = weights_of_probes(people, rng, REPLICATES)
        half = (1 - CONFIDENCE) / 2
        drawn = weights @ signed / weights.sum(axis=1)
        low, high = (float(bound) for bound in np.quantile(drawn, [half, 1 - half]))
        difference = float(signed.mean())
        if np.ptp(signed) == 0 or len(set(people)) == 1:
            low, high = _without_spread(difference, len(set(people)))
    return PairedDifference(
        measure=measure,
        first=Rate(int(first.sum()), len(first)),
        second=Rate(int(second.sum()), len(second)),
        only_first=only_first,
        only_second=only_second,
        difference=difference,
        low=low,
        high=high,
        chance=_mcnemar(only_first, only_second) if len(set(people)) == len(people) else None,
    )


def _without_spread(difference: float, people: int) -> tuple[float, float]:
    """Whoever is judged otherwise than these were is at most so large a share (Clopper-Pearson)."""
    _, others = exact_interval(0, people, CONFIDENCE)
    reach = (1 + abs(difference)) * others
    return max(difference - reach, -1.0), min(difference + reach, 1.0)


def _mcnemar(only_first: int, only_second: int) -> float:
    differing = only_first + only_second
    return float(binomtest(only_first, differing).pvalue) if differing else 1.0


def _wrong(table: ScoreTable, threshold: Similarity, measure: Measure) -> Flags:
    if measure is Measure.FNIR:
        return missed(table, threshold, LIVE_RANK)
    return reaching(highest_non_mated(table), threshold)


def _people(table: ScoreTable, measure: Measure) -> tuple[SubjectId, ...]:
    side = table.mated if measure is Measure.FNIR else ~table.mated
    return tuple(table.probe_subjects[row] for row in np.flatnonzero(side))


def _same_probes(first: ScoreTable, second: ScoreTable) -> tuple[ScoreTable, ScoreTable]:
    if set(first.gallery_subjects) != set(second.gallery_subjects) or first.unit != second.unit:
        raise ValueError("the two were measured against different lists, or in different units")
    labels = [
        dict(zip(table.probe_ids, table.probe_subjects, strict=True)) for table in (first, second)
    ]
    shared = sorted(labels[0].keys() & labels[1].keys())
    if any(labels[0][probe] != labels[1][probe] for probe in shared):
        raise ValueError("the two label the same probe differently")
    return _in_order(first, shared), _in_order(second, shared)


def _in_order(table: ScoreTable, probes: list[str]) -> ScoreTable:
    place = {probe: row for row, probe in enumerate(table.probe_ids)}
    rows = np.array([place[probe] for probe in probes], np.intp)
    return table.part(rows, np.arange(table.list_size, dtype=np.intp))
