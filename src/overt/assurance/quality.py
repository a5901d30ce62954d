"""Measures of one face's quality, after the components of ISO/IEC 29794-5 that pixels can tell.

Each is turned so that more is better. They are our own computations: the standard's reference
software needs networks of its own (docs/caveats.md). Whether a measure predicts errors is not
assumed but shown, by discarding (discard.py).
"""

from collections.abc import Mapping
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from overt.faces.faces import Face
from overt.faces.quality import Quality
from overt.units import UInt8

SIDE: Final = 64
MEASURES: Final[Mapping[str, str]] = {
    "unified": "all of the flow's own: size, frontality, sharpness, contrast, detector's belief",
    "inter_eye_distance": "pixels between the eye centres",
    "sharpness": "energy of edges over energy of grey",
    "yaw": "turned to neither side (minus degrees)",
    "pitch": "neither up nor down (minus degrees)",
    "roll": "upright (minus degrees)",
    "dynamic_range": "entropy of the histogram of luminance, bits",
    "illumination_uniformity": "what the histograms of the left and the right half share",
    "under_exposure": "minus the share of pixels of luminance 25 or less",
    "over_exposure": "minus the share of pixels of luminance 247 or more",
    "detector": "how sure the detector is that this is a face",
}
"""Every measure, and what it is."""


def measures_of(face: Face, crop: UInt8, quality: Quality) -> Mapping[str, float]:
    """Measure a face; `crop` is its part of the picture, BGR."""
    grey = _luminance(crop)
    coarse = np.asarray(grey // 8, np.uint8)  # of 256 steps, two noisy halves share few
    return {
        "unified": quality.score,
        "inter_eye_distance": quality.eye_distance,
        "sharpness": quality.sharpness,
        "yaw": -abs(quality.yaw),
        "pitch": -abs(quality.pitch),
        "roll": -abs(quality.roll),
        "dynamic_range": _entropy(grey),
        "illumination_uniformity": _shared(coarse[:, : SIDE // 2], coarse[:, SIDE // 2 :]),
        "under_exposure": -float(np.mean(grey <= 25)),
        "over_exposure": -float(np.mean(grey >= 247)),
        "detector": face.score,
    }


def _luminance(crop: UInt8) -> UInt8:
    if crop.size == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _histogram(grey: UInt8) -> npt.NDArray[np.float64]:
    return np.bincount(grey.reshape(-1), minlength=256) / grey.size


def _entropy(grey: UInt8) -> float:
    shares = _histogram(grey)
    shares = shares[shares > 0]
    return float(-(shares * np.log2(shares)).sum())


def _shared(left: UInt8, right: UInt8) -> float:
    return float(np.minimum(_histogram(left), _histogram(right)).sum())
