"""Paint a busy place: so many faces in view at any time, each crossing a gap between two pillars.

Whoever disappears behind one pillar is followed by somebody else from behind the other, so that
the number in view stays the same and nobody appears where another has just gone. Heads are cut
from stills, as in `benchmarks.compose`, with blur, swings of light, turning and noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from benchmarks.compose import Passage as Appearance
from benchmarks.compose import Portrait, Street, Walker, backdrop, placed, walker

from overt.units import UInt8

SHAPES: Final = {0: (1, 1), 1: (1, 1), 5: (5, 1), 20: (5, 4), 25: (5, 5)}
"""Rows and gaps a row for each number of faces in view."""
PILLAR: Final = 1.7
"""How wide a pillar is, in the largest distance between the eyes: as wide as a head."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen, for how long; everything else follows from the seed."""

    lines: int
    faces: int
    seconds: float
    seconds_a_passage: float
    listed_each: int
    """One passage in so many is somebody's on the list."""
    seed: int
    rate: int = 25
    eyes: tuple[float, float] = (26.0, 40.0)
    """Pixels between the eyes at 1080 lines: faces of 60 to 90 pixels."""
    hardness: float = 0.6
    grain: float = 4.0

    @property
    def width(self) -> int:
        return self.lines * 16 // 9

    @property
    def scale(self) -> float:
        return self.lines / 1080


@dataclass(frozen=True, slots=True)
class Crossing:
    """One person from behind one pillar to behind the next."""

    portrait: Portrait
    subject_id: str | None
    row: int
    gap: int
    start: float
    """When their middle comes out, and when it disappears."""
    end: float
    to_the_right: bool
    eyes: tuple[float, float]
    """Pixels between the eyes at the start and at the end."""
    seed: int


def crossings(
    scene: Scene, listed: Sequence[Portrait], others: Sequence[Portrait]
) -> list[Crossing]:
    """Let people cross every gap one after the other, from before the clip until after it."""
    if not scene.faces:
        return []
    rows, gaps = SHAPES[scene.faces]
    rng = np.random.default_rng(scene.seed)
    turns = {(row, gap): bool(rng.integers(2)) for row in range(rows) for gap in range(gaps)}
    places = [
        (start, *place)
        for number, place in enumerate(turns)
        for start in _starts(scene, share=number / len(turns))
    ]
    # One in so many, evenly over time, and from another place each time.
    known, unknown = _drawn(listed, rng), _drawn(others, rng)
    people, whole = [], 0
    for start, row, gap in sorted(places):
        end = start + scene.seconds_a_passage
        # Whoever the clip cuts short is nobody's on the list.
        is_whole = start >= 0 and end <= scene.seconds
        whole += is_whole
        is_listed = is_whole and whole % scene.listed_each == scene.listed_each // 2
        portrait = next(known if is_listed else unknown)
        near = rng.uniform(*scene.eyes, 2) * scene.scale
        people.append(
            Crossing(
                portrait, portrait.subject_id if is_listed else None, row, gap, start, end,
                turns[row, gap], (float(near.min()), float(near.max())), int(rng.integers(2**31)),
            )
        )  # fmt: skip
    return people


def _starts(scene: Scene, *, share: float) -> list[float]:
    """Each place changes its person at another moment, and has one when the clip begins."""
    first, each = (share - 1) * scene.seconds_a_passage, scene.seconds_a_passage
    return [first + number * each for number in range(int((scene.seconds - first) / each) + 1)]


def _drawn(people: Sequence[Portrait], rng: np.random.Generator) -> Iterator[Portrait]:
    """Everybody once in a drawn order, then again in another."""
    while True:
        yield from (people[k] for k in rng.permutation(len(people)))


def place_of(one: Crossing, scene: Scene, at: float) -> tuple[float, float] | None:
    """Where the middle of their eyes is, in pixels: from the middle of one pillar to the next's."""
    rows, gaps = SHAPES[scene.faces]
    pitch, pillar = scene.width / gaps, PILLAR * scene.eyes[1] * scene.scale
    share = (at - one.start) / (one.end - one.start)
    way = pillar / 2 + share * (pitch - pillar)
    if not 0 <= way <= pitch:
        return None
    x = pitch * one.gap + (way if one.to_the_right else pitch - way)
    sway = 3 * scene.scale * np.sin(2 * np.pi * 1.9 * at + one.seed % 7)
    return x, float(scene.lines * (one.row + 0.36) / rows + sway)


@dataclass(frozen=True, slots=True)
class Figure:
    """A crossing, ready to be painted."""

    crossing: Crossing
    scene: Scene
    walker: Walker

    def paint(self, canvas: UInt8, at: float) -> None:
        one, scene = self.crossing, self.scene
        place = place_of(one, scene, at)
        if place is None:
            return
        x, y = place
        rows, share = SHAPES[scene.faces][0], (at - one.start) / (one.end - one.start)
        distance = one.eyes[0] + (one.eyes[1] - one.eyes[0]) * min(max(share, 0.0), 1.0)
        traits = self.walker.traits
        roll = np.radians(traits["roll"] * np.sin(2 * np.pi * traits["sway"] * at))
        below = min(scene.lines, int(scene.lines * (one.row + 1.02) / rows))
        self.walker.paint_body(canvas[:below], x, y, distance)
        matrix = placed(self.walker.eyes, (x, y), distance, roll, traits["narrow"])
        self.walker.paint_head(canvas, matrix, distance, at)


def pictures(scene: Scene, people: Sequence[Crossing]) -> Iterator[UInt8]:
    """Paint frame after frame."""
    rng = np.random.default_rng(scene.seed)
    street = Street(width=scene.width, height=scene.lines, hardness=scene.hardness)
    empty = backdrop(street, scene.seed)
    front = _pillars(scene)
    size = (scene.lines, scene.width, 1)
    noise = [
        np.repeat(rng.normal(0, scene.grain, size), 3, axis=2).astype(np.int16) for _ in range(7)
    ]
    # Whoever stands lower is nearer, and painted later.
    order = sorted(people, key=lambda one: (one.row, one.start))
    figures: dict[int, Figure] = {}
    for number in range(round(scene.seconds * scene.rate)):
        at = number / scene.rate
        near = [k for k, one in enumerate(order) if one.start - 1.0 <= at <= one.end + 1.0]
        figures = {k: figures.get(k) or _figure(order[k], scene, street) for k in near}
        canvas = empty.copy()
        for figure in figures.values():
            figure.paint(canvas, at)
        for left, right in front:
            canvas[:, left:right] = empty[:, left:right] // 2 + 40
        yield np.asarray(cv2.add(canvas, noise[number % 7], dtype=cv2.CV_8U), np.uint8)


def _pillars(scene: Scene) -> list[tuple[int, int]]:
    if not scene.faces:
        return []
    gaps, half = SHAPES[scene.faces][1], PILLAR * scene.eyes[1] * scene.scale / 2
    middles = [scene.width * number / gaps for number in range(gaps + 1)]
    return [(max(0, round(m - half)), min(scene.width, round(m + half))) for m in middles]


def _figure(crossing: Crossing, scene: Scene, street: Street) -> Figure:
    appearance = Appearance(
        crossing.portrait, crossing.subject_id, crossing.start, 0.0, crossing.seed
    )
    return Figure(crossing, scene, walker(appearance, street))
