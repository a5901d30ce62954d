"""Search this process's own memory for what should not be there any more."""

from io import FileIO
from pathlib import Path

import numpy as np

from overt.units import Float32, UInt8


def canary(seed: int) -> Float32:
    """Draw a template in place, so that making it leaves no copy."""
    probe = np.empty(256, np.float32)
    np.random.default_rng(seed).standard_normal(out=probe, dtype=np.float32)
    probe /= np.linalg.norm(probe)
    return probe


def backwards(numbers: Float32 | UInt8) -> bytes:
    """Read 16 of the numbers from back to front: this is no copy itself."""
    return numbers[100:116].view(np.uint8)[::-1].tobytes()


def copies_in_memory(window: bytes) -> int:
    """Count where this process's own memory holds the window, read in the right order."""
    found = 0
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in addresses.split("-"))
            found += _turned_round(memory, start, end).count(window)
    return found


def _turned_round(memory: FileIO, start: int, end: int) -> bytes:
    """Read from back to front, so that what was read is no copy to be found later."""
    memory.seek(start)
    try:
        return memory.read(end - start)[::-1]
    except OSError:  # no memory of ours behind it: a device, or given back meanwhile
        return b""
