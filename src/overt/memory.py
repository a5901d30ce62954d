"""What a process asks of the system about its own memory, before it holds anybody or any key (R50).

No core dumps, no reading by other programs of the same account, freed memory overwritten as it is
freed, and nothing written to swap. What the system does not offer is told (`Kept.lacks`), in the
summary of a run and on standard error, never skipped in silence (docs/caveats.md).
"""

import ctypes
import os
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

import numpy.typing as npt

from overt.allocator import told

_PR_SET_DUMPABLE: Final = 4
_M_MMAP_THRESHOLD: Final = -3
_M_TRIM_THRESHOLD: Final = -1
_KEPT: Final = 256 * 1024 * 1024
"""Bytes that the allocator keeps for its next picture."""
_M_PERTURB: Final = -6
"""glibc: memory is filled with this byte's complement when it is handed out, with it when freed."""
_FILL: Final = 0xA5
_MCL_CURRENT_FUTURE_ONFAULT: Final = 1 | 2 | 4
_CAP_IPC_LOCK: Final = 14
_PAGE: Final = resource.getpagesize()


class Swap(Enum):
    """What of this process can be written to swap."""

    NOTHING = "nothing of the process can be swapped out: all of its memory is locked"
    NOT_WHAT_MATTERS = (
        "templates and keys are locked; other memory can be swapped out, because this account may "
        "not lock all of it (ulimit -l)"
    )
    ANYTHING = (
        "anything can be swapped out, because this account may lock no memory (ulimit -l): run "
        "without swap, or with encrypted swap"
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What was asked for and what was had."""

    lacks: tuple[str, ...]
    """Measures that this system does not offer."""
    swap: Swap

    @property
    def in_words(self) -> str:
        missing = f"this system does not offer: {', '.join(self.lacks)}; " if self.lacks else ""
        return f"{missing}{self.swap.value}"


def keep_memory_private() -> tuple[str, ...]:
    """Apply every measure but that against swap; those that this system does not offer, in words."""
    measures: dict[str, Callable[[], bool]] = {
        "core dumps off": _no_core_dumps,
        "memory closed to other programs of the account": _not_dumpable,
        "freed memory overwritten": _overwrite_freed,
        "small freed blocks overwritten": lambda: told(os.environ),
    }
    return tuple(name for name, apply in measures.items() if not apply())


def lock_memory() -> bool:
    """Keep all of this process out of swap, now and later; False where the account may not.

    Asked only where no limit stands: under one, a process that grows beyond it would lose its
    memory in the middle of its work.
    """
    if not _may_lock_everything():
        return False
    return _call("mlockall", _MCL_CURRENT_FUTURE_ONFAULT)


def lock_arrays(arrays: Iterable[npt.NDArray[Any]]) -> bool:
    """Keep these out of swap, as far as the account's limit allows; False where any is not."""
    done = [lock(array.ctypes.data, array.nbytes) for array in arrays if array.nbytes]
    return all(done)  # each is tried, whatever became of the one before


def lock(address: int, size: int) -> bool:
    """Keep the pages of these bytes out of swap until the process ends."""
    first = address // _PAGE * _PAGE
    return _call("mlock", ctypes.c_void_p(first), ctypes.c_size_t(address + size - first))


def lock_bytes(secret: bytes) -> bool:
    return lock(_address(secret), len(secret))


def wipe(secret: bytes) -> None:
    """Overwrite a secret that nobody uses any more, where it lies.

    Python's `bytes` never change, so nothing else may hold these: only what a cipher has just
    given, of more than one byte, before anybody else has seen it.
    """
    if len(secret) > 1:  # Python shares the empty one and those of one byte
        ctypes.memset(_address(secret), 0, len(secret))


def swap_state(*, everything: bool, what_matters: bool) -> Swap:
    if everything:
        return Swap.NOTHING
    return Swap.NOT_WHAT_MATTERS if what_matters else Swap.ANYTHING


def _address(secret: bytes) -> int:
    """Where the content of a `bytes` lies: its last byte is a zero that Python adds."""
    return id(secret) + bytes.__basicsize__ - 1


def _may_lock_everything() -> bool:
    if sys.platform != "linux":
        return False
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
        return True
    return bool(_effective_capabilities() >> _CAP_IPC_LOCK & 1)


def _effective_capabilities() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    told = next(line for line in lines if line.startswith("CapEff:"))
    return int(told.split()[1], 16)


def _no_core_dumps() -> bool:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


def _not_dumpable() -> bool:
    return sys.platform == "linux" and _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def _overwrite_freed() -> bool:
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return False
    # Pictures come and go many times a second: mapping each anew costs more than filling it.
    library.mallopt(_M_MMAP_THRESHOLD, _KEPT // 8)
    library.mallopt(_M_TRIM_THRESHOLD, _KEPT)
    return bool(library.mallopt(_M_PERTURB, _FILL))


def _call(name: str, *arguments: Any) -> bool:
    """Ask the C library; False where it has no such call, or refuses."""
    library = ctypes.CDLL(None)
    return hasattr(library, name) and getattr(library, name)(*arguments) == 0
