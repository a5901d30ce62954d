"""The zone of recognition: where in the picture a face may be templated at all (R11)."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from overt.errors import Refused

MOST_POINTS: Final = 100

Point = tuple[float, float]
Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon in shares of the picture's width and height, so that any resolution fits."""

    polygon: tuple[Point, ...]
    _edges: npt.NDArray[np.float64] = field(init=False, repr=False, compare=False)
    """(n, 4): from x, from y, to x, to y."""

    def __post_init__(self) -> None:
        _require_points(self.polygon)
        _require_simple(self.polygon)
        corners = np.array(self.polygon, np.float64)
        edges = np.concatenate([corners, np.roll(corners, -1, axis=0)], axis=1)
        object.__setattr__(self, "_edges", edges)

    def holds(self, x: Floats, y: Floats, width: int, height: int) -> npt.NDArray[np.bool_]:
        """Tell for each of the points, in pixels of the picture, whether it is in the zone.

        A face that reaches over the picture's edge counts as being at the edge.
        """
        beyond = np.nextafter(1.0, 0.0)
        px = np.clip(np.asarray(x, np.float64) / width, 0.0, beyond)[..., None]
        py = np.clip(np.asarray(y, np.float64) / height, 0.0, beyond)[..., None]
        x1, y1, x2, y2 = self._edges.T
        # A ray to the right crosses the outline an odd number of times from inside.
        spans = (y1 <= py) != (y2 <= py)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = x1 + (py - y1) / (y2 - y1) * (x2 - x1)
        return np.asarray(np.count_nonzero(spans & (px < crossing), axis=-1) % 2 == 1)

    def holds_centres(self, boxes: Floats, width: int, height: int) -> npt.NDArray[np.bool_]:
        """`holds` for the centres of (n, 4) boxes."""
        return self.holds(
            (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2, width, height
        )


def _require_points(polygon: tuple[Point, ...]) -> None:
    if not 3 <= len(polygon) <= MOST_POINTS:
        raise Refused(f"a zone needs 3 to {MOST_POINTS} points, not {len(polygon)}")
    for number, (x, y) in enumerate(polygon, 1):
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise Refused(
                f"point {number} of the zone, [{x}, {y}], is outside the picture: "
                "give shares of its width and height, from 0 to 1"
            )


def _require_simple(polygon: tuple[Point, ...]) -> None:
    """Refuse outlines that touch or cross themselves: what they hold is a matter of opinion."""
    sides = list(zip(polygon, (*polygon[1:], polygon[0]), strict=True))
    for number, (start, end) in enumerate(sides):
        if start == end:
            raise Refused(f"points {number + 1} and the next of the zone are the same")
        for other in range(number + 1, len(sides)):
            adjacent = other == number + 1 or (number == 0 and other == len(sides) - 1)
            if _touch(sides[number], sides[other], adjacent=adjacent):
                raise Refused(
                    f"sides {number + 1} and {other + 1} of the zone cross: "
                    "give its corners in order, all the way round"
                )


def _touch(one: tuple[Point, Point], other: tuple[Point, Point], *, adjacent: bool) -> bool:
    a, b = one
    c, d = other
    if adjacent:
        # Neighbours share a corner; they cross only where one folds back over the other.
        shared, far, back = (b, a, d) if b == c else (a, b, c)
        forth = (far[0] - shared[0], far[1] - shared[1])
        aside = (back[0] - shared[0], back[1] - shared[1])
        return _turn(shared, far, back) == 0 and forth[0] * aside[0] + forth[1] * aside[1] > 0
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    corners = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(
        turn == 0 and _between(corner[0], corner[1], corner[2])
        for turn, corner in zip(turns, corners, strict=True)
    )


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where the way a, b, c turns one way, negative the other, 0 straight on."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


WHOLE_PICTURE: Final = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
