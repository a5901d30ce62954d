"""From a false-positive rate that may be authorised to the cosine threshold that keeps it.

A calibration is what was measured once: how much people who were not on a list resembled those
who were, for one pack, precision and unit. It holds scores without names. From it the threshold
for any list size is found so:

(1) For each non-mated person the share of all lists of the authorised size, drawn from the people
    measured against, that would raise an alert is counted exactly (no draw is made).
(2) The threshold is the lowest at which the one-sided 95 % Clopper-Pearson bound of the mean share
    is not above the target: with that confidence the true FPIR(N, T) keeps it, although the
    threshold was chosen on the same scores (a tolerance limit, after Wilks).
(3) For a list longer than the one measured, FPIR grows at most in proportion: a list of m times
    as many people is m lists, and what alerts on it alerts on one of them. The target is divided
    by m; nothing is modelled.
(4) Where even no false positive among the people measured could show the target, there is no
    threshold, and the answer says how many more people it takes. Whoever had no face that could be
    compared is nobody measured: a black picture resembles nobody, and says nothing of thresholds.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from overt.identifiers import Digest, PackName
from overt.rates.counts import CONFIDENCE, exact_interval, exact_upper_bound, trials_to_show
from overt.rates.how_many import how_many, people
from overt.rates.unit import Unit
from overt.units import Similarity

Float64 = npt.NDArray[np.float64]
NO_SCORE = Similarity(-1.0)
"""The floor of a calibration in which nobody was compared with anybody."""
STEP = 1e-6
"""Scores are kept rounded up to this, and thresholds lie one step above a score."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The highest scores of one non-mated probe."""

    probes_of_person: int
    """How many probes the same person has in the calibration: they share one vote."""
    scores: tuple[float, ...]


@dataclass(frozen=True)  # no slots: the arrays are made once
class Calibration:
    """What was measured, with what, on whom, and the scores that thresholds are found in."""

    pack_name: PackName
    pack: Digest
    precision: str
    unit: Unit
    measured_on: str
    """The data, for a reader."""
    list_size: int
    """People measured against, including those who could not be enrolled."""
    people: int
    """Non-mated people of whom at least one probe was compared: the number behind every rate."""
    probes: int
    """Their passages or stills that were compared; in older files also those that were not."""
    tail_floor: Similarity
    """Every score at or above it is in the tails; no threshold below it can be answered."""
    tails: tuple[Tail, ...]
    """Of every probe that has a score at or above the floor."""
    not_compared: int = 0
    """Further non-mated passages or stills, without a face that could be compared."""

    def __post_init__(self) -> None:
        if self.not_compared < 0:
            raise ValueError(f"{self.not_compared} probes not compared")
        if self.list_size < 1 or not 0 <= self.people <= self.probes:
            raise ValueError(f"{self.people} people, {self.probes} probes on {self.list_size}")
        if len(self.tails) > self.probes:
            raise ValueError(f"{len(self.tails)} tails of {self.probes} probes")
        for tail in self.tails:
            if not 1 <= len(tail.scores) <= self.list_size or tail.probes_of_person < 1:
                raise ValueError(f"{len(tail.scores)} scores against {self.list_size} people")
            if min(tail.scores) < self.tail_floor:
                raise ValueError(f"a score below the floor of {self.tail_floor}")

    @property
    def witnesses(self) -> int:
        """The people; nobody where no score at all was measured (older files count them)."""
        return self.people if self.tail_floor > NO_SCORE else 0

    @cached_property
    def _flat(self) -> tuple[Float64, npt.NDArray[np.intp]]:
        """All scores, and for each the tail it is of."""
        scores = [score for tail in self.tails for score in tail.scores]
        owners = np.repeat(np.arange(len(self.tails)), [len(tail.scores) for tail in self.tails])
        return np.array(scores, np.float64), owners.astype(np.intp)

    @cached_property
    def _votes(self) -> Float64:
        return np.array([1 / tail.probes_of_person for tail in self.tails], np.float64)

    def false_positives(self, threshold: float, list_size: int) -> float:
        """How many of the people raise an alert, on average over all lists of the size: step (1)."""
        scores, owners = self._flat
        reaching = np.bincount(owners[scores >= threshold], minlength=len(self.tails))
        alerts = share_of_lists(reaching, self.list_size, min(list_size, self.list_size))
        return float(self._votes @ alerts)

    def fpir(self, threshold: float, list_size: int) -> tuple[float, float]:
        """FPIR(N, T) as estimated, and its one-sided 95 % bound: steps (1) to (3)."""
        times = max(list_size / self.list_size, 1.0)
        wrong = self.false_positives(threshold, list_size)
        bound = exact_upper_bound(wrong, self.people, CONFIDENCE)
        return min(wrong / self.people * times, 1.0), min(bound * times, 1.0)

    def fpir_interval(self, threshold: float, list_size: int) -> tuple[float, float]:
        """The two-sided 95 % interval of FPIR(N, T)."""
        times = max(list_size / self.list_size, 1.0)
        wrong = self.false_positives(threshold, list_size)
        low, high = exact_interval(wrong, self.people, CONFIDENCE)
        # A longer list raises at least as many as the one that was measured: step (3).
        return low, min(high * times, 1.0)

    def candidates(self) -> Float64:
        """Every threshold at which a rate steps, ascending, and the floor."""
        steps = np.unique(np.round(self._flat[0] + STEP, 6))
        return np.concatenate([[float(self.tail_floor)], steps])


def share_of_lists(reaching: npt.NDArray[np.intp], people: int, size: int) -> Float64:
    """Of all lists of `size` among `people`, the share that holds at least one of `reaching`.

    1 - C(people - reaching, size) / C(people, size).
    """
    from scipy.special import gammaln  # as in rates/counts

    left = people - reaching.astype(np.float64)
    possible = left >= size
    none = np.zeros(len(reaching))
    left = np.where(possible, left, size)
    log_none = (
        gammaln(left + 1)
        - gammaln(left - size + 1)
        - gammaln(people + 1.0)
        + gammaln(people - size + 1.0)
    )
    np.exp(np.minimum(log_none, 0.0), out=none, where=possible)
    return np.where(reaching == 0, 0.0, 1.0 - none)


@dataclass(frozen=True, slots=True)
class MeasuredThreshold:
    """The lowest threshold that keeps the target, and what it rests on."""

    threshold: Similarity
    target_fpir: float
    list_size: int
    expected_fpir: float
    upper_fpir: float
    """The true rate keeps below it with 95 % confidence."""
    unit: Unit
    people: int
    probes: int
    measured_list_size: int

    @property
    def beyond_the_data(self) -> bool:
        """The list is longer than the one measured: step (3)."""
        return self.list_size > self.measured_list_size

    @property
    def says(self) -> str:
        beyond = (
            f"; the list is longer than the {self.measured_list_size:,} measured, so the rate is "
            "taken to grow in proportion, the most it can"
            if self.beyond_the_data
            else ""
        )
        return (
            f"threshold {self.threshold:.6f} for FPIR {self.target_fpir:g} on {people(self.list_size)}"
            f": {self.expected_fpir:.3g} expected, below {self.upper_fpir:.3g} with 95 % "
            f"confidence, from {people(self.people)} not listed "
            f"({how_many(self.probes, self.unit.value)}){beyond}"
        )


@dataclass(frozen=True, slots=True)
class TooFew:
    """The data cannot show the target at any threshold."""

    target_fpir: float
    list_size: int
    people: int
    needed: int
    measured_list_size: int

    @property
    def more(self) -> int:
        return self.needed - self.people

    @property
    def says(self) -> str:
        beyond = (
            f" (the list is longer than the {people(self.measured_list_size)} measured against: "
            "measuring against more needs fewer)"
            if self.list_size > self.measured_list_size
            else ""
        )
        return (
            f"insufficient data: FPIR {self.target_fpir:g} on {people(self.list_size)} takes at "
            f"least {people(self.needed)} not listed, {self.more:,} more than the "
            f"{self.people:,} measured{beyond}"
        )


def threshold_for(
    calibration: Calibration, target_fpir: float, list_size: int
) -> MeasuredThreshold | TooFew:
    """Find the lowest threshold that keeps the target with 95 % confidence, steps (1) to (4)."""
    if not 0 < target_fpir < 1 or list_size < 1:
        raise ValueError(f"FPIR {target_fpir} on {list_size} people is no target")
    times = max(list_size / calibration.list_size, 1.0)
    needed = trials_to_show(target_fpir / times)
    if calibration.witnesses < needed:  # (4)
        return TooFew(target_fpir, list_size, calibration.witnesses, needed, calibration.list_size)
    threshold = _lowest_that_keeps(calibration, target_fpir, list_size)
    expected, upper = calibration.fpir(threshold, list_size)
    return MeasuredThreshold(
        threshold=Similarity(threshold),
        target_fpir=target_fpir,
        list_size=list_size,
        expected_fpir=expected,
        upper_fpir=upper,
        unit=calibration.unit,
        people=calibration.people,
        probes=calibration.probes,
        measured_list_size=calibration.list_size,
    )


def _lowest_that_keeps(calibration: Calibration, target: float, list_size: int) -> float:
    """Halve the candidates: the bound falls as the threshold rises."""
    candidates = calibration.candidates()
    kept, last = 0, len(candidates) - 1
    while kept < last:
        middle = (kept + last) // 2
        if calibration.fpir(float(candidates[middle]), list_size)[1] <= target * (1 + 1e-9):
            last = middle
        else:
            kept = middle + 1
    return float(candidates[kept])


def rounded_up(score: float) -> float:
    """As scores are kept: a calibration may overstate a resemblance, never understate it."""
    return float(np.round(np.ceil(score / STEP) * STEP, 6))
