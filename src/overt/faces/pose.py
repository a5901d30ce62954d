"""Which way a face looks, from its five points: good to about ten degrees, enough to compare shots.

With the eyes level, the nose tip stands out of the plane of the eyes by about half an eye
distance. Turning the head by an angle moves the tip sideways by its sine and narrows the eyes
by its cosine, so the tangent of the angle is the tip's offset over that depth. Nodding moves
the tip along the line from the eyes to the mouth in the same way.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.units import Float32

NOSE_DEPTH: Final = 0.55
"""How far the tip stands out, in eye distances."""
NOSE_DOWN: Final = 0.57
"""Where the tip lies between eyes (0) and mouth (1) on a level face; YuNet, median on LFW."""
MOUTH_DOWN: Final = 1.05
"""From eyes to mouth in eye distances, on a level face."""
INFERRED: Final = 1e-3
"""Nearer than this to the line from the eyes to the mouth, the tip was not seen but inferred."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees; 0, 0, 0 looks straight into the camera."""

    yaw: float
    """Positive where the nose points to the right of the image."""
    pitch: float
    """Positive where it points down. 0 where the mouth was inferred and says nothing."""
    roll: float
    """Positive where the head leans to the right of the image."""


def pose_of(landmarks: Float32) -> Pose:
    """Read the pose of (5, 2) landmarks; the eyes may not coincide."""
    points = landmarks.astype(np.float64)
    middle, across = (points[0] + points[1]) / 2, points[1] - points[0]
    distance = max(float(np.hypot(*across)), 1e-6)
    right = across / distance
    down = np.array([-right[1], right[0]])
    nose = points[2] - middle
    mouth = (points[3] + points[4]) / 2 - middle
    return Pose(
        yaw=float(np.degrees(np.arctan(nose @ right / distance / NOSE_DEPTH))),
        pitch=_pitch(nose, mouth, down),
        roll=float(np.degrees(np.arctan2(across[1], across[0]))),
    )


def _pitch(
    nose: np.ndarray[tuple[int], np.dtype[np.float64]],
    mouth: np.ndarray[tuple[int], np.dtype[np.float64]],
    down: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> float:
    length = float(np.hypot(*mouth))
    if length < 1e-6:
        return 0.0
    aside = abs(nose[0] * mouth[1] - nose[1] * mouth[0]) / length**2
    if aside < INFERRED and abs(nose @ mouth / length**2 - NOSE_DOWN_INFERRED) < INFERRED:
        return 0.0
    drop = float(mouth @ down)
    if drop <= 0:
        return 90.0  # the mouth is level with the eyes or above: nobody looks like that
    moved = (float(nose @ down) / drop - NOSE_DOWN) * MOUTH_DOWN / NOSE_DEPTH
    return float(np.degrees(np.arctan(moved)))


NOSE_DOWN_INFERRED: Final = 0.63 / 1.28
"""Where dlib's adapter puts tip and mouth on one line (dlib_detector.TIP and MOUTH_DOWN)."""
