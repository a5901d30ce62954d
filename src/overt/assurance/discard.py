"""Does a quality measure predict misses? Error versus discard (ISO/IEC 29794-1).

The threshold is fixed so that a tenth of the mated probes are missed; where more are missed at any
threshold, those it is. Then the probes of lowest
quality are discarded, ever more of them, and those that are left are counted again. A measure
that predicts misses brings the curve down; one that says nothing leaves it level.
The quality of a comparison is that of the poorer of the two pictures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from overt.assurance.bootstrap import weights_of_probes
from overt.identifiers import SubjectId
from overt.rates.counts import Rate
from overt.units import Float32

Float64 = npt.NDArray[np.float64]
STARTING_ERROR: Final = 0.1
DISCARDED: Final = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
REPLICATES: Final = 500
FEWEST: Final = 50
"""Mated probes below which no curve is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class MatedComparisons:
    """Row i is one mated probe that was compared."""

    own: Float32
    """How much it resembles its subject; minus infinity where somebody resembles it more."""
    subjects: tuple[SubjectId, ...]
    quality: Mapping[str, Float64]
    """By measure, more is better."""


@dataclass(frozen=True, slots=True)
class DiscardCurve:
    measure: str
    left: tuple[Rate, ...]
    """FNIR of what is left after each share of `DISCARDED`."""
    gain: float
    """How much of the misses goes on average over the curve: 0 is a coin, below 0 is harm."""
    low: float
    high: float
    """Of the gain, 95 %, by resampling people."""

    @property
    def predicts(self) -> bool:
        return self.low > 0

    def as_json(self) -> dict[str, object]:
        return {
            "measure": self.measure,
            "gain": round(self.gain, 6),
            "low": round(self.low, 6),
            "high": round(self.high, 6),
            "predicts_misses": self.predicts,
            "curve": [
                {"discarded": share, "fnir": rate.as_json()}
                for share, rate in zip(DISCARDED, self.left, strict=True)
            ],
        }


@dataclass(frozen=True, slots=True)
class Discarding:
    threshold: float | None
    """None where more than a tenth are missed at any: somebody else resembles them more."""
    starting: Rate
    comparisons: int
    curves: tuple[DiscardCurve, ...]
    """The best first."""


def error_versus_discard(mated: MatedComparisons, rng: np.random.Generator) -> Discarding | None:
    """None where too few mated probes were compared, or nothing is missed."""
    if len(mated.own) < FEWEST or not np.isfinite(mated.own).any():
        return None
    ranked = np.sort(mated.own)
    tenth = ranked[int(STARTING_ERROR * len(ranked)) - 1]
    threshold = float(np.nextafter(tenth, np.float32(2))) if np.isfinite(tenth) else None
    missed = np.isneginf(mated.own) if threshold is None else mated.own < threshold
    weights = weights_of_probes(mated.subjects, rng, REPLICATES)
    curves = [_curve(name, values, missed, weights) for name, values in mated.quality.items()]
    curves.sort(key=lambda curve: (-curve.gain, curve.measure))
    return Discarding(threshold, Rate(int(missed.sum()), len(missed)), len(missed), tuple(curves))


def _curve(
    name: str, quality: Float64, missed: npt.NDArray[np.bool_], weights: Float64
) -> DiscardCurve:
    order = np.argsort(quality, kind="stable")
    errors, once = missed[order].astype(np.float64), np.ones((1, len(missed)))
    gains = _gains(errors, weights[:, order])
    low, high = np.quantile(gains, [0.025, 0.975])
    return DiscardCurve(
        measure=name,
        left=tuple(_left(missed[order], share) for share in DISCARDED),
        gain=float(_gains(errors, once)[0]),
        low=float(low),
        high=float(high),
    )


def _left(missed: npt.NDArray[np.bool_], share: float) -> Rate:
    kept = missed[round(share * len(missed)) :]
    return Rate(int(kept.sum()), len(kept))


def _gains(errors: Float64, weights: Float64) -> Float64:
    """One for each row of weights: one minus the mean error left by the error at the start."""
    total = weights.sum(axis=1, keepdims=True)
    before = np.cumsum(weights, axis=1) - weights
    start = (weights @ errors) / total[:, 0]
    left = []
    for share in DISCARDED[1:]:
        kept = np.where(before >= share * total - 1e-9, weights, 0.0)
        left.append((kept @ errors) / np.maximum(kept.sum(axis=1), 1e-9))
    return np.asarray(1 - np.mean(left, axis=0) / np.maximum(start, 1e-9))


def mated_comparisons(
    own: Float32,
    subjects: Sequence[SubjectId],
    probe: Sequence[Mapping[str, float]],
    reference: Sequence[Mapping[str, float]],
) -> MatedComparisons:
    """Line up each probe with the best reference of its subject; the poorer of both counts."""
    names = tuple(probe[0]) if probe else ()
    return MatedComparisons(
        own=own,
        subjects=tuple(subjects),
        quality={
            name: np.array(
                [min(p[name], r[name]) for p, r in zip(probe, reference, strict=True)], np.float64
            )
            for name in names
        },
    )
