"""When the camera's process of the canary test is searched: at moments of its own, not of the clock.

A machine that is slow at copying and searching memory must not come too late for what it looks at.
"""

from enum import Enum
from typing import Final

from overt.units import Seconds

LAST_FACE: Final = Seconds(5.2)
"""Of the clip, as every time here: when the last person leaves it."""
NOBODY_LEFT: Final = Seconds(LAST_FACE + 2.2)
"""Two seconds after that; and the pictures that are looked at ahead, before people are followed."""
LASTS: Final = Seconds(NOBODY_LEFT + 0.6)
HOW_CHOSEN: Final = (
    "The camera's process told of two moments and waited at each until it was searched: when the "
    "first face was encoded, before it was forgotten; and before it was given the first picture "
    f"that came {NOBODY_LEFT - LAST_FACE:.1f} seconds after the last face, by the clip's time. "
    "Before and between them it worked as in any deployment. The process that runs the deployment "
    "was searched at the second of them, and after the purge."
)


class Moment(Enum):
    FACE_IN_HAND = "a face in hand"
    NOBODY_LEFT = "nobody left"
