"""What was seen of every open track, as aligned arrays: row i of each describes track i."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from overt.tracks.motion import Float64
from overt.tracks.track import Looks
from overt.units import Pixels, Seconds

Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What `Looks` is made of."""

    ids: Ints
    first_seen: Float64
    last_seen: Float64
    count: Ints
    in_zone: Ints
    eye_distance: Float64

    def rows(self, chosen: Ints) -> "Tally":
        return Tally(
            self.ids[chosen],
            self.first_seen[chosen],
            self.last_seen[chosen],
            self.count[chosen],
            self.in_zone[chosen],
            self.eye_distance[chosen],
        )

    def looks(self, row: int) -> Looks:
        return Looks(
            first_seen=Seconds(float(self.first_seen[row])),
            last_seen=Seconds(float(self.last_seen[row])),
            count=int(self.count[row]),
            in_zone=int(self.in_zone[row]),
            largest_eye_distance=Pixels(float(self.eye_distance[row])),
        )


NOBODY: Final = Tally(
    np.zeros(0, np.intp),
    np.zeros(0),
    np.zeros(0),
    np.zeros(0, np.intp),
    np.zeros(0, np.intp),
    np.zeros(0),
)


def looked_at(tally: Tally, rows: Ints, at: Seconds, *, zone: Bools, eyes: Float64) -> Tally:
    last, count = tally.last_seen.copy(), tally.count.copy()
    inside, eye = tally.in_zone.copy(), tally.eye_distance.copy()
    last[rows] = at
    count[rows] += 1
    inside[rows] += zone
    eye[rows] = np.maximum(eye[rows], np.where(zone, eyes, 0))
    return Tally(tally.ids, tally.first_seen, last, count, inside, eye)


def with_new(tally: Tally, ids: Ints, at: Seconds, *, zone: Bools, eyes: Float64) -> Tally:
    now, one = np.full(len(ids), float(at)), np.ones(len(ids), np.intp)
    return Tally(
        np.concatenate([tally.ids, ids]),
        np.concatenate([tally.first_seen, now]),
        np.concatenate([tally.last_seen, now]),
        np.concatenate([tally.count, one]),
        np.concatenate([tally.in_zone, zone.astype(np.intp)]),
        np.concatenate([tally.eye_distance, np.where(zone, eyes, 0)]),
    )
