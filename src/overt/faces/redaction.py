"""Hide faces so that nobody can bring them back (R44): coarse squares of one mean colour each.

Blurring can be undone in part; a square keeps one colour of thousands of pixels. Whoever is
hidden is hidden with hair and chin, and there is no way to show them again.
"""

from typing import Final

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
    for box in hide:
        left, top, right, bottom = _clipped(_enlarged(box), image)
        if right <= left or bottom <= top:
            continue
        square = max(SMALLEST_SQUARE, int(np.ceil((box[2] - box[0]) / SQUARES_ACROSS)))
        hidden = _squares(image[top:bottom, left:right], square)
        covers = np.ones(hidden.shape[:2], np.bool_)
        if show is not None:
            _uncover(covers, show, hide, image, (left, top))
        np.copyto(out[top:bottom, left:right], hidden, where=covers[..., None])
    return out


def _squares(part: UInt8, square: int) -> UInt8:
    """Fill each square of the grid with its mean colour."""
    down = np.arange(0, part.shape[0], square)
    across = np.arange(0, part.shape[1], square)
    sums = np.add.reduceat(np.add.reduceat(part.astype(np.float64), down, axis=0), across, axis=1)
    heights = np.diff(down, append=part.shape[0])
    widths = np.diff(across, append=part.shape[1])
    means = np.rint(sums / np.outer(heights, widths)[..., None]).astype(np.uint8)
    return np.repeat(np.repeat(means, heights, axis=0), widths, axis=1)


def _uncover(
    covers: npt.NDArray[np.bool_], show: Float32, hide: Float32, image: UInt8, at: tuple[int, int]
) -> None:
    _fill(covers, _clipped(show, image), at, covered=False)
    for face in hide:
        _fill(covers, _clipped(face, image), at, covered=True)


def _fill(
    covers: npt.NDArray[np.bool_],
    box: tuple[int, int, int, int],
    at: tuple[int, int],
    *,
    covered: bool,
) -> None:
    left, top, right, bottom = box
    covers[
        max(top - at[1], 0) : max(bottom - at[1], 0), max(left - at[0], 0) : max(right - at[0], 0)
    ] = covered


def _enlarged(box: Float32) -> Float32:
    centre, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * ENLARGED
    return np.concatenate([centre - half, centre + half])


def _clipped(box: Float32, image: UInt8) -> tuple[int, int, int, int]:
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (float(edge) for edge in box)
    return (
        int(np.clip(np.floor(x1), 0, width)),
        int(np.clip(np.floor(y1), 0, height)),
        int(np.clip(np.ceil(x2), 0, width)),
        int(np.clip(np.ceil(y2), 0, height)),
    )
