"""The measures of a look that were validated, and that a running camera is held to (R27)."""

from collections.abc import Callable, Mapping
from typing import Final

from overt.faces.quality import Quality, Rejection
from overt.rates.drift import Sides

LOOK_MEASURES: Final[Mapping[str, Callable[[Quality], float]]] = {
    "eye_distance_px": lambda look: look.eye_distance,
    "sharpness": lambda look: look.sharpness,
    "brightness": lambda look: look.brightness,
    "contrast": lambda look: look.contrast,
}
SIDES: Final[Mapping[str, Sides]] = {
    "eye_distance_px": Sides.BELOW,
    "sharpness": Sides.BELOW,
    "brightness": Sides.BOTH,
    "contrast": Sides.BELOW,
}
TOO_LITTLE: Final[Mapping[Rejection, str]] = {
    Rejection.BLURRED: "sharpness",
    Rejection.TOO_DARK: "brightness",
    Rejection.TOO_BRIGHT: "brightness",
    Rejection.FLAT: "contrast",
}
"""Which measure was outside where no look was good enough."""
