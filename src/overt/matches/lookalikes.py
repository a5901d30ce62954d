"""Which people on a list resemble each other: an alert for one may mean the other (R22)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from overt.identifiers import SubjectId
from overt.matches.gallery import VACANT, Gallery
from overt.units import Float32, Similarity

BLOCK_ROWS = 512
"""10,000 references need 20 MB of scores at a time instead of 400."""


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Two people whose most alike references reach the bound."""

    first: SubjectId
    second: SubjectId
    similarity: Similarity


def lookalikes(gallery: Gallery, at_least: Similarity) -> tuple[Lookalikes, ...]:
    """Find every pair of different people at or above the bound, the most alike first."""
    best: dict[tuple[int, int], float] = {}
    owners = gallery.owners
    scores = np.empty((min(BLOCK_ROWS, len(owners)), len(owners)), np.float32)
    for top in range(0, len(owners), BLOCK_ROWS):
        rows, columns = _reaching(gallery.vectors, top, at_least, scores)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            one, other = int(owners[row]), int(owners[column])
            if one != other and VACANT not in (one, other):
                score = float(scores[row - top, column - top])
                best[one, other] = max(score, best.get((one, other), -1.0))
    names = gallery.subject_ids
    ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Lookalikes(names[one], names[other], Similarity(round(score, 6)))
        for (one, other), score in ranked
    )


def by_subject(pairs: tuple[Lookalikes, ...]) -> Mapping[SubjectId, tuple[SubjectId, ...]]:
    """For each person, who else resembles them, the most alike first."""
    others: dict[SubjectId, tuple[SubjectId, ...]] = {}
    for pair in pairs:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            others[one] = (*others.get(one, ()), other)
    return others


def _reaching(
    vectors: Float32, top: int, at_least: Similarity, scores: Float32
) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Compare one block of rows with itself and all rows below it; rows and columns that reach."""
    block = vectors[top : top + BLOCK_ROWS]
    below = vectors[top:]
    part = scores[: len(block), : len(below)]
    np.matmul(block, below.T, out=part)
    rows, columns = np.nonzero(part >= np.float32(at_least))
    after = columns > rows  # each pair once, and nobody with themselves
    return rows[after] + top, columns[after] + top
