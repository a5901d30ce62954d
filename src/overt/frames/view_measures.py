"""How a picture is as a picture: light, contrast, detail, and the combs of interlaced video.

Numbers about the whole view, for the engineer who sets up a camera. Nothing here looks at faces.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from overt.units import UInt8

COMB_STEP: Final = 400.0
"""A row that differs from both its neighbours by more than 20 grey levels, in one direction."""
LEAST_COMBS: Final = 0.008
"""Share of pixels. Progressive clips have up to 0.0041, most woven ones 0.011 to 0.07; with little
motion a woven clip falls below and is missed (measured)."""
_COMB_EXCESS: Final = 3.0


@dataclass(frozen=True, slots=True)
class ViewMeasures:
    width: int
    height: int
    brightness: float
    """Mean grey level, 0 to 255."""
    contrast: float
    """Grey levels between the darkest and the lightest twentieth."""
    detail: float
    """Variance of the Laplacian at 640 pixels' width: it falls with blur, dirt and fog."""
    combed: bool
    """The two fields of an interlaced frame show side by side where something moves."""


@dataclass(frozen=True, slots=True)
class Light:
    """Of a whole picture, as `ViewMeasures` has them."""

    brightness: float
    contrast: float
    detail: float


def measure_light(picture: UInt8) -> Light:
    """Measure light, contrast and detail of a whole BGR picture."""
    return _light(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8))


def _light(grey: UInt8) -> Light:
    height, width = grey.shape
    small = cv2.resize(grey, (640, max(1, round(640 * height / width))), None, 0, 0, cv2.INTER_AREA)
    dark, light = np.percentile(small, (5, 95))
    detail = float(cv2.Laplacian(small, cv2.CV_64F).var())
    return Light(float(small.mean()), float(light - dark), detail)


def measure_view(picture: UInt8) -> ViewMeasures:
    """Measure a whole BGR picture."""
    height, width = picture.shape[:2]
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    light = _light(grey)
    return ViewMeasures(
        width=width,
        height=height,
        brightness=light.brightness,
        contrast=light.contrast,
        detail=light.detail,
        combed=is_combed(grey),
    )


def is_combed(grey: UInt8) -> bool:
    """Whether rows alternate where columns do not; a fine texture alternates in both."""
    rows, columns = _alternating(grey), _alternating(np.ascontiguousarray(grey.T))
    return rows > LEAST_COMBS and rows > _COMB_EXCESS * columns


def _alternating(grey: UInt8) -> float:
    if grey.shape[0] < 3:
        return 0.0
    levels = grey.astype(np.float32)
    middle = levels[1:-1]
    product = (levels[:-2] - middle) * (levels[2:] - middle)
    return float(np.count_nonzero(product > COMB_STEP) / product.size)
