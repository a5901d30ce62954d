"""What is kept of a listed person's image, and where the face lies in what is kept.

The file as it came, if it is small and shows nobody else. Otherwise a cut around the face, with
every other face in it blacked out: a list holds pictures of the people on it and of nobody
else. The template is made from what is kept, so that it can be made again, exactly.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from overt.errors import Fault
from overt.faces.chosen_face import ChosenFace
from overt.frames.stills import read_still
from overt.units import Float32, UInt8

SMALL: Final = 1_000_000
"""Bytes. Ten thousand such files fill 10 GB; a phone's own would fill 60."""
MARGIN: Final = 1.0
"""Of the face's box, on each side: hair, ears and shoulders help whoever compares."""
LONGEST_SIDE: Final = 1024
JPEG_QUALITY: Final = 95


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceImage:
    contents: bytes
    """An image file."""
    pixels: UInt8
    """What the file decodes to."""
    box: Float32
    """(4,) x1 y1 x2 y2 of the face in these pixels."""
    landmarks: Float32
    """(5, 2) in these pixels."""


def reference_image(contents: bytes, pixels: UInt8, chosen: ChosenFace) -> ReferenceImage:
    face = chosen.face
    if len(contents) <= SMALL and not chosen.others:
        return ReferenceImage(contents, pixels, face.box, face.landmarks)
    left, top, right, bottom = _around(face.box, pixels)
    cut = _alone(pixels, chosen)[top:bottom, left:right]
    scale = min(1.0, LONGEST_SIDE / max(cut.shape[:2]))
    kept = _as_jpeg(_scaled(cut, scale))
    corner = np.array([left, top], np.float32)
    return ReferenceImage(
        contents=kept,
        pixels=read_still(kept),
        box=(face.box - np.tile(corner, 2)) * np.float32(scale),
        landmarks=(face.landmarks - corner) * np.float32(scale),
    )


def _around(box: Float32, pixels: UInt8) -> tuple[int, int, int, int]:
    """The face with its margin, inside the image."""
    height, width = pixels.shape[:2]
    x1, y1, x2, y2 = (float(v) for v in box)
    across, down = (x2 - x1) * MARGIN, (y2 - y1) * MARGIN
    return (
        int(max(x1 - across, 0)),
        int(max(y1 - down, 0)),
        int(min(np.ceil(x2 + across), width)),
        int(min(np.ceil(y2 + down), height)),
    )


def _alone(pixels: UInt8, chosen: ChosenFace) -> UInt8:
    """The image with every other face black, where it does not cover the one that is meant."""
    alone = pixels.copy()
    for other in chosen.others:
        alone[_rows_and_columns(other.box)] = 0
    own = _rows_and_columns(chosen.face.box)
    alone[own] = pixels[own]
    return alone


def _rows_and_columns(box: Float32) -> tuple[slice, slice]:
    x1, y1, x2, y2 = (max(int(v), 0) for v in box)
    return slice(y1, y2 + 1), slice(x1, x2 + 1)


def _scaled(cut: UInt8, scale: float) -> UInt8:
    if scale == 1:
        return cut
    size = (max(round(cut.shape[1] * scale), 1), max(round(cut.shape[0] * scale), 1))
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.uint8)


def _as_jpeg(cut: UInt8) -> bytes:
    done, encoded = cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise Fault("an image could not be written as JPEG")
    return encoded.tobytes()
