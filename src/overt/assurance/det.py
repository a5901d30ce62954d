"""The trade-off between false positives and misses: a DET curve of open-set identification.

ISO/IEC 19795-1 calls it a detection error trade-off plot; for identification it gives FNIR(N, R, T)
against FPIR(N, T) as the threshold T moves.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from overt.assurance.metrics import highest_non_mated, mate_ranks, mate_scores
from overt.assurance.scores import ScoreTable
from overt.units import Float32, Similarity

Float64 = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
MOST_POINTS = 400


@dataclass(frozen=True, slots=True, eq=False)
class DetCurve:
    """Point i of every array is one threshold, from the highest FPIR to the lowest."""

    thresholds: Float64
    fpir: Float64
    fnir: Float64
    non_mated: int
    mated: int

    def as_json(self) -> dict[str, object]:
        return {
            "non_mated_trials": self.non_mated,
            "mated_trials": self.mated,
            "threshold": self.thresholds.tolist(),
            "fpir": self.fpir.tolist() if self.non_mated else None,
            "fnir": self.fnir.tolist() if self.mated else None,
        }


def det_curve(
    table: ScoreTable,
    rank: int | None = None,
    most_points: int = MOST_POINTS,
    *,
    kept: Similarity | None = None,
) -> DetCurve:
    """Every threshold at which either rate steps; thinned where there are more.

    Never thinned away are those where the highest strangers' scores step, and the threshold `kept`.
    """
    tops = highest_non_mated(table)
    own = mate_scores(table).copy()
    if rank is not None:
        own[mate_ranks(table) > rank] = -np.inf
    steps = _steps(tops, own)
    thresholds = _thinned(steps, _rare(steps, tops, kept, most_points // 2), most_points)
    return DetCurve(
        thresholds=thresholds,
        fpir=share_reaching(tops, thresholds),
        fnir=1.0 - share_reaching(own, thresholds),
        non_mated=len(tops),
        mated=len(own),
    )


def share_reaching(scores: Float32, thresholds: Float64) -> Float64:
    """For each threshold the share of scores at or above it; no scores, no share (NaN)."""
    if not len(scores):
        return np.full(len(thresholds), np.nan)
    ranked = np.sort(scores.astype(np.float64))
    return (len(ranked) - np.searchsorted(ranked, thresholds, side="left")) / len(ranked)


def _steps(tops: Float32, own: Float32) -> Float64:
    scores = np.concatenate([tops, own]).astype(np.float64)
    return np.unique(scores[np.isfinite(scores)])


def _rare(thresholds: Float64, tops: Float32, kept: Similarity | None, most: int) -> Places:
    """Where the highest strangers' scores lie, each with the step above it; and what is kept."""
    highest = np.unique(tops[np.isfinite(tops)].astype(np.float64))[-(most // 2) :]
    at = np.searchsorted(thresholds, highest)
    if kept is not None and len(thresholds):
        at = np.append(at, np.searchsorted(thresholds, kept))
    return np.unique(np.clip([*at, *(at + 1)], 0, max(len(thresholds) - 1, 0))).astype(np.intp)


def _thinned(thresholds: Float64, rare: Places, most: int) -> Float64:
    """Keep the ends and the rare errors, and of those between evenly by rank."""
    count = len(thresholds)
    if count <= most:
        return thresholds
    evenly = np.linspace(0, count - 1, max(most - len(rare), 2)).astype(np.intp)
    return np.asarray(thresholds[np.unique(np.concatenate([evenly, rare]))], np.float64)
