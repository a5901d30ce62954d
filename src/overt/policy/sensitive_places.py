"""Which sensitive places a deployment lies in or near, by the map and not by whoever drafted it (R8).

By position where the deployment states one, and by name besides: a place that the deployment's own
words name is near, wherever the pin on the map may be.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from overt.config.sensitive_map import Position, SensitiveMap, SensitivePlace
from overt.identifiers import ActorId

METRES_A_DEGREE: Final = 111_320.0
"""Of latitude. The sphere taken for flat errs by less than a metre over these distances."""
Flat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class NearPlace:
    name: str
    kind: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.why})"


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What the map that is in force says of one deployment."""

    version: str
    near: tuple[NearPlace, ...]
    by: ActorId
    """Who put it on record."""


def near_places(
    drawn: SensitiveMap, words: str, position: Position | None
) -> tuple[NearPlace, ...]:
    """Every place of the map that the deployment lies in, near, or names."""
    return tuple(_near(drawn.places, words, position))


def _near(
    places: Sequence[SensitivePlace], words: str, position: Position | None
) -> Iterator[NearPlace]:
    for place in places:
        metres = None if position is None else distance_m(position, place.outline)
        if metres is not None and metres <= place.within_m:
            why = "the deployment lies in it" if metres == 0 else f"{metres:.0f} m away"
            yield NearPlace(place.name, place.kind, why)
        elif names(words, place.name):
            yield NearPlace(place.name, place.kind, "the deployment names it")


def names(words: str, name: str) -> bool:
    """Whether the words hold the name, whole, whatever the capitals and the spacing."""
    wanted = r"\s+".join(map(re.escape, name.casefold().split()))
    return re.search(rf"(?<!\w){wanted}(?!\w)", words.casefold()) is not None


def distance_m(position: Position, outline: Sequence[Position]) -> float:
    """Metres to the nearest edge; 0 inside."""
    flat = [_flat(corner, position) for corner in outline]
    if len(flat) == 1:
        return math.hypot(*flat[0])
    edges = list(pairwise([*flat, flat[0]]))
    return 0.0 if _holds_origin(edges) else min(_to_edge(*edge) for edge in edges)


def _flat(corner: Position, origin: Position) -> Flat:
    """Metres east and north of the origin."""
    east = (corner[1] - origin[1] + 180) % 360 - 180
    narrowing = math.cos(math.radians(origin[0]))
    return east * METRES_A_DEGREE * narrowing, (corner[0] - origin[0]) * METRES_A_DEGREE


def _holds_origin(edges: Sequence[tuple[Flat, Flat]]) -> bool:
    """Whether a ray to the east crosses the outline an odd number of times."""
    return sum(_crosses(*edge) for edge in edges) % 2 == 1


def _crosses(start: Flat, end: Flat) -> bool:
    (x1, y1), (x2, y2) = start, end
    return (y1 > 0) != (y2 > 0) and x1 - y1 * (x2 - x1) / (y2 - y1) > 0


def _to_edge(start: Flat, end: Flat) -> float:
    (x1, y1), (x2, y2) = start, end
    along = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = min(max(-(x1 * (x2 - x1) + y1 * (y2 - y1)) / along, 0.0), 1.0) if along else 0.0
    return math.hypot(x1 + share * (x2 - x1), y1 + share * (y2 - y1))
