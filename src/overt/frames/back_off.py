"""How long to wait before a camera is tried again: longer each time, never all at once.

A line that gave pictures for a while has earned a quick retry; one that breaks at once has not,
so a camera that accepts and drops connections is not hammered.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.units import Seconds


@dataclass(frozen=True, slots=True)
class Waits:
    first: Seconds
    longest: Seconds


EARNED: Final = Seconds(2.0)
WAITS: Final = Waits(first=Seconds(0.25), longest=Seconds(10.0))


class BackOff:
    def __init__(self, waits: Waits, chance: np.random.Generator) -> None:
        self._waits = waits
        self._chance = chance
        self._bound = waits.first

    def after(self, held: Seconds) -> Seconds:
        """Return the wait after a line that gave pictures for `held` seconds."""
        if held >= EARNED:
            self._bound = self._waits.first
        # Between half and all of the bound: cameras lost together do not return together.
        wait = Seconds(self._bound * (0.5 + 0.5 * self._chance.random()))
        self._bound = Seconds(min(2 * self._bound, self._waits.longest))
        return wait
