"""Whether a camera gives pictures in which the networks were validated, judged as it runs (R27).

Pure: measures in, a verdict out. It looks at the picture as a picture, never at faces. One dark
frame is nothing; a verdict takes most of some seconds, and the way back takes all of them.
"""

from collections import deque
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from overt.frames.view_measures import Light

LOOKS: Final = 8
"""Of one a second: what is judged together."""
LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class Bounds:
    """Grey levels of 255, and the detail of `view_measures`."""

    darkest: float
    lightest: float
    flattest: float
    least_detail: float

    def why_outside(self, light: Light) -> str | None:
        if light.brightness < self.darkest:
            return f"too dark (mean grey {light.brightness:.0f} of 255)"
        if light.brightness > self.lightest:
            return f"too bright (mean grey {light.brightness:.0f} of 255)"
        if light.contrast < self.flattest:
            return f"flat ({light.contrast:.0f} grey levels)"
        if light.detail < self.least_detail:
            return f"not sharp (detail {light.detail:.0f})"
        return None


@dataclass(slots=True)
class Conditions:
    """The last seconds of one camera."""

    bounds: Bounds
    outside: str | None = None
    """Why nobody is compared just now; None while the picture will do."""
    _recent: deque[Light] = field(default_factory=lambda: deque(maxlen=LOOKS))

    def take(self, light: Light) -> bool:
        """Take in one look; say whether the verdict changed."""
        self._recent.append(light)
        before = self.outside
        if self.outside is None:
            self.outside = self._typical() if len(self._recent) >= LEAST else None
        elif not any(self.bounds.why_outside(each) for each in list(self._recent)[-LEAST:]):
            self.outside = None
        return (before is None) is not (self.outside is None)

    def _typical(self) -> str | None:
        """What is wrong with the middle of the last looks."""
        return self.bounds.why_outside(
            Light(
                brightness=median(each.brightness for each in self._recent),
                contrast=median(each.contrast for each in self._recent),
                detail=median(each.detail for each in self._recent),
            )
        )
