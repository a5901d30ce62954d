"""Hide faces so that nobody can bring them back (R44): coarse squares of one mean colour each.

Blurring can be undone in part; a square keeps one colour of thousands of pixels. Whoever is
hidden is hidden with hair and chin, and there is no way to show them again.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from overt.units import Float32, UInt8

ENLARGED: Final = 1.7
"""A detector's box ends at the forehead and the chin; hair and ears go on beyond it."""
SQUARES_ACROSS: Final = 5
"""Squares across the detected width of a face; from six on, the networks begin to resemble."""
SMALLEST_SQUARE: Final = 6


def pixelate(image: UInt8, boxes: Float32) -> UInt8:
    """Return a copy of the (h, w, 3) image in which the (n, 4) boxes x1 y1 x2 y2 are hidden."""
    return _with_squares(image, boxes, None)


def redact_all_but(image: UInt8, hide: Float32, show: Float32) -> UInt8:
    """Return a copy with the (n, 4) boxes hidden; the (4,) box of the alerted face is left.

    Where the enlarged surroundings of a hidden face reach into the shown one, the shown one
    wins; where two faces themselves overlap, the hidden one does.
    """
    return _with_squares(image, hide, show)


def _with_squares(image: UInt8, hide: Float32, show: Float32 | None) -> UInt8:
    out = image.copy()
    detected = [_clipped(box, image) for box in hide.tolist()]
    shown = _clipped(show.tolist(), image) if show is not None else None
    for box, wide in zip(hide, _enlarged(hide).tolist(), strict=True):
        area = _clipped(wide, image)
        if not area.holds_anything:
            continue
        square = max(SMALLEST_SQUARE, int(np.ceil((box[2] - box[0]) / SQUARES_ACROSS)))
        hidden = _squares(image[area.slices], square)
        if shown is None or not area.meets(shown):
            out[area.slices] = hidden
            continue
        covers = np.ones(hidden.shape[:2], np.bool_)
        _fill(covers, shown, area, covered=False)
        for face in detected:
            _fill(covers, face, area, covered=True)
        np.copyto(out[area.slices], hidden, where=covers[..., None])
    return out


def _squares(part: UInt8, square: int) -> UInt8:
    """Fill a grid of squares, none smaller than this many pixels, each with its mean colour."""
    height, width = part.shape[:2]
    across, down = max(1, width // square), max(1, height // square)
    means = cv2.resize(part, (across, down), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


class Area(NamedTuple):
    """In whole pixels, within the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def holds_anything(self) -> bool:
        return self.left < self.right and self.top < self.bottom

    def meets(self, other: "Area") -> bool:
        across = max(self.left, other.left) < min(self.right, other.right)
        return across and max(self.top, other.top) < min(self.bottom, other.bottom)


def _fill(covers: npt.NDArray[np.bool_], box: Area, at: Area, *, covered: bool) -> None:
    covers[
        max(box.top - at.top, 0) : max(box.bottom - at.top, 0),
        max(box.left - at.left, 0) : max(box.right - at.left, 0),
    ] = covered


def _enlarged(boxes: Float32) -> Float32:
    centres, halves = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    return np.concatenate([centres - halves * ENLARGED, centres + halves * ENLARGED], axis=1)


def _clipped(box: Sequence[float], image: UInt8) -> Area:
    height, width = image.shape[:2]
    x1, y1, x2, y2 = box
    return Area(
        min(max(floor(x1), 0), width),
        min(max(floor(y1), 0), height),
        min(max(ceil(x2), 0), width),
        min(max(ceil(y2), 0), height),
    )
