"""A template: the numbers that a network makes of a face. Biometric data, never printed.

Unlisted people's templates live in buffers that are overwritten when their track ends (R50).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from overt.errors import ModelMismatch
from overt.identifiers import ModelId
from overt.units import Float32, UInt8


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    model: ModelId
    vector: Float32 = field(repr=False)
    """(d,) float32 of unit length. Not copied: whoever made it may overwrite it (`forget`)."""

    def forget(self) -> None:
        """Overwrite the numbers in place."""
        self.vector.flags.writeable = True
        self.vector.fill(0)


def require_same_model(probe: ModelId, reference: ModelId) -> None:
    """Raise ModelMismatch unless both were made by the same networks at the same precision."""
    if probe != reference:
        raise ModelMismatch(probe=probe, reference=reference)


class Encoder(Protocol):
    """Makes templates of aligned faces."""

    model: ModelId
    dimension: int
    chip_size: tuple[int, int]
    """(height, width) of an aligned face in pixels."""

    def align(self, image: UInt8, landmarks: Float32, out: UInt8) -> None:
        """Warp the face with these (5, 2) landmarks of the (h, w, 3) BGR image into `out`.

        `out` is (chip height, chip width, 3) uint8, reused by the caller.
        """
        ...

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        """Write unit templates of n aligned faces (height, width, 3) into `out` (n, d).

        Each face is copied as it is taken, and the next one taken while it is encoded: whoever
        aligns them one by one in the same memory works beside the network.
        """
        ...

    def scrub(self) -> None:
        """Overwrite every buffer of the network that held a face or its template."""
        ...
