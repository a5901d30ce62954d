"""How often faces are looked for: every so many milliseconds, with tracks between (design §2)."""

from dataclasses import dataclass
from typing import Final

from overt.units import Seconds

EVERY: Final = Seconds(0.075)
"""Every second frame at 25 frames a second: a walking face moves a third of its width."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """How far the stages of the flow may run apart from each other."""

    ahead: int
    """Frames that are looked at before the people in them are followed."""
    beside: int
    """Scenes whose looks are still encoded while the next one is followed."""
    prompt: bool = False
    """Evidence is taken as soon as it is there, and not in an order that does not depend on the
    machine."""


RECORDED: Final = Tempo(ahead=3, beside=1)
"""A recording: the same alerts on every machine and at every pace."""
ONE_BY_ONE: Final = Tempo(ahead=1, beside=0)
"""Nothing is left to the encoder: what an end and a silence ask for."""
LIVE: Final = Tempo(ahead=1, beside=1, prompt=True)
"""A camera: the newest frame, and whatever the encoder is done with."""


@dataclass(slots=True)
class Rhythm:
    every: Seconds = EVERY
    _next: float = 0.0

    def due(self, at: Seconds, *, eager: bool = False) -> bool:
        """Tell whether the frame of this time is to be looked at; the first one always is.

        While somebody nearly resembles a person on the list, every frame is; that does not move
        the grid, or it would run ahead and leave a hole when the hope is over.
        """
        if at < self._next:
            return eager
        # The grid is kept where frames are even, so that 25 a second gives 12.5 looks, not 8.
        self._next = max(self._next + self.every, at + self.every / 2)
        return True
