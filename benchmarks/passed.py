"""Who was in view when, by the script of a composed clip, and how often each of them was looked at.

Nothing of this rests on what overt counts: a look belongs to whoever was, at that moment, where it
found a face. Whoever the end of the clip cuts in two is left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from benchmarks.cameras import LiveClip
from benchmarks.scene import Crossing, Scene, place_of

from overt.tracks.best_shots import EVIDENCE_APART

NEAR: Final = 1.5
"""A face's middle lies within so many distances between the eyes of the middle of the eyes."""


@dataclass(frozen=True, slots=True)
class Look:
    """Overt saw a face: when by the wall clock, and where, as shares of the picture."""

    at: float
    encoded: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Passed:
    """One who passed within the measured seconds."""

    looks: int
    """Frames in which overt saw their face."""
    shots: int
    """Of them, those encoded that lie far enough apart to count as independent."""


def passed(
    scene: Scene,
    people: Sequence[Crossing],
    live: LiveClip,
    window: tuple[float, float],
    looks: Iterable[Look],
) -> list[Passed]:
    """Tell of everybody whose passage lies wholly within the window."""
    whole = [one for one in people if one.start >= 0 and one.end <= live.seconds]
    seen, encoded = Counter[tuple[int, int]](), dict[tuple[int, int], list[float]]()
    for look in sorted(looks, key=lambda one: one.at):
        loop, at = divmod(look.at - live.began, live.seconds)
        number = whose(scene, whole, at, look)
        if number is None:
            continue
        if look.encoded:
            encoded.setdefault((int(loop), number), []).append(look.at)
        else:
            seen[int(loop), number] += 1
    loops = range(
        int((window[0] - live.began) // live.seconds),
        int((window[1] - live.began) // live.seconds) + 1,
    )
    return [
        Passed(seen[loop, number], independent(encoded.get((loop, number), [])))
        for loop in loops
        for number, one in enumerate(whole)
        if live.began + loop * live.seconds + one.start >= window[0]
        and live.began + loop * live.seconds + one.end <= window[1]
    ]


def of_nobody(
    scene: Scene, people: Sequence[Crossing], live: LiveClip, looks: Sequence[Look]
) -> float:
    """Share of looks where the script has nobody: near 0, or the clocks do not agree."""
    at = [(look.at - live.began) % live.seconds for look in looks]
    lost = sum(whose(scene, people, *one) is None for one in zip(at, looks, strict=True))
    return lost / len(looks) if looks else 0.0


def whose(scene: Scene, people: Sequence[Crossing], at: float, look: Look) -> int | None:
    """Whose face lies nearest to where one was seen, if anybody's is near enough."""
    found: tuple[float, int] | None = None
    for number, one in enumerate(people):
        place = place_of(one, scene, at) if one.start <= at <= one.end else None
        if place is not None:
            away = hypot(look.x * scene.width - place[0], look.y * scene.lines - place[1])
            if away <= NEAR * one.eyes[1] and (found is None or away < found[0]):
                found = away, number
    return None if found is None else found[1]


def independent(moments: Sequence[float]) -> int:
    """How many of them, in order, lie as far apart as shots that count as independent."""
    count, last = 0, float("-inf")
    for at in moments:
        if at - last >= EVIDENCE_APART - 1e-6:
            count, last = count + 1, at
    return count
