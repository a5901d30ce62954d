"""References in eight bits, with a proven bound on what that does to a cosine.

A reference x is kept as s*u, whole numbers u from -127 to 127 and a step s of its own, and a
probe p as t*w likewise. Then, by Cauchy and Schwarz,

    <x,p> = s*t*<u,w> + <x - s*u, p> + <s*u, p - t*w>
         <= s*t*<u,w> + |x - s*u| |p| + |s*u| |p - t*w|

<u,w> is computed exactly, in whole numbers. A reference whose upper bound lies below the score
that somebody else is known to reach can be left out without looking at it in full precision.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from overt.units import Float32, UInt8

Int8 = npt.NDArray[np.int8]
Float64 = npt.NDArray[np.float64]

LARGEST: Final = 127
SHIFT: Final = 128
"""Codes of probes are stored as w + 128: processors multiply unsigned by signed bytes."""
LONGEST: Final = 512
"""Up to this dimension 255 * 127 * d stays under 2**24, so that every sum is exact in float32."""
UNIT_TOLERANCE: Final = 1e-3
"""How far from 1 the length of a template may be: float16 storage moves it by 5e-4 at most."""
BLOCK: Final = 64
"""Rows that share one upper bound in a search."""
VACANT: Final = -4.0
"""The upper bound of a row that nobody holds; no cosine and no error comes near."""
_ROWS_AT_ONCE: Final = 256
"""Coding needs some 24 bytes a number for a moment, which stay in the processor's cache."""


@dataclass(slots=True, eq=False)
class Codes:
    """Row i describes row i of the references. Made by `room_for`."""

    numbers: Int8 = field(repr=False)
    """(rows, d): u."""
    steps: Float32 = field(repr=False)
    """(1, rows): s, 0 for a vacant row."""
    offsets: Float32 = field(repr=False)
    """(1, rows): 128 times the sum of u, what the shift of the probe adds."""
    slacks: Float32 = field(repr=False)
    """(1, rows): at least |x - s*u| |p|, for any p that is admitted as a probe."""
    longest: float = 1 + UNIT_TOLERANCE
    """At least |s*u| of every row; removal need not lower it."""

    def write(self, first: int, vectors: Float32) -> None:
        """Code these references into the rows from `first` on; no other row is touched."""
        for top in range(0, len(vectors), _ROWS_AT_ONCE):
            self._write(first + top, vectors[top : top + _ROWS_AT_ONCE])

    def clear(self, rows: slice) -> None:
        """Overwrite what was coded of these rows, so that no search considers them."""
        self.numbers[rows] = 0
        self.steps[0, rows] = 0
        self.offsets[0, rows] = 0
        self.slacks[0, rows] = VACANT

    def _write(self, first: int, vectors: Float32) -> None:
        rows = slice(first, first + len(vectors))
        steps = np.abs(vectors).max(axis=1) / np.float32(LARGEST)
        coded = np.rint(vectors.astype(np.float64) / steps[:, None])
        left_out = coded * steps[:, None].astype(np.float64)
        np.subtract(vectors, left_out, out=left_out)
        errors = np.sqrt(np.einsum("ij,ij->i", left_out, left_out))
        self.numbers[rows] = coded
        self.steps[0, rows] = steps
        self.offsets[0, rows] = SHIFT * coded.sum(axis=1)
        # Twice the tolerance: |p| takes one, and rounding to float32 less than the other.
        self.slacks[0, rows] = errors * (1 + 2 * UNIT_TOLERANCE)
        if len(vectors):
            self.longest = max(self.longest, 1 + UNIT_TOLERANCE + float(errors.max()))


def room_for(rows: int, dimension: int) -> Codes:
    """Reserve vacant rows; the system gives memory as they are written."""
    rows = -(-rows // BLOCK) * BLOCK
    return Codes(
        numbers=np.zeros((rows, dimension), np.int8),
        steps=np.zeros((1, rows), np.float32),
        offsets=np.zeros((1, rows), np.float32),
        slacks=np.full((1, rows), VACANT, np.float32),
    )


@dataclass(slots=True, eq=False)
class CodedProbes:
    """Room for the codes of some probes; `scrub` overwrites them (R50)."""

    numbers: UInt8 = field(repr=False)
    """(probes, d): w + 128."""
    steps: Float32 = field(repr=False)
    """(probes, 1): t."""
    errors: Float64 = field(repr=False)
    """(probes,): |p - t*w|."""
    _exact: Float64 = field(repr=False)
    _coded: Float64 = field(repr=False)

    def write(self, place: int, probe: Float32) -> None:
        """Code one probe; its numbers go to buffers of this object and nowhere else."""
        exact, coded = self._exact, self._coded
        np.copyto(exact, probe)
        np.abs(exact, out=coded)
        step = np.float32(coded.max() / LARGEST)
        np.divide(exact, step, out=coded)
        np.rint(coded, out=coded)
        np.add(coded, SHIFT, out=self.numbers[place], casting="unsafe")
        np.multiply(coded, float(step), out=coded)
        np.subtract(exact, coded, out=coded)
        self.steps[place] = step
        self.errors[place] = np.sqrt(np.einsum("i,i->", coded, coded))

    def scrub(self) -> None:
        self.numbers.fill(SHIFT)
        self.steps.fill(0)
        self.errors.fill(0)
        self._exact.fill(0)
        self._coded.fill(0)


def probe_room(probes: int, dimension: int) -> CodedProbes:
    room = CodedProbes(
        numbers=np.empty((probes, dimension), np.uint8),
        steps=np.empty((probes, 1), np.float32),
        errors=np.zeros(probes),
        _exact=np.empty(dimension),
        _coded=np.empty(dimension),
    )
    room.scrub()
    return room
