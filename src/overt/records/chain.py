"""The chain of a kind of line: each line of the log is linked to the one of its kind before it.

A link holds where the line before stands, its mark, and the mark of this line: a keyed BLAKE2b over
all of that and the line as it is written. Where each chain ends is sealed with the head of the
log's tree. So whoever reads some lines of a kind up to the end knows that each of them is as overt
wrote it, where overt wrote it, and that none is missing or was put in between; without the master
key nobody makes a link.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NewType

End = NewType("End", bytes)
"""Where a chain ends: the number of its last line, and that line's mark."""
Link = NewType("Link", bytes)
"""The end before the line, and the line's mark."""

_NUMBER: Final = 8
_MARK: Final = 16
_END: Final = _NUMBER + _MARK
LINK_SIZE: Final = _END + _MARK

NO_LINE: Final = End(bytes(_END))
"""Of a kind of which there is no line; lines are counted from one here, so that none is it."""


@dataclass(frozen=True, slots=True)
class Linker:
    """Makes links; its key comes from the master key and is never written."""

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> "Linker":
        return cls(hashlib.blake2b(b"overt line link", key=master, digest_size=32).digest())

    def link(self, before: End, seq: int, event: str, line: bytes) -> Link:
        told = b"".join((before, _number(seq), event.encode(), b"\0", line))
        mark = hashlib.blake2b(told, key=self.key, digest_size=_MARK).digest()
        return Link(before + mark)


def end_after(seq: int, link: Link) -> End:
    return End(_number(seq) + link[_END:])


def end_before(link: Link) -> End:
    return End(link[:_END])


def last_line(end: End) -> int:
    """The number of the line with which a chain ends; -1 where it has none."""
    return int.from_bytes(end[:_NUMBER]) - 1


def ends_as_json(ends: Mapping[str, End]) -> list[str]:
    """The kinds, and their ends in one: written and read at every act."""
    return [" ".join(ends), b"".join(ends.values()).hex()]


def ends_from_json(told: Sequence[str]) -> dict[str, End]:
    kinds, ends = told
    joined = bytes.fromhex(ends)
    cuts = range(0, len(joined), _END)
    return {kind: End(joined[at : at + _END]) for kind, at in zip(kinds.split(), cuts, strict=True)}


def _number(seq: int) -> bytes:
    return (seq + 1).to_bytes(_NUMBER)
