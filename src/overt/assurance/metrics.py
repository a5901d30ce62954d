"""Error rates of open-set identification, each as two counts.

The terms are those of ISO/IEC 19795-1 ("false positive identification rate", "false negative
identification rate", "failure-to-acquire rate", "failure-to-enrol rate") and, for cameras, of
ISO/IEC 30137-1. A resemblance at the threshold is a positive: score >= threshold. All probes
count as trials, also those without a usable face: they raise no alert, right or wrong.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt

from overt.assurance.scores import RESEMBLES_NOBODY, Flags, ScoreTable
from overt.rates.counts import Rate
from overt.units import Float32, Similarity

LOWEST = Similarity(-1.0)
"""The least a cosine can be: a threshold that lets every face through."""


@dataclass(frozen=True, slots=True)
class Failures:
    """What never came to a comparison."""

    to_detect: Rate
    to_acquire: Rate
    """Includes those not detected."""
    to_enrol: Rate
    """Subjects of the list."""


def failures(table: ScoreTable) -> Failures:
    return Failures(
        to_detect=share(table.not_detected),
        to_acquire=share(table.not_acquired),
        to_enrol=share(table.not_enrolled),
    )


def highest_non_mated(table: ScoreTable) -> Float32:
    """For each non-mated probe the score of whom it resembles most: its false alert, if any."""
    return highest(table.scores[~table.mated])


def highest(scores: Float32) -> Float32:
    return np.asarray(np.max(scores, axis=1, initial=RESEMBLES_NOBODY), np.float32)


def fpir(table: ScoreTable, threshold: Similarity) -> Rate:
    """FPIR(N, T): non-mated probes with at least one candidate at or above the threshold."""
    return share(reaching(highest_non_mated(table), threshold))


def mate_scores(table: ScoreTable) -> Float32:
    """For each mated probe, how much it resembles its own subject."""
    rows = np.flatnonzero(table.mated)
    return np.asarray(table.scores[rows, table.mates[rows]], np.float32)


def mate_ranks(table: ScoreTable) -> npt.NDArray[np.intp]:
    """For each mated probe the rank of its subject, from 1; a tie counts against the mate.

    A mate who resembles nobody (failed to acquire or to enrol) has the last rank of all.
    """
    rows = np.flatnonzero(table.mated)
    own = mate_scores(table)
    as_high = np.array(
        [
            np.count_nonzero(table.scores[row] >= score)
            for row, score in zip(rows, own, strict=True)
        ],
        np.intp,
    )
    return np.where(np.isneginf(own), table.list_size, as_high)


def missed(table: ScoreTable, threshold: Similarity, rank: int | None = None) -> Flags:
    """For each mated probe, whether its subject was not found; rank None looks at all ranks."""
    own = mate_scores(table)
    wrong = ~reaching(own, threshold) | np.isneginf(own)
    return wrong if rank is None else wrong | (mate_ranks(table) > rank)


def fnir(table: ScoreTable, threshold: Similarity, rank: int | None = None) -> Rate:
    """FNIR(N, R, T): mated probes whose subject is not within rank R at or above the threshold.

    Failures to detect, to acquire and to enrol are misses. `rank=1` is the live rule: an alert
    names whom the passage resembles most.
    """
    return share(missed(table, threshold, rank))


def tpir(table: ScoreTable, threshold: Similarity, rank: int | None = None) -> Rate:
    """TPIR(N, R, T) = 1 - FNIR(N, R, T); `errors` are the people found."""
    return fnir(table, threshold, rank).complement


def rank1(table: ScoreTable) -> Rate:
    """Mated probes that resemble their own subject most, at whatever score (closed set)."""
    return share(missed(table, LOWEST, 1)).complement


def threshold_at(table: ScoreTable, fpir_target: float) -> Similarity:
    """The lowest threshold at which this table's FPIR is not above the target."""
    return lowest_threshold(highest_non_mated(table), fpir_target)


def lowest_threshold(tops: Float32, fpir_target: float) -> Similarity:
    """The lowest threshold that at most this share of the scores reach."""
    if not 0 < fpir_target < 1:
        raise ValueError(f"an FPIR of {fpir_target} is no target")
    allowed = floor(fpir_target * len(tops) + 1e-9)
    return just_above(tops, allowed)


def just_above(tops: Float32, allowed: int) -> Similarity:
    """The lowest threshold that at most `allowed` scores reach, at six decimals where they do."""
    ranked = np.sort(tops)[::-1]
    if allowed >= len(ranked) or np.isneginf(ranked[allowed]):
        return LOWEST
    kept_out = ranked[allowed]
    above = ranked[ranked > kept_out]
    let_through = float(above[-1]) if len(above) else np.inf
    exact = np.nextafter(kept_out, np.float32(np.inf))
    tidy = float(np.ceil(np.float64(exact) * 1e6) / 1e6)
    if np.float32(tidy) > kept_out and tidy <= let_through:
        return Similarity(tidy)
    return Similarity(float(exact))


def reaching(scores: Float32, threshold: Similarity) -> Flags:
    """Compare as the live rule does: the score in double precision against the threshold."""
    return np.asarray(scores, np.float64) >= threshold


def share(flags: Flags) -> Rate:
    return Rate(int(np.count_nonzero(flags)), int(flags.size))
