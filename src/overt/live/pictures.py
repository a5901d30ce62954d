"""The two pictures of an alert: the face, and the scene with everybody else hidden (R40, R44).

They are redacted while the frame is there, and coded as JPEG when there is time for it.
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from overt.alerts.evidence import Evidence, SceneBox
from overt.errors import Fault
from overt.faces.faces import TWICE
from overt.faces.redaction import redact_all_but
from overt.frames.frame import Part, Picture
from overt.units import Float32, UInt8

AROUND: Final = 0.5
"""How much of the face's own size is shown around it: as much as is converted around a face."""
WIDEST: Final = 1280
"""Pixels of the scene. It shows where and among whom; the face is shown at its full size."""
JPEG_QUALITY: Final = 88


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What an alert shows, redacted and not yet coded: nobody else's face is in it."""

    probe: UInt8 = field(repr=False)
    scene: UInt8 = field(repr=False)
    box: SceneBox

    def coded(self) -> Evidence:
        """Code both as JPEG, once; the pixels are overwritten."""
        return Evidence(probe=_jpeg(self.probe), scene=_jpeg(self.scene), box=self.box)


def shown_of(picture: Picture, shown: Float32, hidden: Float32) -> Shown:
    """Take what an alert on the (4,) shown box of a picture shows.

    The (n, 4) hidden boxes are pixelated first, so that the crop cannot show them either.
    """
    return Shown(
        probe=_probe(picture.around(shown), shown, hidden),
        scene=_scene(picture, shown, hidden),
        box=_share(shown, picture.width, picture.height),
    )


def _probe(part: Part, shown: Float32, hidden: Float32) -> UInt8:
    corner = part.corner[TWICE]
    here = shown - corner
    height, width = part.pixels.shape[:2]
    left, top, right, bottom = _within(_enlarged(here), width, height)
    redacted = redact_all_but(part.pixels, hidden - corner, here)
    cropped = redacted[top:bottom, left:right].copy()
    redacted.fill(0)
    return cropped


def _scene(picture: Picture, shown: Float32, hidden: Float32) -> UInt8:
    width = min(picture.width, WIDEST)
    height = max(1, round(picture.height * width / picture.width))
    scale = np.tile(np.array([width / picture.width, height / picture.height], np.float32), 2)
    return redact_all_but(picture.scaled_bgr(width, height), hidden * scale, shown * scale)


def _enlarged(box: Float32) -> Float32:
    margin = (box[2:] - box[:2]) * AROUND
    return np.concatenate([box[:2] - margin, box[2:] + margin])


def _within(box: Float32, width: int, height: int) -> tuple[int, int, int, int]:
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    left, top = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    return left, top, min(max(x2, left + 1), width), min(max(y2, top + 1), height)


def _share(box: Float32, width: int, height: int) -> SceneBox:
    left, top, right, bottom = _within(box, width, height)
    return SceneBox(left / width, top / height, right / width, bottom / height)


def _jpeg(image: UInt8) -> bytes:
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    image.fill(0)
    if not done:
        raise Fault("a picture of an alert could not be coded as JPEG")
    return bytes(coded)
