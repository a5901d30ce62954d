"""What one trial is: a still picture, or a person crossing a camera's zone once."""

from enum import Enum
from typing import Final


class Unit(Enum):
    """Rates of different units never stand in one table."""

    STILL = "still"
    PASSAGE = "passage"


OF_STILLS: Final = "WRONG UNIT: measured with stills, and the live rule fuses shots of a passage"
"""What must stand wherever a rate of stills is told of a deployment."""
