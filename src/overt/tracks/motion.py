"""Where faces are going: one constant-velocity Kalman filter a track, all stepped together.

A state is the centre, width and height of a box and their velocities. The four axes share one
covariance, in squares of the face's own size, so that near and far faces are treated alike.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

JITTER: Final = 0.06
"""Standard deviation of a detected box, in face sizes; measured 0.02 to 0.08 on still faces."""
RESTLESSNESS: Final = 2.0
"""Density of the acceleration, face sizes squared a second cubed: people turn and stop."""
FIRST_SPEED: Final = 4.0
"""Standard deviation of a new face's speed, face sizes a second; a brisk walk across is 9."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Row i of every array describes track i."""

    box: Float64
    """(n, 4): centre x, centre y, width, height in pixels."""
    speed: Float64
    """(n, 4): their changes a second."""
    doubt: Float64
    """(n, 3): variance of position, covariance, variance of speed, in face sizes."""

    @property
    def sizes(self) -> Float64:
        return np.asarray(np.sqrt(self.box[:, 2] * self.box[:, 3]))

    def rows(self, chosen: npt.NDArray[np.intp]) -> "Motion":
        return Motion(self.box[chosen], self.speed[chosen], self.doubt[chosen])


NO_MOTION: Final = Motion(np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 3)))


def measured(boxes: npt.NDArray[np.float32]) -> Float64:
    """Turn (n, 4) corners x1 y1 x2 y2 into centres and sizes."""
    corners = boxes.astype(np.float64)
    low, high = corners[:, :2], corners[:, 2:]
    return np.concatenate([(low + high) / 2, np.maximum(high - low, 1.0)], axis=1)


def started(boxes: Float64) -> Motion:
    doubt = np.tile([JITTER**2, 0.0, FIRST_SPEED**2], (len(boxes), 1))
    return Motion(boxes, np.zeros_like(boxes), doubt)


def predicted(motion: Motion, after: float) -> Motion:
    """Let time pass without looking: everything moves on, and doubt grows."""
    box = motion.box + motion.speed * after
    # A receding face does not vanish while it is hidden.
    box[:, 2:] = np.maximum(box[:, 2:], motion.box[:, 2:] / 2)
    position, both, speed = motion.doubt.T
    doubt = np.stack(
        [
            position + 2 * after * both + after**2 * speed + RESTLESSNESS * after**3 / 3,
            both + after * speed + RESTLESSNESS * after**2 / 2,
            speed + RESTLESSNESS * after,
        ],
        axis=1,
    )
    return Motion(box, motion.speed, doubt)


def corrected(motion: Motion, seen: Float64) -> Motion:
    """Take a look at every track: row i of `seen` is where track i really was."""
    position, both, speed = motion.doubt.T
    total = position + JITTER**2
    trust, lead = position / total, both / total
    surprise = seen - motion.box
    doubt = np.stack(
        [position * (1 - trust), both * (1 - trust), speed - lead * both],
        axis=1,
    )
    return Motion(
        motion.box + trust[:, None] * surprise,
        motion.speed + lead[:, None] * surprise,
        doubt,
    )


def joined(first: Motion, second: Motion) -> Motion:
    return Motion(
        np.concatenate([first.box, second.box]),
        np.concatenate([first.speed, second.speed]),
        np.concatenate([first.doubt, second.doubt]),
    )
