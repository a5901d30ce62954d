"""Who resembles the probe most, and who next, in the precision that is told.

A score is the sum of the products in float64, rounded to six decimals: this does not depend on
the processor, on where a row lies or on how the rows were found. Float32 sums come with a proven
bound on their error and only settle which rows need that.
"""

from typing import Final

import numpy as np

from overt.matches.codes import Float64
from overt.matches.gallery import ROWS_AT_ONCE, Gallery, Owners, Room, Rows
from overt.matches.match import Match
from overt.units import Float32, Similarity

DECIMALS: Final = 6
"""Beyond this, float32 references say nothing; what is equal to here is a tie."""
ROUNDING: Final = 2e-6
"""Twice what rounding a score (5e-7), a bound (4e-7) and a comparison (2e-7) can move together."""


def float32_error(dimension: int) -> float:
    """Bound what a float32 sum of products of two templates can be off, in any order of adding.

    The classical bound is d*u/(1 - d*u) times the sum of |x p|, which is at most |x| |p|.
    """
    return 1.01 * dimension * 2.0**-24


def second_best(scores: Float32, owners: Owners) -> tuple[float, float | None]:
    """The highest score, and the highest of anybody else, None if there is nobody else."""
    top = int(np.argmax(scores))
    # In place: a copy of enough scores would give the probe away (R50).
    (own,) = np.nonzero(owners == owners[top])
    kept = scores[own]
    scores[own] = -np.inf
    second = float(scores.max())
    scores[own] = kept
    return float(scores[top]), None if second == -np.inf else second


def decide(
    probe: Float32,
    scores: Float32,
    *,
    owners: Owners,
    rows: Rows | None,
    gallery: Gallery,
) -> Match | None:
    """Name the best and the runner-up among rows that certainly hold both.

    `scores` are float32 sums, -inf for vacant rows; `owners` is who holds each; `rows` is where
    they lie, None if everywhere in order.
    """
    best, second = second_best(scores, owners)
    if best == -np.inf:
        return None
    floor = (best if second is None else second) - 2 * float32_error(len(probe)) - ROUNDING
    (near,) = np.nonzero(scores >= floor)
    places = near if rows is None else rows[near]
    exact = _exact(probe, gallery.vectors, places, gallery.room)
    return _ranked(exact, owners[near], places, gallery)


def _exact(probe: Float32, vectors: Float32, rows: Rows, room: Room) -> Float64:
    scores = np.empty(len(rows))
    np.copyto(room.probe, probe)
    for top in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[top : top + ROWS_AT_ONCE]
        products = room.rows[: len(some)]
        products[:] = vectors[some]
        products *= room.probe
        # Each row is added up alone and in the same order: equal rows have equal scores.
        np.sum(products, axis=1, out=scores[top : top + len(some)])
        products.fill(0)
    room.probe.fill(0)
    return np.round(scores, DECIMALS) + 0.0  # no -0.0


def _ranked(scores: Float64, owners: Owners, rows: Rows, gallery: Gallery) -> Match:
    """Of equals, whoever stands first on the list, and of their images the first."""
    order = np.lexsort((rows, owners, -scores))
    best = int(order[0])
    others = order[owners[order] != owners[best]]
    second = int(others[0]) if len(others) else None
    return Match(
        subject_id=gallery.subject_ids[owners[best]],
        similarity=_told(scores[best]),
        reference=int(rows[best] - gallery.first_rows[owners[best]]),
        second=None if second is None else gallery.subject_ids[owners[second]],
        second_similarity=None if second is None else _told(scores[second]),
    )


def _told(score: np.float64) -> Similarity:
    return Similarity(round(float(score), DECIMALS))
