"""The two pictures of an alert: the face, and the scene with everybody else hidden (R40, R44)."""

from typing import Final

import cv2
import numpy as np

from overt.alerts.evidence import Evidence, SceneBox
from overt.errors import Fault
from overt.faces.redaction import redact_all_but
from overt.units import Float32, UInt8

AROUND: Final = 0.6
"""How much of the face's own size is shown around it."""
JPEG_QUALITY: Final = 88


def evidence_of(image: UInt8, shown: Float32, hidden: Float32) -> Evidence:
    """Make the evidence of the (4,) shown box of a full-size (h, w, 3) BGR image.

    The (n, 4) hidden boxes are pixelated first, so that the crop cannot show them either.
    """
    scene = redact_all_but(image, hidden, shown)
    left, top, right, bottom = _within(_enlarged(shown), image)
    probe = scene[top:bottom, left:right]
    evidence = Evidence(probe=_jpeg(probe), scene=_jpeg(scene), box=_share(shown, image))
    scene.fill(0)
    return evidence


def _enlarged(box: Float32) -> Float32:
    margin = (box[2:] - box[:2]) * AROUND
    return np.concatenate([box[:2] - margin, box[2:] + margin])


def _within(box: Float32, image: UInt8) -> tuple[int, int, int, int]:
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    left, top = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    return left, top, min(max(x2, left + 1), width), min(max(y2, top + 1), height)


def _share(box: Float32, image: UInt8) -> SceneBox:
    height, width = image.shape[:2]
    left, top, right, bottom = _within(box, image)
    return SceneBox(left / width, top / height, right / width, bottom / height)


def _jpeg(image: UInt8) -> bytes:
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise Fault("a picture of an alert could not be coded as JPEG")
    return bytes(coded)
