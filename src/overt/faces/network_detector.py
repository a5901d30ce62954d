"""Detectors that run as a network: the picture goes in at its working size, boxes come out.

The heads of each kind are decoded by their own module; this one chooses the working size, keeps
the compiled networks and turns what they say into faces in pixels of the full picture.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import cv2
import numpy as np

from overt.faces.faces import NO_FACES, Face, Faces
from overt.faces.plausible import plausible
from overt.faces.working_size import WorkingSize, working_size_for
from overt.frames.frame import Picture
from overt.models.engines import FixedNetwork
from overt.models.manifest import DetectorFacts
from overt.units import Float32

SMALL: Final = 24.0
"""Working pixels between the eyes from which the first look is as good as a second (measured)."""
SURROUNDINGS: Final = 1.5
"""How much wider than the face's box a second look is."""
SAME_FACE: Final = 0.5
"""In eye distances: points whose middle moved further belong to another face."""

MOST_NETWORKS: Final = 4
"""Picture shapes for which a compiled network is kept; stills of many shapes replace the oldest."""


@dataclass(frozen=True, slots=True, eq=False)
class Finds:
    """What a decoder reads from a network's outputs, in working pixels, in no order."""

    boxes: Float32
    """(n, 4): x1 y1 x2 y2."""
    landmarks: Float32
    """(n, 5, 2)."""
    scores: Float32
    """(n,), 0 to 1, none below the floor."""


Decode = Callable[[FixedNetwork, float], Finds]
"""Reads the finds of at least the given score from a network that has run."""
Compile = Callable[[int, int], FixedNetwork]
"""Compiles the detector for a working picture of (height, width)."""


@dataclass(slots=True)
class NetworkDetector:
    """The port Detector, for any network with a decoder."""

    facts: DetectorFacts
    decode: Decode
    compile: Compile
    working_size: tuple[int, int] | None = None
    """(height, width), or None to follow each picture's shape."""
    second: FixedNetwork | None = None
    """For `look_closer`; compiled while loading, because it would hold up a live camera."""
    _networks: dict[tuple[int, int], FixedNetwork] = field(default_factory=dict)
    _busy: Lock = field(default_factory=Lock)
    """One thread finds, another scrubs."""
    _looks_closer: Lock = field(default_factory=Lock)
    """Several look closer."""

    def expect(self, width: int, height: int) -> None:
        """Be ready for pictures of this shape: the first one is not held up by compiling."""
        size = self._size(width, height)
        with self._busy:
            self._network(size.frame_height, size.frame_width).run()  # the first run is slow

    def find(self, picture: Picture) -> Faces:
        size = self._size(picture.width, picture.height)
        with self._busy:
            network = self._network(size.frame_height, size.frame_width)
            _show(network, picture, size)
            network.run()
            finds = self.decode(network, self.facts.score_floor)
        return _faces(finds, self.facts, size)

    def is_far(self, picture: Picture, face: Face) -> bool:
        """Whether the face is so small that a second look finds its points better."""
        width = self._size(picture.width, picture.height).to_picture[0]
        return self.second is not None and face.eye_distance / width < SMALL

    def look_closer(self, picture: Picture, face: Face) -> Face:
        """Find a small face's points anew in the full picture; box and score stay.

        Half-size pictures blur the points of far faces. Where the second look sees no face, or
        another one, the first stands.
        """
        if self.second is None or not self.is_far(picture, face):
            return face
        side = self.second.pixels.shape[1]
        part = picture.around(face.box)
        to_square = _square(face.seen_from(part.corner), side)
        with self._looks_closer:
            cv2.warpAffine(
                part.pixels, to_square, (side, side), dst=self.second.pixels[0],
                flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
            )  # fmt: skip
            self.second.run()
            finds = self.decode(self.second, self.facts.score_floor)
        points = (finds.landmarks - to_square[:, 2]) / to_square[0, 0] + part.corner
        return _same_face(face, points)

    def scrub(self) -> None:
        with self._busy:
            for network in self._networks.values():
                network.scrub()
        if self.second is not None:
            with self._looks_closer:
                self.second.scrub()

    def _size(self, width: int, height: int) -> WorkingSize:
        return working_size_for(
            width,
            height,
            long_side=self.facts.long_side,
            stride=self.facts.stride,
            fixed=self.working_size,
        )

    def _network(self, height: int, width: int) -> FixedNetwork:
        network = self._networks.pop((height, width), None)
        if network is None:
            while len(self._networks) >= MOST_NETWORKS:
                self._networks.pop(next(iter(self._networks))).scrub()
            network = self.compile(height, width)
        self._networks[height, width] = network
        return network


def _show(network: FixedNetwork, picture: Picture, size: WorkingSize) -> None:
    frame = network.pixels[0]
    frame[: size.height, : size.width] = picture.scaled_bgr(size.width, size.height)
    frame[size.height :] = 0
    frame[:, size.width :] = 0


def _square(face: Face, side: int) -> Float32:
    """Return the (2, 3) matrix that takes the face's surroundings to the square."""
    x1, y1, x2, y2 = face.box.tolist()
    scale = side / (SURROUNDINGS * max(x2 - x1, y2 - y1))
    x, y = face.centre
    return np.array(
        [[scale, 0, side / 2 - scale * x], [0, scale, side / 2 - scale * y]], np.float32
    )


def _same_face(face: Face, points: Float32) -> Face:
    """Take the points whose middle lies nearest, if they are near enough."""
    if not len(points):
        return face
    away = points.mean(axis=1) - face.landmarks.mean(axis=0)
    moved = np.hypot(away[:, 0], away[:, 1])
    nearest = int(moved.argmin())
    if moved[nearest] > SAME_FACE * face.eye_distance:
        return face
    return Face(face.box, np.ascontiguousarray(points[nearest], np.float32), face.score)


def _faces(finds: Finds, facts: DetectorFacts, size: WorkingSize) -> Faces:
    """Drop what is no face, keep the best of overlapping ones, return to full-picture pixels."""
    possible = np.flatnonzero(plausible(finds.boxes, finds.landmarks))
    if not len(possible):
        return NO_FACES
    boxes = finds.boxes[possible]
    scores = finds.scores[possible]
    corner_and_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxes(
        corner_and_size.astype(np.float64),  # type: ignore[arg-type]  # stub wants a sequence of rectangles
        scores,  # type: ignore[arg-type]  # likewise
        facts.score_floor,
        facts.overlap,
    )
    best = np.asarray(kept, np.intp).reshape(-1)[: facts.most_faces]  # best first
    scale = np.array(size.to_picture, np.float32)
    return Faces(
        boxes=boxes[best] * np.tile(scale, 2),
        landmarks=finds.landmarks[possible[best]] * scale,
        scores=scores[best],
    )
