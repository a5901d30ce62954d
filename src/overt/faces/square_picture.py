"""A still laid in the corner of one of a few squares, so that stills of all shapes share networks.

A detector compiles a network for each shape of picture, which takes longer than to look at a
hundred stills. Black at the right and below changes no face and moves none.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.frames.frame import Part
from overt.frames.picture import resized
from overt.units import Float32, UInt8

SIDES: Final = (256, 384, 640)
"""Larger stills get a square of their own longer side, which the detector scales down."""


@dataclass(slots=True, eq=False)
class SquarePicture:
    """The port Picture."""

    still: UInt8

    @property
    def width(self) -> int:
        longest = max(self.still.shape[:2])
        return next((side for side in SIDES if side >= longest), longest)

    @property
    def height(self) -> int:
        return self.width

    def bgr(self) -> UInt8:
        return self.scaled_bgr(self.width, self.height)

    def around(self, box: Float32) -> Part:  # noqa: ARG002  a still is small and seen once
        return Part(self.bgr(), 0, 0)

    def scaled_bgr(self, width: int, height: int) -> UInt8:
        rows, columns = self.still.shape[:2]
        down, across = height / self.height, width / self.width
        inner = max(round(columns * across), 1), max(round(rows * down), 1)
        square = np.zeros((height, width, 3), np.uint8)
        whole = inner == (columns, rows)
        square[: inner[1], : inner[0]] = self.still if whole else resized(self.still, *inner)
        return square

    def forget(self) -> None:
        """Overwrite the still; what `scaled_bgr` gave out belongs to whoever asked."""
        self.still.fill(0)
