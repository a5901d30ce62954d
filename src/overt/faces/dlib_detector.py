"""dlib's frontal face detector (HOG) with its five-point landmark model: the offline fallback.

dlib marks the four corners of the eyes and the base of the nose. The port wants eye centres, the
tip of the nose and mouth corners, so the centres are taken from the corners, and tip and mouth
are inferred along the face's own axes from a mean face. They serve pose and redaction; the
encoder's alignment gives the mouth no weight.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np

from overt.errors import Refused
from overt.faces.faces import NO_FACES, Faces
from overt.faces.plausible import plausible
from overt.faces.working_size import working_size_for
from overt.frames.frame import Picture
from overt.models.library import Pack
from overt.models.manifest import DetectorFacts
from overt.units import Float32, UInt8

TIP: Final = 0.63
"""How far from the eyes' midpoint to the base of the nose its tip lies, on a mean face."""
MOUTH_DOWN: Final = 1.28
"""How far the mouth lies on the same line."""
MOUTH_HALF: Final = 0.414
"""Half the mouth's width, in eye distances."""


@dataclass(slots=True)
class DlibDetector:
    """The port Detector, on dlib's own code."""

    facts: DetectorFacts
    working_size: tuple[int, int] | None
    _hog: Any
    _five_points: Any
    _busy: Lock = field(default_factory=Lock)
    """One thread finds, another scrubs."""

    def find(self, picture: Picture) -> Faces:
        size = working_size_for(
            picture.width,
            picture.height,
            long_side=self.facts.long_side,
            stride=self.facts.stride,
            fixed=self.working_size,
        )
        image = picture.scaled_bgr(size.width, size.height)
        rgb: UInt8 = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)  # type: ignore[assignment]  # uint8 stays uint8
        with self._busy:
            boxes, margins, _ = self._hog.run(rgb, 0, 0.0)
        corners = np.array([_points(self._five_points(rgb, box)) for box in boxes], np.float32)
        rgb.fill(0)
        if not len(boxes):
            return NO_FACES
        return _faces(boxes, margins, corners, np.array(size.to_picture, np.float32), self.facts)

    def scrub(self) -> None:
        """Overwrite dlib's temporary memory with a blank; it keeps no picture between calls."""
        with self._busy:
            self._hog.run(np.zeros((128, 128, 3), np.uint8), 0, 0.0)


def load_dlib_detector(
    pack: Pack, facts: DetectorFacts, *, working_size: tuple[int, int] | None
) -> DlibDetector:
    dlib = import_dlib()
    pack.read(facts.network)  # dlib reads only paths: check once more just before it does
    return DlibDetector(
        facts,
        working_size,
        dlib.get_frontal_face_detector(),
        dlib.shape_predictor(str(pack.files[facts.network])),
    )


def import_dlib() -> Any:
    """Import dlib, or Refused with how to get it."""
    try:
        import dlib
    except ImportError as error:
        raise Refused(f"the pack dlib needs dlib: pip install dlib-bin ({error})") from None
    return dlib


def _points(shape: Any) -> list[tuple[float, float]]:
    return [(point.x, point.y) for point in shape.parts()]


def _faces(
    boxes: Any, margins: Any, corners: Float32, scale: Float32, facts: DetectorFacts
) -> Faces:
    rectangles = np.array(
        [(box.left(), box.top(), box.right() + 1, box.bottom() + 1) for box in boxes], np.float32
    )
    # The detector's margin has no upper end; the logistic makes 0.5 of its own decision.
    scores = (1 / (1 + np.exp(-2 * np.array(margins)))).astype(np.float32)
    landmarks = five_points(corners)
    kept = np.flatnonzero((scores >= facts.score_floor) & plausible(rectangles, landmarks))
    best = kept[np.argsort(-scores[kept], kind="stable")][: facts.most_faces]
    return Faces(
        boxes=rectangles[best] * np.tile(scale, 2),
        landmarks=landmarks[best] * scale,
        scores=scores[best],
    )


def five_points(corners: Float32) -> Float32:
    """Eye centres, nose tip and mouth corners of dlib's (n, 5, 2) eye corners and nose base.

    dlib's order: outer and inner corner of the eye at the right of the image, outer and inner
    corner of the one at the left, base of the nose.
    """
    right = (corners[:, 0] + corners[:, 1]) / 2
    left = (corners[:, 2] + corners[:, 3]) / 2
    middle = (left + right) / 2
    down = corners[:, 4] - middle
    mouth = middle + MOUTH_DOWN * down
    half = MOUTH_HALF * (right - left)
    return np.stack([left, right, middle + TIP * down, mouth - half, mouth + half], axis=1)
