"""Intervals by resampling people, beside the exact ones.

Several probes of one person err together, so people are drawn with replacement, each with all
their probes. The list stays as it is. With no error at all every draw has none: the bootstrap
then says nothing, and the exact bound has to speak.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overt.identifiers import SubjectId
from overt.units import Float32

Float64 = npt.NDArray[np.float64]
REPLICATES = 1_000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """A percentile interval, and what it rests on."""

    low: float
    high: float
    replicates: int
    subjects: int

    def as_json(self) -> dict[str, float | int]:
        """An interval without width is none: no error was there to be drawn, or nothing else."""
        return {
            "low": self.low,
            "high": self.high,
            "replicates": self.replicates,
            "subjects": self.subjects,
            "insufficient_data": self.low == self.high,
        }


def weights_of_probes(
    subjects: Sequence[SubjectId], rng: np.random.Generator, replicates: int
) -> Float64:
    """One row a replicate: how often each probe is in it, alike for all probes of a person."""
    people = sorted(set(subjects))
    place = {subject: index for index, subject in enumerate(people)}
    index = np.array([place[subject] for subject in subjects], np.intp)
    if not people:
        return np.zeros((replicates, 0))
    even = np.full(len(people), 1 / len(people))
    return rng.multinomial(len(people), even, size=replicates)[:, index].astype(np.float64)


def bootstrap_rate(
    errors: npt.NDArray[np.bool_],
    subjects: Sequence[SubjectId],
    rng: np.random.Generator,
    *,
    replicates: int = REPLICATES,
) -> Bootstrap | None:
    """The rate of errors; None without probes."""
    if not len(errors):
        return None
    weights = weights_of_probes(subjects, rng, replicates)
    return _interval(weights @ errors / weights.sum(axis=1), len(set(subjects)))


@dataclass(frozen=True, slots=True, eq=False)
class BothSides:
    """Highest scores of non-mated probes, own scores of mated ones (minus infinity: missed)."""

    tops: Float32
    non_mated: tuple[SubjectId, ...]
    own: Float32
    mated: tuple[SubjectId, ...]


def bootstrap_fnir_at(
    sides: BothSides,
    fpir_target: float,
    rng: np.random.Generator,
    *,
    replicates: int = REPLICATES,
) -> Bootstrap | None:
    """FNIR at an FPIR target, the threshold found anew in each replicate; None without both."""
    if not (sides.non_mated and sides.mated):
        return None
    bounds = _kept_out(sides, fpir_target, rng, replicates)
    weights = weights_of_probes(sides.mated, rng, replicates)
    misses = sides.own[np.newaxis, :] <= bounds[:, np.newaxis]
    rates = (weights * misses).sum(axis=1) / weights.sum(axis=1)
    return _interval(rates, len(set(sides.mated)))


def _kept_out(
    sides: BothSides, fpir_target: float, rng: np.random.Generator, replicates: int
) -> Float32:
    """For each replicate the highest score that may not be let through."""
    order = np.argsort(sides.tops, kind="stable")[::-1]
    weights = weights_of_probes(sides.non_mated, rng, replicates)[:, order]
    allowed = fpir_target * weights.sum(axis=1, keepdims=True) + 1e-9
    first = np.argmax(np.cumsum(weights, axis=1) > allowed, axis=1)
    return np.asarray(sides.tops[order][first], np.float32)


def _interval(rates: Float64, subjects: int) -> Bootstrap:
    half = (1 - CONFIDENCE) / 2
    low, high = np.quantile(rates, [half, 1 - half])
    return Bootstrap(float(low), float(high), len(rates), subjects)
