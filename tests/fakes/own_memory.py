"""Search this process's own memory for what should not be there any more."""

from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Final

import numpy as np

from overt.units import Float32, UInt8

STEP: Final = 64 << 20
"""So large that the allocator gives it back when it is freed."""
OVERLAP: Final = 256


def canary(seed: int) -> Float32:
    """Draw a template in place, so that making it leaves no copy."""
    probe = np.empty(256, np.float32)
    np.random.default_rng(seed).standard_normal(out=probe, dtype=np.float32)
    probe /= np.linalg.norm(probe)
    return probe


def backwards(numbers: Float32 | UInt8) -> bytes:
    """Read 16 of the numbers from back to front: this is no copy itself."""
    return numbers[100:116].view(np.uint8)[::-1].tobytes()


def copies_in_memory(*windows: bytes) -> list[int]:
    """Count where this process's own memory holds each window, read in the right order.

    It is read from back to front, so that what was read is no copy to be found later; and into
    memory of its own, which is left out.
    """
    found = [0] * len(windows)
    read, turned = np.empty(STEP + OVERLAP, np.uint8), bytearray(STEP + OVERLAP)
    room = np.frombuffer(turned, np.uint8)
    ours = [(each.ctypes.data, each.ctypes.data + each.size) for each in (read, room)]
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for start, end in _pieces(ours):
            length = _read(memory, start, read[: end - start])
            room[:length] = read[:length][::-1]
            for i, window in enumerate(windows):
                found[i] += turned.count(window, 0, length)
    return found


def _pieces(ours: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of all memory that may be written, but not of ours: each overlaps the next a little."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, rights = line.split()[:2]
        if not rights.startswith("rw"):
            continue
        start, end = (int(edge, 16) for edge in addresses.split("-"))
        for a, b in _without(start, end, sorted(ours)):
            yield from ((at, min(at + STEP + OVERLAP, b)) for at in range(a, b, STEP))


def _without(start: int, end: int, ours: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for a, b in ours:
        if start < b and a < end:
            yield start, max(start, a)
            start = min(end, b)
    yield start, end


def _read(memory: FileIO, start: int, into: UInt8) -> int:
    memory.seek(start)
    try:
        return memory.readinto(into.data) or 0
    except OSError:  # no memory of ours behind it: a device, or given back meanwhile
        return 0
