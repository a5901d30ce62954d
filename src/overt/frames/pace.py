"""How quickly a recording plays."""

from enum import Enum, auto


class Pace(Enum):
    REAL_TIME = auto()
    """Each frame is handed over when its time has come, and not before."""
    FAST = auto()
    """Frames are handed over as quickly as they decode and the consumer takes them."""
