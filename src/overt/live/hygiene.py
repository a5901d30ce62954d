"""What a camera's process asks of the system before it sees anybody (R50).

No core dumps, no reading by other programs of the same account, and freed memory overwritten as
it is freed. What the system does not offer is told, not skipped in silence (docs/caveats.md).
"""

import ctypes
import resource
import sys
from collections.abc import Callable
from typing import Final

_PR_SET_DUMPABLE: Final = 4
_PR_SET_PDEATHSIG: Final = 1
_M_PERTURB: Final = -6
"""glibc: memory is filled with this byte's complement when it is handed out, with it when freed."""
_FILL: Final = 0xA5
_SIGKILL: Final = 9
TUNABLES: Final = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
"""For the environment of a camera's process: glibc's thread caches hold up to 1 KiB blocks, the
size of a template, without overwriting them; without the caches every free overwrites."""


def keep_memory_private() -> tuple[str, ...]:
    """Apply every measure; the ones that this system does not offer, as words for the log."""
    measures: dict[str, Callable[[], bool]] = {
        "core dumps off": _no_core_dumps,
        "memory closed to other programs of the account": _not_dumpable,
        "freed memory overwritten": _overwrite_freed,
    }
    return tuple(name for name, apply in measures.items() if not apply())


def end_with_the_parent() -> bool:
    """A camera's process does not outlive its supervisor, however that ends."""
    return sys.platform == "linux" and _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def _no_core_dumps() -> bool:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


def _not_dumpable() -> bool:
    return sys.platform == "linux" and _prctl(_PR_SET_DUMPABLE, 0)


def _overwrite_freed() -> bool:
    library = ctypes.CDLL(None)
    return hasattr(library, "mallopt") and bool(library.mallopt(_M_PERTURB, _FILL))


def _prctl(option: int, value: int) -> bool:
    return bool(ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0)
