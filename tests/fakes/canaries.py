"""What must be found nowhere: the aligned faces and templates of one run, as the bytes to look for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np


class Kind(Enum):
    ALIGNED = "aligned face"
    TEMPLATE = "template"
    RAW = "network's output"
    FUSED = "fused template"


@dataclass(frozen=True, slots=True, eq=False)
class Canary:
    kind: Kind
    track: int
    at: float
    """Media time."""
    content: Any = field(repr=False)
    """uint8 (height, width, 3) BGR, or float32 (d,)."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a canary down."""

    name: str
    kind: Kind
    track: int
    at: float
    number: int

    def __str__(self) -> str:
        where = f"track {self.track} at {self.at:.2f} s, number {self.number}"
        return f"{self.kind.value} as {self.name} of {where}"


@dataclass(frozen=True, slots=True)
class Canaries:
    all: tuple[Canary, ...]
    listed: frozenset[int]
    """Tracks that resembled somebody on the list."""

    def made_before(self, at: float) -> "Canaries":
        return Canaries(tuple(c for c in self.all if c.at < at), self.listed)

    @property
    def unlisted(self) -> "Canaries":
        return Canaries(tuple(c for c in self.all if c.track not in self.listed), self.listed)

    def as_bytes(self) -> dict[Form, bytes]:
        """Every form in which they may lie somewhere."""
        last = self._last()
        return {
            Form(name, canary.kind, canary.track, canary.at, number): content
            for number, canary in enumerate(self.all)
            for name, content in _forms(canary, last=canary in last)
        }

    def _last(self) -> set[Canary]:
        """The last aligned face of each track: what a network's memory would still hold."""
        return set({c.track: c for c in self.all if c.kind is Kind.ALIGNED}.values())


def _forms(canary: Canary, *, last: bool) -> Iterator[tuple[str, bytes]]:
    content = canary.content
    if canary.kind is not Kind.ALIGNED:
        yield "float32", content.tobytes()
        yield "float16", content.astype(np.float16).tobytes()
        yield "float64", content.astype(np.float64).tobytes()  # what dlib gives
        return
    yield "BGR", content.tobytes()
    yield "RGB", content[:, :, ::-1].tobytes()
    if last:
        yield "float32 planes", content.transpose(2, 0, 1).astype(np.float32).tobytes()


def write_canaries(path: Path, canaries: Iterable[Canary], listed: Iterable[int]) -> None:
    kept = list(canaries)
    facts = [[c.kind.value, c.track, c.at] for c in kept]
    np.savez(
        path,
        facts=np.array(json.dumps({"canaries": facts, "listed": sorted(listed)})),
        **{f"c{number}": c.content for number, c in enumerate(kept)},
    )


def read_canaries(path: Path) -> Canaries:
    with np.load(path) as kept:
        facts = json.loads(str(kept["facts"]))
        return Canaries(
            tuple(
                Canary(Kind(kind), track, at, kept[f"c{number}"])
                for number, (kind, track, at) in enumerate(facts["canaries"])
            ),
            frozenset(facts["listed"]),
        )
