"""Stand-ins for networks that obey the same contract (tests/contract) and need no files.

`FakeDetector` finds what its script says, one entry for each picture. `FakeEncoder` makes a
template of an aligned face's coarse colours, so that two paintings differ and one resembles itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from overt.faces.faces import NO_FACES, Faces
from overt.frames.frame import Part, Picture
from overt.identifiers import ModelId
from overt.templates.align import Alignment, align_into
from overt.templates.load import Networks
from overt.templates.unit_length import to_unit_length
from overt.units import Float32, UInt8

FAKE_MODEL = ModelId("fake@sha256:" + "0" * 64 + "/f32")

FRONTAL = np.array([[-0.5, 0.0], [0.5, 0.0], [0.0, 0.5], [-0.4, 1.0], [0.4, 1.0]], np.float32)
"""Five points of a frontal face about the middle of its eyes, in eye distances."""


def face_at(x: float, y: float, *, eye_distance: float = 40.0, score: float = 0.9) -> Faces:
    """One frontal, upright face whose eyes' middle is at (x, y)."""
    landmarks = FRONTAL * eye_distance + np.array([x, y], np.float32)
    box = np.array([x - 1.1, y - 1.2, x + 1.1, y + 1.8]) - np.array([x, y, x, y])
    corners = box * eye_distance + np.array([x, y, x, y])
    return Faces(
        corners[None].astype(np.float32),
        landmarks[None].astype(np.float32),
        np.array([score], np.float32),
    )


def together(*faces: Faces) -> Faces:
    """Several finds in one picture."""
    if not faces:
        return NO_FACES
    return Faces(
        np.concatenate([each.boxes for each in faces]),
        np.concatenate([each.landmarks for each in faces]),
        np.concatenate([each.scores for each in faces]),
    )


@dataclass(slots=True)
class PaintedPicture:
    """The port Picture over an array."""

    pixels: UInt8

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    def bgr(self) -> UInt8:
        return self.pixels

    def around(self, box: Float32) -> Part:
        """A part that is no larger than it must be: whoever forgets the corner is found out."""
        x1, y1, x2, y2 = box.tolist()
        reach = max(x2 - x1, y2 - y1)
        left, top = (max(0, int(middle - reach)) for middle in ((x1 + x2) / 2, (y1 + y2) / 2))
        right, bottom = (int(middle + reach) + 1 for middle in ((x1 + x2) / 2, (y1 + y2) / 2))
        return Part(self.pixels[top:bottom, left:right], left, top)

    def scaled_bgr(self, width: int, height: int) -> UInt8:
        if (width, height) == (self.width, self.height):
            return self.pixels
        scaled = cv2.resize(self.pixels, (width, height), interpolation=cv2.INTER_AREA)
        return np.asarray(scaled, np.uint8)

    def forget(self) -> None:
        self.pixels.fill(0)


@dataclass(slots=True)
class FakeDetector:
    script: Sequence[Faces] = ()
    at: int = 0
    scrubbed: int = 0

    def find(self, picture: Picture) -> Faces:
        assert picture.width > 0
        assert picture.height > 0
        found = self.script[self.at] if self.at < len(self.script) else NO_FACES
        self.at += 1
        return found

    def scrub(self) -> None:
        self.scrubbed += 1


def _fake_alignment() -> Alignment:
    points = np.array([[10, 12], [22, 12], [16, 18], [11.2, 24], [20.8, 24]], np.float32)
    return Alignment(points, np.full(5, 0.2, np.float32))


@dataclass(slots=True)
class FakeEncoder:
    model: ModelId = FAKE_MODEL
    dimension: int = 192
    chip_size: tuple[int, int] = (32, 32)
    scrubbed: int = 0
    _alignment: Alignment = field(default_factory=_fake_alignment)

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        align_into(image, landmarks, self._alignment, out)

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        for chip, row in zip(chips, out, strict=True):
            coarse = cv2.resize(chip, (8, 8), interpolation=cv2.INTER_AREA)
            row[:] = coarse.reshape(-1).astype(np.float32) - 127.5
        to_unit_length(out, out)

    def scrub(self) -> None:
        self.scrubbed += 1


def fake_networks(script: Sequence[Faces] = ()) -> Networks:
    encoder = FakeEncoder()
    return Networks(
        detector=FakeDetector(script),
        encoder=encoder,
        model=encoder.model,
        engine="a fake, for tests",
        precision="f32",
    )
