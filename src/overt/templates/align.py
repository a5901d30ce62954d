"""Put a face's five points where its network wants them: rotation, one scale, shift, no shear.

The least-squares similarity in closed form (Umeyama 1991, in the plane), with a weight for each
point. The aligned face is cut from the full-size frame into memory that the caller reuses.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from overt.errors import Fault
from overt.models.manifest import EncoderFacts
from overt.units import Float32, UInt8

SHRINK_FIRST: Final = 1.5
"""A face more than this much larger than its aligned copy is averaged down before it is warped:
sampling four pixels of many would alias."""


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Where the points must lie, in pixels of the aligned face, and how much each counts."""

    points: Float32
    """(5, 2)."""
    weights: Float32
    """(5,), summing to 1."""


def alignment_of(facts: EncoderFacts) -> Alignment:
    size = np.array([facts.width, facts.height], np.float32)
    weights = np.array(facts.alignment_weights, np.float32)
    return Alignment(np.array(facts.alignment, np.float32) * size, weights / weights.sum())


def similarity(landmarks: Float32, alignment: Alignment) -> Float32:
    """Return the (2, 3) matrix that takes pixels of the image to those of the aligned face."""
    weights = alignment.weights[:, None]
    source_mean = (landmarks * weights).sum(axis=0)
    target_mean = (alignment.points * weights).sum(axis=0)
    source = landmarks - source_mean
    target = (alignment.points - target_mean) * weights
    spread = float((source * source * weights).sum())
    if not np.isfinite(spread) or spread <= 0:
        raise Fault("the five points of a face coincide: the detector is not working")
    along = float((source * target).sum()) / spread
    across = float((source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum()) / spread
    turn = np.array([[along, -across], [across, along]], np.float32)
    shift = target_mean - turn @ source_mean
    return np.concatenate([turn, shift[:, None]], axis=1).astype(np.float32)


def align_into(image: UInt8, landmarks: Float32, alignment: Alignment, out: UInt8) -> None:
    """Warp the face into `out`; nothing else that holds it outlives the call."""
    matrix = similarity(landmarks, alignment)
    shrink = 1 / float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if shrink > SHRINK_FIRST:
        _warp_shrunk(image, matrix, shrink, out)
    else:
        _warp(image, matrix, out)


def _warp(image: UInt8, matrix: Float32, out: UInt8) -> None:
    height, width = out.shape[:2]
    if not out.flags.c_contiguous or out.dtype != np.uint8:
        raise Fault("the aligned face cannot be written in place: out must be contiguous uint8")
    cv2.warpAffine(
        image, matrix, (width, height), dst=out,
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip


def _warp_shrunk(image: UInt8, matrix: Float32, shrink: float, out: UInt8) -> None:
    """Average the face's surroundings down to about the aligned size, then warp that."""
    left, top, right, bottom = _surroundings(image, matrix, out)
    part = image[top:bottom, left:right]
    width = max(1, round(part.shape[1] / shrink))
    height = max(1, round(part.shape[0] / shrink))
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
    scale_x, scale_y = part.shape[1] / width, part.shape[0] / height
    # Pixel centres lie at +0.5: small (u, v) is image (left + (u+.5)*s - .5, top + ...).
    inward = np.array(
        [
            [scale_x, 0, left + 0.5 * scale_x - 0.5],
            [0, scale_y, top + 0.5 * scale_y - 0.5],
            [0, 0, 1],
        ],
        np.float32,
    )
    _warp(small, (matrix @ inward).astype(np.float32), out)  # type: ignore[arg-type]  # cv2 returns any dtype; a uint8 image stays uint8
    small.fill(0)


def _surroundings(image: UInt8, matrix: Float32, out: UInt8) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what the aligned face is made of, with a margin."""
    height, width = out.shape[:2]
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float32)
    back = cv2.invertAffineTransform(matrix)
    there = corners @ back[:, :2].T + back[:, 2]
    low, high = there.min(axis=0), there.max(axis=0)
    margin = 0.05 * (high - low) + 2
    rows, columns = image.shape[:2]
    left, top = np.floor(low - margin).astype(int)
    right, bottom = np.ceil(high + margin).astype(int)
    left, top = min(max(left, 0), columns - 1), min(max(top, 0), rows - 1)
    return left, top, max(left + 1, min(right, columns)), max(top + 1, min(bottom, rows))
