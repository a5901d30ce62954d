"""What a camera's process is given and asks for beside `overt.memory`: its name, its end (R50)."""

import ctypes
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final

from numpy.typing import NDArray

from overt.identifiers import CameraId
from overt.memory import Kept, lock_arrays, lock_memory, swap_state

_PR_SET_PDEATHSIG: Final = 1
_SIGKILL: Final = 9
_PR_SET_NAME: Final = 15


def end_with_the_parent() -> bool:
    """A camera's process does not outlive its supervisor, however that ends."""
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0) == 0)


def name_process(camera: CameraId) -> None:
    """For whoever looks at the list of processes: they are forked, and share one command line."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, f"overt {camera}".encode(), 0, 0, 0)  # cut at 15


def keep_out_of_swap(
    biometrics: Callable[[], Iterable[NDArray[Any]]], lacks: tuple[str, ...]
) -> Kept:
    """Lock all of the process, or at least everybody who is in view or on the list."""
    everything = lock_memory()
    what_matters = everything or lock_arrays(biometrics())
    return Kept(lacks, swap_state(everything=everything, what_matters=what_matters))
