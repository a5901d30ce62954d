"""Makes the templates of a scene's looks in threads of their own, while the flow goes on.

A face goes to whichever thread is free, so that no scene waits for another's last face. Aligned
faces and fresh templates lie in memory that is reused and overwritten (R50).
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from overt.faces.faces import Face
from overt.frames.frame import Picture
from overt.templates.load import Networks
from overt.units import Float32, UInt8

ROOM: Final = 128
"""Looks that may be under way; with more people than that, the others wait for the next scene."""


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """A face, and by which points it is aligned."""

    face: Face
    closer: bool
    """Those that are found anew in the full picture, where the pack can; else as it was found."""


@dataclass(slots=True)
class Encoding:
    networks: Networks
    _rows: Float32 = field(init=False, repr=False)
    _free: list[Float32] = field(init=False, repr=False)
    _room: list[UInt8] = field(init=False, repr=False)
    """For an aligned face each; `_chips` are those in nobody's hands."""
    _chips: "SimpleQueue[UInt8]" = field(init=False, repr=False)
    _threads: ThreadPoolExecutor | None = None

    def __post_init__(self) -> None:
        encoder = self.networks.encoder
        self._rows = np.zeros((ROOM, encoder.dimension), np.float32)
        self._free = list(self._rows)
        many, shape = self.networks.encodes_at_once, (*encoder.chip_size, 3)
        self._room = [np.zeros(shape, np.uint8) for _ in range(many)]
        self._chips = SimpleQueue()
        for chip in self._room:
            self._chips.put(chip)

    def blocks(self) -> Iterator[NDArray[Any]]:
        """The memory in which faces and templates lie."""
        yield self._rows
        yield from self._room

    @property
    def room(self) -> int:
        return len(self._free)

    def begin(self, picture: Picture, aims: Sequence[Aim]) -> "Templates":
        """Start on these faces of the picture, which stays until all are made."""
        vectors = [self._free.pop() for _ in aims]
        if not aims:
            return Templates(vectors, [])
        many = self.networks.encodes_at_once
        if self._threads is None:
            self._threads = ThreadPoolExecutor(many, "overt-encode")
        shares = [slice(first, None, many) for first in range(min(many, len(aims)))]
        return Templates(
            vectors,
            [self._threads.submit(self._encode, picture, aims[s], vectors[s]) for s in shares],
        )

    def take_back(self, made: "Templates") -> None:
        """Overwrite templates that were read, or that nobody wants any more once they are made."""
        made.wait()
        for vector in made.vectors:
            vector.fill(0)
            self._free.append(vector)

    def close(self) -> None:
        """Let the threads go; everything was taken back."""
        if self._threads is not None:
            self._threads.shutdown()
            self._threads = None

    def _encode(self, picture: Picture, aims: Sequence[Aim], vectors: Sequence[Float32]) -> float:
        began, chip = time.perf_counter(), self._chips.get()
        encoder = self.networks.encoder
        try:
            for aim, vector in zip(aims, vectors, strict=True):
                face = self.networks.look_closer(picture, aim.face) if aim.closer else aim.face
                part = picture.around(face.box)
                encoder.align(part.pixels, face.landmarks - part.corner, chip)
                encoder.encode((chip,), vector[None])
        finally:
            chip.fill(0)
            self._chips.put(chip)
        return time.perf_counter() - began


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """Those of one scene, under way or made; whoever has read them gives them back."""

    vectors: Sequence[Float32] = field(repr=False)
    """(d,) each, in the order of the faces; to be read after `wait`."""
    _shares: Sequence["Future[float]"]

    @property
    def made(self) -> bool:
        return all(share.done() for share in self._shares)

    def wait(self) -> float:
        """Seconds that it took, all threads together."""
        return sum(share.result() for share in self._shares)
