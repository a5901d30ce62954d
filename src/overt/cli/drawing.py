"""Draw two faces beside each other in a terminal that shows colours: half a character a pixel."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from overt.frames.stills import read_still
from overt.units import UInt8

SIDE: Final = 44
"""Pixels, and characters, across each face; half as many lines."""
_PLAIN: Final = "\x1b[0m"


def side_by_side(seen: bytes, listed: Sequence[bytes]) -> list[str]:
    """Give the lines that show the face seen, then each from the list."""
    faces = [_square(jpeg) for jpeg in (seen, *listed)]
    head = "  ".join(
        f"{title:<{SIDE}}" for title in ("seen by the camera", *("on the list" for _ in listed))
    )
    return [
        head.rstrip(),
        *("  ".join(_line(face, row) for face in faces) for row in range(0, SIDE, 2)),
    ]


def _square(jpeg: bytes) -> UInt8:
    image = read_still(jpeg, name="an image of the alert")
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    canvas = np.zeros((SIDE, SIDE, 3), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = small
    return canvas


def _line(face: UInt8, row: int) -> str:
    """Two rows of pixels as one line: the upper as the ink, the lower as the ground."""
    cells = (
        f"\x1b[38;2;{u[2]};{u[1]};{u[0]}m\x1b[48;2;{b[2]};{b[1]};{b[0]}m▀"
        for u, b in zip(face[row], face[row + 1], strict=True)
    )
    return "".join(cells) + _PLAIN
