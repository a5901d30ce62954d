"""Is a face good enough to be compared, and how good is it? With a reason for every rejection.

Two rule sets: LIVE lets through what still matches, ENROLMENT asks more of a picture that will
stand for a person for weeks (R16). Sharpness and light are measured on a copy of the face of one
fixed size, so that near and far faces compare; that copy is overwritten before returning.
"""

from dataclasses import dataclass
from enum import Enum
from math import ceil, cos, floor, prod, radians
from typing import Final

import cv2
import numpy as np

from overt.faces.faces import Face
from overt.faces.pose import Pose, pose_of
from overt.units import Float32, UInt8

SIDE: Final = 32
"""Pixels of the copy. Detail finer than a 32nd of a face makes no difference to the match, but
noise and the steps of eight-bit grey live there."""


class Rejection(Enum):
    """Why a look was not good enough; the value is what events and messages say."""

    TOO_SMALL = "too_small"
    TURNED_AWAY = "turned_away"
    NODDING = "nodding"
    TILTED = "tilted"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    FLAT = "flat"
    DOUBTFUL_FACE = "doubtful_face"


@dataclass(frozen=True, slots=True)
class QualityRules:
    min_eye_distance_px: float
    max_yaw: float
    """Degrees, to either side; likewise pitch and roll."""
    max_pitch: float
    max_roll: float
    min_sharpness: float
    min_brightness: float
    """Mean grey of the face, 0 to 255; likewise the maximum."""
    max_brightness: float
    min_contrast: float
    """Standard deviation of grey."""
    min_detector_score: float


# Set by measurement with the pack `open` on LFW pictures made worse step by step. What LIVE
# turns away matched the person's own picture at 0.50 in 3 % of cases or fewer (blur, glare) or
# was hardly ever found (darkness); as it is, LFW passes LIVE in 99.9 %. ENROLMENT lets
# pass all of 400 LFW and 250 official portraits, and turns away profiles (a fifth of FairFace).
LIVE: Final = QualityRules(
    min_eye_distance_px=14.0,
    max_yaw=55.0,
    max_pitch=45.0,
    max_roll=60.0,
    min_sharpness=0.05,
    min_brightness=6.0,
    max_brightness=252.0,
    min_contrast=2.0,
    min_detector_score=0.5,
)
"""The smallest eye distance is the camera's own: `replace(LIVE, min_eye_distance_px=...)`."""
ENROLMENT: Final = QualityRules(
    min_eye_distance_px=20.0,
    max_yaw=50.0,
    max_pitch=40.0,
    max_roll=45.0,
    min_sharpness=0.02,
    min_brightness=20.0,
    max_brightness=245.0,
    min_contrast=8.0,
    min_detector_score=0.6,
)


@dataclass(frozen=True, slots=True)
class Quality:
    score: float
    """0 to 1: how much this look is worth beside others of the same face."""
    reasons: frozenset[Rejection]
    eye_distance: float
    yaw: float
    pitch: float
    roll: float
    sharpness: float
    """Energy of edges over energy of grey, without unit; see `_light`."""
    brightness: float
    contrast: float

    @property
    def good_enough(self) -> bool:
        return not self.reasons


def face_region(image: UInt8, box: Float32) -> UInt8:
    """Show the part of the (h, w, 3) image in the (4,) box: a view, not a copy; may be empty."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = box.tolist()
    left, right = (min(max(edge, 0), width) for edge in (floor(x1), ceil(x2)))
    top, bottom = (min(max(edge, 0), height) for edge in (floor(y1), ceil(y2)))
    return image[top:bottom, left:right]


def assess(face: Face, crop: UInt8, rules: QualityRules) -> Quality:
    """Judge one look; `crop` is the face's part of the picture, BGR or grey, of any size."""
    pose = pose_of(face.landmarks)
    light = _light(crop)
    return Quality(
        score=_worth(face, pose, light),
        reasons=frozenset(_reasons(face, pose, light, rules)),
        eye_distance=face.eye_distance,
        yaw=pose.yaw,
        pitch=pose.pitch,
        roll=pose.roll,
        sharpness=light.sharpness,
        brightness=light.brightness,
        contrast=light.contrast,
    )


def most_worth(face: Face) -> float:
    """Tell what the score would be in the best of lights: no pixel is looked at."""
    return _worth(face, pose_of(face.landmarks), BEST_LIGHT)


@dataclass(frozen=True, slots=True)
class _Light:
    sharpness: float
    brightness: float
    contrast: float


BEST_LIGHT: Final = _Light(sharpness=1.0, brightness=128.0, contrast=64.0)


def _light(crop: UInt8) -> _Light:
    if crop.size == 0:
        return _Light(0.0, 0.0, 0.0)
    shrinks = min(crop.shape[:2]) >= SIDE
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    grey = (cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY) if crop.ndim == 3 else crop).astype(np.float32)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=how)
    inner = small[SIDE // 8 : -SIDE // 8, SIDE // 8 : -SIDE // 8]  # hair and street say nothing
    edges = cv2.Laplacian(inner, cv2.CV_32F)
    ((brightness,),), ((contrast,),) = (each.tolist() for each in cv2.meanStdDev(inner))
    _, ((swing,),) = (each.tolist() for each in cv2.meanStdDev(edges))
    light = _Light(
        # Over the variance of grey: half the light does not look like half the sharpness.
        sharpness=swing**2 / (contrast**2 + 1.0),
        brightness=brightness,
        contrast=contrast,
    )
    for copy in (grey, small, edges):
        copy.fill(0)
    return light


def _reasons(face: Face, pose: Pose, light: _Light, rules: QualityRules) -> list[Rejection]:
    tests = {
        Rejection.TOO_SMALL: face.eye_distance < rules.min_eye_distance_px,
        Rejection.TURNED_AWAY: abs(pose.yaw) > rules.max_yaw,
        Rejection.NODDING: abs(pose.pitch) > rules.max_pitch,
        Rejection.TILTED: abs(pose.roll) > rules.max_roll,
        Rejection.BLURRED: light.sharpness < rules.min_sharpness,
        Rejection.TOO_DARK: light.brightness < rules.min_brightness,
        Rejection.TOO_BRIGHT: light.brightness > rules.max_brightness,
        Rejection.FLAT: light.contrast < rules.min_contrast,
        Rejection.DOUBTFUL_FACE: face.score < rules.min_detector_score,
    }
    return [reason for reason, broken in tests.items() if broken]


def _worth(face: Face, pose: Pose, light: _Light) -> float:
    """Multiply five shares: size, frontality, sharpness, contrast, the detector's belief."""
    size = min(face.eye_distance / 45.0, 1.0)
    frontal = max(0.0, cos(radians(pose.yaw)) * cos(radians(pose.pitch)))
    sharp = min(light.sharpness / 0.6, 1.0)
    contrast = min(light.contrast / 30.0, 1.0)
    parts = (
        size,
        frontal,
        0.5 + 0.5 * sharp,
        0.5 + 0.5 * contrast,
        min(max(face.score, 0.0), 1.0),
    )
    return prod(parts)
