"""Whether points make a polygon that has an inside: no crossing, no needle, no repetition."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

Point = tuple[float, float]

MOST_POINTS: Final = 64
LEAST_AREA: Final = 1e-4
"""A hundredth of the frame's width by a hundredth of its height: less holds no face."""


def polygon_fault(points: Sequence[Point]) -> str | None:
    """Say what keeps the points from being a zone, or None."""
    if not 3 <= len(points) <= MOST_POINTS:
        return f"{len(points)} points; a zone has 3 to {MOST_POINTS}"
    for x, y in points:
        if not (0 <= x <= 1 and 0 <= y <= 1):
            return f"[{x:g}, {y:g}] is outside the frame; points are shares from 0 to 1"
    if len(set(points)) != len(points):
        return "a point stands twice; the last point joins the first by itself"
    if (crossing := _crossing(points)) is not None:
        return f"its edges {crossing[0] + 1} and {crossing[1] + 1} cross; list the points in order"
    if abs(_area(points)) < LEAST_AREA:
        return "it encloses nothing"
    return None


def _area(points: Sequence[Point]) -> float:
    following = [*points[1:], points[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, following, strict=True)) / 2


def _crossing(points: Sequence[Point]) -> tuple[int, int] | None:
    count = len(points)
    edges = [(points[i], points[(i + 1) % count]) for i in range(count)]
    for i, j in combinations(range(count), 2):
        adjacent = j - i in {1, count - 1}
        if _fold_back(edges[i], edges[j]) if adjacent else _meet(edges[i], edges[j]):
            return i, j
    return None


Edge = tuple[Point, Point]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _within(a: Point, b: Point, p: Point) -> bool:
    return min(a[0], b[0]) <= p[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= p[1] <= max(a[1], b[1])


def _meet(first: Edge, second: Edge) -> bool:
    (a, b), (c, d) = first, second
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    touching = (a, b, c, turns[0]), (a, b, d, turns[1]), (c, d, a, turns[2]), (c, d, b, turns[3])
    return any(turn == 0 and _within(start, end, p) for start, end, p, turn in touching)


def _fold_back(first: Edge, second: Edge) -> bool:
    """Two edges share a corner, as they should; they must not lie on each other."""
    shared = (set(first) & set(second)).pop()
    far = next(p for p in first if p != shared), next(p for p in second if p != shared)
    along = (far[0][0] - shared[0]) * (far[1][0] - shared[0]) + (far[0][1] - shared[1]) * (
        far[1][1] - shared[1]
    )
    return _turn(shared, far[0], far[1]) == 0 and along > 0
