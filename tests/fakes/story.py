"""Stories about people who walk past a camera, told frame by frame.

`story().sees("A", at=0.0)` shows A where A's path is at that time; `tells()` gives what the
tracks made of it, with the people's names in place of track numbers.
"""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from overt.faces.faces import Faces
from overt.identifiers import TrackId
from overt.tracks.follow import TrackBook, TrackRules, follow
from overt.tracks.track import EndedTrack
from overt.units import Seconds

FACE_BOX_PER_EYE_DISTANCE = 2.2
"""As wide as YuNet's boxes are."""


@dataclass(frozen=True)
class Started:
    name: str


@dataclass(frozen=True)
class Ended:
    name: str
    seen: int


@dataclass(frozen=True)
class Switched:
    """A track went on with another person's face: what must not happen."""

    before: str
    after: str


News = Started | Ended | Switched


@dataclass(frozen=True)
class Path:
    """Where a face is: at time 0, and how that changes a second."""

    x: float = 400.0
    y: float = 300.0
    size: float = 60.0
    vx: float = 0.0
    vy: float = 0.0
    growth: float = 0.0

    def box(self, at: float) -> tuple[float, float, float, float]:
        half = (self.size + self.growth * at) / 2
        x, y = self.x + self.vx * at, self.y + self.vy * at
        return x - half, y - half, x + half, y + half


@dataclass(frozen=True)
class _Look:
    names: tuple[str, ...]
    at: float
    dim: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


@dataclass
class Story:
    rules: TrackRules
    jitter: float = 0.0
    """Standard deviation of every box, in face sizes."""
    seed: int = 1
    paths: dict[str, Path] = field(default_factory=dict)
    looks: list[_Look] = field(default_factory=list)

    def walks(self, name: str, path: Path) -> Self:
        self.paths[name] = path
        return self

    def sees(self, *names: str, at: float) -> Self:
        """Show these people clearly, in this order of rows."""
        self.looks.append(_Look(names, at))
        return self

    def sees_dimly(self, *names: str, at: float) -> Self:
        """Show these people with a low score of the detector."""
        self.looks.append(_Look(names, at, dim=frozenset(names)))
        return self

    def sees_outside(self, *names: str, at: float) -> Self:
        """Show these people outside the zone."""
        self.looks.append(_Look(names, at, outside=frozenset(names)))
        return self

    def faces(self, look: _Look, rng: np.random.Generator) -> Faces:
        """Draw the faces; unnamed paths stand apart by the letter of the name."""
        boxes = np.array(
            [
                self.paths.get(name, Path(x=200.0 * (ord(name[0]) - 64))).box(look.at)
                for name in look.names
            ],
            np.float64,
        ).reshape(-1, 4)
        sizes = boxes[:, 2:3] - boxes[:, 0:1]
        boxes = boxes + self.jitter * sizes * rng.standard_normal(boxes.shape)
        return faces_at(boxes, [0.3 if name in look.dim else 0.9 for name in look.names])

    def tells(self) -> list[News]:
        return self.play()[0]

    def ended(self) -> list[EndedTrack]:
        return self.play()[1]

    def play(self) -> tuple[list[News], list[EndedTrack], TrackBook]:
        rng = np.random.default_rng(self.seed)
        book = TrackBook(rules=self.rules)
        news: list[News] = []
        gone: list[EndedTrack] = []
        owner: dict[TrackId, str] = {}
        for look in self.looks:
            book, following = follow(
                book,
                self.faces(look, rng),
                Seconds(look.at),
                in_zone=np.array([name not in look.outside for name in look.names], np.bool_),
            )
            news += [Ended(owner[e.id], e.looks.count) for e in following.ended]
            gone += following.ended
            for name, track in sorted(zip(look.names, following.tracks, strict=True)):
                if track is None:
                    continue
                if track in following.started:
                    news.append(Started(name))
                elif owner[track] != name:
                    news.append(Switched(owner[track], name))
                owner[track] = name
        return news, gone, book


def story(patience: Seconds | None = None, jitter: float = 0.0, seed: int = 1) -> Story:
    rules = TrackRules() if patience is None else replace(TrackRules(), patience=patience)
    return Story(rules=rules, jitter=jitter, seed=seed)


def faces_at(boxes: np.ndarray, scores: list[float]) -> Faces:
    """Put five plausible landmarks into each of the (n, 4) boxes."""
    corner, size = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None, :]
    places = np.array([(0.27, 0.4), (0.73, 0.4), (0.5, 0.6), (0.32, 0.78), (0.68, 0.78)])
    return Faces(
        boxes.astype(np.float32),
        (corner + size * places).astype(np.float32),
        np.array(scores, np.float32),
    )
