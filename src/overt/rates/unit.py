"""What one trial is: a still picture, or a person crossing a camera's zone once."""

from enum import Enum


class Unit(Enum):
    """Rates of different units never stand in one table."""

    STILL = "still"
    PASSAGE = "passage"
