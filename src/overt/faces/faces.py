"""Faces found in one picture, as aligned arrays: row i of every array describes face i."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from typing import Protocol

import numpy as np
import numpy.typing as npt

from overt.frames.frame import Picture
from overt.units import Float32


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """Row i of every array describes face i, in pixels of the full picture."""

    boxes: Float32
    """(n, 4): x1 y1 x2 y2."""
    landmarks: Float32
    """(n, 5, 2): eye, eye, nose, mouth corner, mouth corner, left to right in the image."""
    scores: Float32
    """(n,): the detector's own confidence, 0 to 1."""

    def __post_init__(self) -> None:
        n = len(self.boxes)
        if (
            self.boxes.shape != (n, 4)
            or self.landmarks.shape != (n, 5, 2)
            or self.scores.shape != (n,)
        ):
            raise ValueError(
                f"faces do not line up: boxes {self.boxes.shape}, "
                f"landmarks {self.landmarks.shape}, scores {self.scores.shape}"
            )
        for array in (self.boxes, self.landmarks, self.scores):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def eye_distances(self) -> npt.NDArray[np.float64]:
        """(n,): pixels between the eye centres in the full picture."""
        across = self.landmarks[:, 1].astype(np.float64) - self.landmarks[:, 0]
        return np.asarray(np.hypot(across[:, 0], across[:, 1]))

    def __getitem__(self, row: int) -> "Face":
        return Face(self.boxes[row], self.landmarks[row], float(self.scores[row]))

    def __iter__(self) -> Iterator["Face"]:
        for box, points, score in zip(self.boxes, self.landmarks, self.scores, strict=True):
            yield Face(box, points, float(score))


TWICE = np.array([0, 1, 0, 1])
NO_FACES = Faces(
    np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.zeros(0, np.float32)
)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One row of Faces."""

    box: Float32
    """(4,): x1 y1 x2 y2."""
    landmarks: Float32
    """(5, 2)."""
    score: float

    @property
    def eye_distance(self) -> float:
        """Pixels between the eye centres in the full picture."""
        (x1, y1), (x2, y2) = self.landmarks[:2].tolist()
        return hypot(x2 - x1, y2 - y1)

    def seen_from(self, corner: Float32) -> "Face":
        """Tell it in pixels of a part whose first pixel is (x, y) of the picture."""
        return Face(self.box - corner[TWICE], self.landmarks - corner, self.score)

    @property
    def centre(self) -> tuple[float, float]:
        x1, y1, x2, y2 = self.box.tolist()
        return (x1 + x2) / 2, (y1 + y2) / 2


class Detector(Protocol):
    """Finds faces at its own working size and tells where they are in the full picture."""

    def find(self, picture: Picture) -> Faces: ...

    def scrub(self) -> None:
        """Overwrite the network's input and output buffers."""
        ...
