"""Which way a face looks, from its five points: good to about ten degrees, enough to compare shots.

With the eyes level, the nose tip stands out of the plane of the eyes by about half an eye
distance. Turning the head by an angle moves the tip sideways by its sine and narrows the eyes
by its cosine, so the tangent of the angle is the tip's offset over that depth. Nodding moves
the tip along the line from the eyes to the mouth in the same way.
"""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

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
    """Read the pose of (5, 2) landmarks; the eyes may not coincide.

    In plain numbers: for five points NumPy would take ten times as long.
    """
    (x1, y1), (x2, y2), (nose_x, nose_y), (x4, y4), (x5, y5) = landmarks.tolist()
    middle_x, middle_y = (x1 + x2) / 2, (y1 + y2) / 2
    distance = max(math.hypot(x2 - x1, y2 - y1), 1e-6)
    right = Vector((x2 - x1) / distance, (y2 - y1) / distance)
    nose = Vector(nose_x - middle_x, nose_y - middle_y)
    mouth = Vector((x4 + x5) / 2 - middle_x, (y4 + y5) / 2 - middle_y)
    return Pose(
        yaw=math.degrees(math.atan(nose.along(right) / distance / NOSE_DEPTH)),
        pitch=_pitch(nose, mouth, Vector(-right.y, right.x)),
        roll=math.degrees(math.atan2(y2 - y1, x2 - x1)),
    )


class Vector(NamedTuple):
    x: float
    y: float

    def along(self, other: "Vector") -> float:
        return self.x * other.x + self.y * other.y


def _pitch(nose: Vector, mouth: Vector, down: Vector) -> float:
    length = math.hypot(mouth.x, mouth.y)
    if length < 1e-6:
        return 0.0
    aside = abs(nose.x * mouth.y - nose.y * mouth.x) / length**2
    inferred = abs(nose.along(mouth) / length**2 - NOSE_DOWN_INFERRED) < INFERRED
    if aside < INFERRED and inferred:
        return 0.0
    drop = mouth.along(down)
    if drop <= 0:
        return 90.0  # the mouth is level with the eyes or above: nobody looks like that
    moved = (nose.along(down) / drop - NOSE_DOWN) * MOUTH_DOWN / NOSE_DEPTH
    return math.degrees(math.atan(moved))


NOSE_DOWN_INFERRED: Final = 0.63 / 1.28
"""Where dlib's adapter puts tip and mouth on one line (dlib_detector.TIP and MOUTH_DOWN)."""
