"""Which detected face belongs to which track: the likeliest pairing that motion allows.

Overlap alone does not do: at 12 looks a second a small face walks further than its own width.
So a pair costs how unlikely its place and size are for the track's motion, and its lack of
overlap, and is ruled out beyond what the track's doubt explains.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from overt.tracks.motion import JITTER, Float64, Motion

Pairs = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
"""Row i of the first (a track) goes with row i of the second (a face)."""

NEAR: Final = 0.5
"""Face sizes from the expected place that are always allowed: detectors jump that far."""
DOUBTS: Final = 2.5
"""Standard deviations of the expected place that are allowed beyond that."""
FAR: Final = 2.0
"""Face sizes that are never allowed, however long the face was hidden."""
GROWTH: Final = 1.4
"""How much larger or smaller than expected a face may look,"""
GROWTH_BY_DOUBT: Final = 1.3
"""and by what this widens for each face size of doubt."""
FLOOR: Final = 0.005
"""Variance of a place beyond jitter and doubt, in squares of face sizes,"""
SIZE_FLOOR: Final = 0.01
"""and of the logarithm of a size. Chosen, like the others, on simulated crowds of twelve."""
RULED_OUT: Final = 1e6


def paired(tracks: Motion, faces: Float64) -> Pairs:
    """Pair tracks, moved on to now, with (n, 4) faces as centres and sizes."""
    from overt.tracks.assignment import assigned  # loads SciPy, for those who follow faces

    costs = _costs(tracks, faces)
    rows, columns = assigned(costs)
    real = costs[rows, columns] < RULED_OUT
    return rows[real], columns[real]


def overlap(first: Float64, second: Float64) -> Float64:
    """(n, m) intersection over union of boxes given as centres and sizes."""
    low = np.maximum(
        first[:, None, :2] - first[:, None, 2:] / 2, second[None, :, :2] - second[None, :, 2:] / 2
    )
    high = np.minimum(
        first[:, None, :2] + first[:, None, 2:] / 2, second[None, :, :2] + second[None, :, 2:] / 2
    )
    common = np.prod(np.maximum(high - low, 0), axis=2)
    areas = np.prod(first[:, 2:], axis=1)[:, None] + np.prod(second[:, 2:], axis=1)[None, :]
    return np.asarray(common / (areas - common))


def _costs(tracks: Motion, faces: Float64) -> Float64:
    """Negative log likelihood of each pair, plus one for no overlap at all."""
    sizes = np.sqrt(faces[:, 2] * faces[:, 3])
    away = np.hypot(
        tracks.box[:, None, 0] - faces[None, :, 0], tracks.box[:, None, 1] - faces[None, :, 1]
    ) / np.maximum(tracks.sizes[:, None], sizes[None, :])
    growth = np.abs(np.log(tracks.sizes[:, None] / sizes[None, :]))
    variance = (tracks.doubt[:, 0] + JITTER**2)[:, None]
    doubt = np.sqrt(variance)
    far = np.minimum(NEAR + DOUBTS * doubt, FAR)
    grown = np.log(GROWTH) + np.minimum(doubt, 1) * np.log(GROWTH_BY_DOUBT)

    place, size = variance + FLOOR, variance / 2 + SIZE_FLOOR
    unlikely = away**2 / (2 * place) + np.log(place) + growth**2 / (2 * size) + np.log(size) / 2
    costs = unlikely + 1 - overlap(tracks.box, faces)
    return np.where((away <= far) & (growth <= grown), costs, RULED_OUT)
