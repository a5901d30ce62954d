"""Which way a face moved through the picture while it was in view, in the picture's own terms (R40).

From where and how large it was first and last seen: a face that grows comes towards the camera.
It is no course on a map, and of a track that went over to another person it is nobody's.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from overt.units import Float32, Seconds


class Heading(Enum):
    """The value is what an operator and an officer read."""

    TOWARDS = "towards the camera"
    TOWARDS_LEFT = "towards the camera and to the left of the picture"
    TOWARDS_RIGHT = "towards the camera and to the right of the picture"
    AWAY = "away from the camera"
    AWAY_LEFT = "away from the camera and to the left of the picture"
    AWAY_RIGHT = "away from the camera and to the right of the picture"
    LEFT = "to the left of the picture"
    RIGHT = "to the right of the picture"
    STILL = "hardly moving in the picture"
    UNKNOWN = "not in view for long enough to tell"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a face was in the picture, when, and how large; no picture."""

    at: Seconds
    x: float
    size: float


LONG_ENOUGH: Final = 0.5
"""Seconds in view without having moved that much: then it hardly moves. Before, nobody can tell."""
GROWN: Final = 1.07
"""By how much larger or smaller the face must have become: twice what boxes scatter by."""
SHIFTED: Final = 0.25
"""Widths of the face that it must have moved sideways."""
_TABLE: Final = {
    (1, 0): Heading.TOWARDS, (1, -1): Heading.TOWARDS_LEFT, (1, 1): Heading.TOWARDS_RIGHT,
    (-1, 0): Heading.AWAY, (-1, -1): Heading.AWAY_LEFT, (-1, 1): Heading.AWAY_RIGHT,
    (0, -1): Heading.LEFT, (0, 1): Heading.RIGHT, (0, 0): Heading.STILL,
}  # fmt: skip


def placed(box: Sequence[float] | Float32, at: Seconds) -> Placed:
    """Take the corners x1 y1 x2 y2 of a face's box."""
    left, top, right, bottom = map(float, box)
    return Placed(at, (left + right) / 2, math.sqrt(max((right - left) * (bottom - top), 1.0)))


def heading(first: Placed | None, last: Placed) -> Heading:
    if first is None:
        return Heading.UNKNOWN
    grown = last.size / first.size
    depth = (grown >= GROWN) - (grown * GROWN <= 1)
    sideways = (last.x - first.x) / math.sqrt(last.size * first.size)
    found = _TABLE[depth, (sideways >= SHIFTED) - (sideways <= -SHIFTED)]
    too_soon = found is Heading.STILL and last.at - first.at < LONG_ENOUGH
    return Heading.UNKNOWN if too_soon else found
