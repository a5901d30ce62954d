"""The list's image as an alert shows it: the listed face with its surroundings, nobody else.

Cut from the sealed file when the alert is raised, because the list may be gone before the alert.
"""

from typing import Final

import cv2
import numpy as np

from overt.errors import Fault
from overt.frames.stills import read_still
from overt.units import UInt8

AROUND: Final = 0.9
"""Of the face's size, kept on each side: hair, ears and shoulders help a person compare."""
TALLEST: Final = 560
"""Pixels: what a page can show."""
QUALITY: Final = 90


def portrait(file: bytes, box: tuple[float, float, float, float]) -> bytes:
    """Cut the face at x1 y1 x2 y2 out of the upright image, as a JPEG without metadata."""
    image = read_still(file, name="the image on the list")
    return as_jpeg(_no_taller(image[_around(box, image.shape[1], image.shape[0])]))


def as_jpeg(image: UInt8) -> bytes:
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise Fault("the image on the list cannot be encoded")
    return encoded.tobytes()


def _around(box: tuple[float, float, float, float], width: int, height: int) -> tuple[slice, slice]:
    x1, y1, x2, y2 = box
    margin = AROUND * max(x2 - x1, y2 - y1)
    rows = slice(max(0, int(y1 - margin)), min(height, int(y2 + margin) + 1))
    columns = slice(max(0, int(x1 - margin)), min(width, int(x2 + margin) + 1))
    return rows, columns


def _no_taller(image: UInt8) -> UInt8:
    height, width = image.shape[:2]
    scale = TALLEST / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
