"""What a camera's process is given and asks for beside `overt.memory`: its allocator, its end (R50)."""

import ctypes
import sys
from typing import Final

from overt.live.crowd import Crowd
from overt.memory import Kept, lock_arrays, lock_memory, swap_state

_PR_SET_PDEATHSIG: Final = 1
_SIGKILL: Final = 9


def end_with_the_parent() -> bool:
    """A camera's process does not outlive its supervisor, however that ends."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0)


def keep_out_of_swap(crowd: Crowd, lacks: tuple[str, ...]) -> Kept:
    """Lock all of the process, or at least everybody who is in view or on the list."""
    everything = lock_memory()
    biometrics = everything or lock_arrays(crowd.biometrics())
    return Kept(lacks, swap_state(everything=everything, what_matters=biometrics))
