"""Part of a decoded frame as BGR, straight from the codec's planes.

Converting a whole frame to cut a face from it costs as much as finding all faces in it. Only the
commonest layout is read here, planar 4:2:0 of eight bits tagged BT.601, BT.709 or not at all
(which counts as BT.601); whoever has another one converts the whole frame.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import av
import cv2
import numpy as np

from overt.units import Float32, UInt8

FULL_RANGE: Final = 2
"""FFmpeg's AVCOL_RANGE_JPEG."""
BT601: Final = (0.299, 0.114)
WEIGHTS: Final = {1: (0.2126, 0.0722), 2: BT601, 5: BT601, 6: BT601}
"""What red and blue weigh in grey, by FFmpeg's number of the colour space."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In pixels; left and top are even."""

    left: int
    top: int
    right: int
    bottom: int


def readable(frame: av.VideoFrame) -> bool:
    return frame.format.name in {"yuv420p", "yuvj420p"} and int(frame.colorspace) in WEIGHTS


def bgr_of(frame: av.VideoFrame, part: Rectangle) -> UInt8:
    """(height, width, 3) uint8 BGR of this part of a readable frame; no other copy stays."""
    grey, blue, red = (_plane(plane) for plane in frame.planes)
    rows = slice(part.top // 2, (part.bottom + 1) // 2)
    columns = slice(part.left // 2, (part.right + 1) // 2)
    bright, colours = (
        grey[part.top : part.bottom, part.left : part.right],
        (blue[rows, columns], red[rows, columns]),
    )
    usual = WEIGHTS[int(frame.colorspace)] == BT601 and not _is_full(frame)
    if usual and bright.shape == (2 * (rows.stop - rows.start), 2 * (columns.stop - columns.start)):
        return _usual(bright, colours)
    return _mixed(bright, colours, _to_bgr(int(frame.colorspace), full=_is_full(frame)))


def _usual(bright: UInt8, colours: tuple[UInt8, UInt8]) -> UInt8:
    """Even sides, BT.601, limited range: OpenCV converts these in whole numbers, at once."""
    height, width = bright.shape
    packed = np.empty((height * 3 // 2, width), np.uint8)
    packed[:height] = bright
    rest = packed[height:].reshape(-1)
    for number, colour in enumerate(colours):
        rest[number * colour.size :][: colour.size].reshape(colour.shape)[:] = colour
    mixed = np.empty((height, width, 3), np.uint8)
    cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420, dst=mixed)
    packed.fill(0)
    return mixed


def _mixed(bright: UInt8, colours: tuple[UInt8, UInt8], to_bgr: Float32) -> UInt8:
    height, width = bright.shape
    three = [bright]
    for colour in colours:
        double = (2 * colour.shape[1], 2 * colour.shape[0])
        large = cv2.resize(colour, double, interpolation=cv2.INTER_NEAREST)
        three.append(np.asarray(large, np.uint8)[:height, :width])
    mixed = np.empty((height, width, 3), np.uint8)
    cv2.merge(three, dst=mixed)
    cv2.transform(mixed, to_bgr, dst=mixed)
    for large in three[1:]:
        large.fill(0)
    return mixed


def _plane(plane: av.video.plane.VideoPlane) -> UInt8:
    # A plane is a buffer; the stubs do not say so.
    flat: UInt8 = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]
    return flat.reshape(-1, plane.line_size)[: plane.height, : plane.width]


def _is_full(frame: av.VideoFrame) -> bool:
    return frame.format.name == "yuvj420p" or int(frame.color_range) == FULL_RANGE


@cache
def _to_bgr(space: int, *, full: bool) -> Float32:
    """Return the (3, 4) matrix from grey, blue and red differences to blue, green and red."""
    red, blue = WEIGHTS[space]
    green = 1 - red - blue
    level, swing = (1.0, 1.0) if full else (255 / 219, 255 / 224)
    to_red, to_blue = 2 * (1 - red) * swing, 2 * (1 - blue) * swing
    rows = np.array([
        [level, to_blue, 0],
        [level, -to_blue * blue / green, -to_red * red / green],
        [level, 0, to_red],
    ])  # fmt: skip
    black = np.array([0 if full else 16, 128, 128])
    return np.column_stack([rows, -rows @ black]).astype(np.float32)
