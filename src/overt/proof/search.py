"""Finds secrets in files and in the memory of running processes: any 64 bytes in a row of any of them.

A secret shorter than that, such as a key, counts where the whole of it is found.

Any 64 bytes of memory hold at least three whole blocks of 16 whose address is a multiple of 16.
So those blocks alone are compared, all at once, with the 16 bytes at every place of every secret,
and what is found is followed to both sides. Blocks in which either half has fewer than four
different bytes (one colour repeated, a zeroed row) are no evidence and are not looked for.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from overt.units import UInt8

WINDOW: Final = 64
BLOCK: Final = 16
HALF: Final = 8
VARIED_HALF: Final = 4
"""Different bytes that each half of a block must have to be looked for."""
VARIED: Final = 8
"""Different bytes that a run must have to count."""
TABLE_BITS: Final = 25
_MIX: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)
AT_ONCE: Final = 1 << 21
"""Bytes looked at together: what is computed of them stays in the processor's cache."""
READ: Final = 1 << 18
CAP_SYS_PTRACE: Final = 19

Words = npt.NDArray[np.uint64]
S = TypeVar("S")
"""How a secret is named."""
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Hit(Generic[S]):
    secret: S
    place: str
    length: int
    """The longest run of its bytes that was found there."""


@dataclass(slots=True)
class Search(Generic[S]):
    secrets: Mapping[S, bytes]
    _names: list[S] = field(init=False)
    _starts: Places = field(init=False)
    _all: UInt8 = field(init=False, repr=False)
    _keys: Words = field(init=False, repr=False)
    _at: Places = field(init=False, repr=False)
    _table: npt.NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._names = list(self.secrets)
        contents = [np.frombuffer(content, np.uint8) for content in self.secrets.values()]
        self._starts = np.cumsum([0, *(len(content) for content in contents)])
        self._all = np.concatenate([*contents, np.zeros(0, np.uint8)])
        at = np.concatenate(
            [
                start + _varied_blocks(each)
                for each, start in zip(contents, self._starts, strict=False)
            ]
        )
        keys = _keys_at(self._all, at)
        order = np.argsort(keys, kind="stable")
        self._keys, self._at = keys[order], at[order]
        self._table = np.zeros(1 << TABLE_BITS, np.bool_)
        self._table[_slot(self._keys)] = True

    @property
    def blocks(self) -> int:
        """How many blocks are looked for; a test shows that they are not none."""
        return len(self._keys)

    def in_bytes(self, content: UInt8, place: str) -> list[Hit[S]]:
        """One hit for each secret of which these bytes hold a window."""
        longest: dict[int, int] = {}
        for start in range(0, len(content), AT_ONCE):
            for at in self._candidates(content[start : start + AT_ONCE]).tolist():
                self._follow(content, start + at, longest)
        return [Hit(self._names[n], place, length) for n, length in sorted(longest.items())]

    def in_snapshot(self, snapshot: "Snapshot") -> list[Hit[S]]:
        return [hit for name, part in snapshot.parts for hit in self.in_bytes(part, name)]

    def in_files(self, folder: Path) -> list[Hit[S]]:
        """Every file below a folder, and their names."""
        return self.in_paths(files_below(folder), folder)

    def in_paths(self, files: Iterable[Path], folder: Path) -> list[Hit[S]]:
        """These files, named as they lie below the folder; one that is gone by now holds nothing."""
        hits: list[Hit[S]] = []
        for path in files:
            with suppress(FileNotFoundError):
                content = np.frombuffer(path.read_bytes(), np.uint8)
                hits += self.in_bytes(content, str(path.relative_to(folder)))
        return hits

    def _candidates(self, part: UInt8) -> Places:
        """Addresses, multiples of 16, at which a secret's block lies."""
        halves = part[: len(part) // BLOCK * BLOCK].view(np.uint64).reshape(-1, 2)
        maybe = np.flatnonzero(halves[:, 0])  # most memory is empty
        keys = _key(halves[maybe])
        likely = self._table[_slot(keys)]
        maybe, keys = maybe[likely], keys[likely]
        rank = np.searchsorted(self._keys, keys)
        known = self._keys[np.minimum(rank, len(self._keys) - 1)] == keys
        found: Places = maybe[known] * BLOCK
        return found

    def _follow(self, content: UInt8, at: int, longest: dict[int, int]) -> None:
        """Measure the run around a block, for every secret that has such a block."""
        key = _key(content[at : at + BLOCK].copy().view(np.uint64).reshape(1, 2))[0]
        first = int(np.searchsorted(self._keys, key, "left"))
        after = int(np.searchsorted(self._keys, key, "right"))
        for home in self._at[first:after].tolist():
            number = int(np.searchsorted(self._starts, home, "right")) - 1
            if number in longest:
                continue
            begins, ends = self._starts[number : number + 2].tolist()
            before, length = _run(content, at, self._all[begins:ends], home - begins)
            run = content[at - before : at - before + length]
            # A key is shorter than a window; the whole of it counts.
            if length >= min(WINDOW, ends - begins) and len(np.unique(run)) >= VARIED:
                longest[number] = length


def files_below(folder: Path) -> list[Path]:
    """In order; whoever owns the folder may be at work in it."""
    files = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return [each for each in sorted(files) if each.is_file() and not each.is_symlink()]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What a process held at one instant: all that it can write, and all that is no file's."""

    parts: list[tuple[str, UInt8]] = field(repr=False)

    @property
    def size(self) -> int:
        return sum(len(part) for _, part in self.parts)


def may_read_memory(*, of_a_child: bool = False) -> bool:
    """Whether this process may read another's memory: any, or a plain child's.

    A camera's process closes its memory to its own account, root's included; only the right to
    trace (CAP_SYS_PTRACE), which containers mostly take from root, opens it.
    """
    if sys.platform != "linux":
        return False
    rights = re.search(r"^CapEff:\t(\w+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    may_trace = rights is not None and bool(int(rights[1], 16) >> CAP_SYS_PTRACE & 1)
    yama = Path("/proc/sys/kernel/yama/ptrace_scope")
    strictness = int(yama.read_text()) if yama.exists() else 0
    return strictness < 3 and (may_trace or (of_a_child and strictness < 2))


@dataclass(frozen=True, slots=True)
class Opened:
    """A process whose memory may be read through files that were opened while it was open."""

    pid: int
    memory: int
    """A descriptor of its /proc/PID/mem."""
    maps: int

    def snapshot(self) -> Snapshot:
        """Copy its memory while it stands still; it may go on before anybody searches."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            _until_stopped(self.pid)
            return Snapshot(list(_memory_of(self.memory, self.maps)))
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def lives(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def close(self) -> None:
        os.close(self.memory)
        os.close(self.maps)


def open_memory(process: int | str) -> tuple[int, int]:
    """Open a process's memory and the list of its stretches; "self" is the one that asks."""
    memory = os.open(f"/proc/{process}/mem", os.O_RDONLY | os.O_CLOEXEC)
    return memory, os.open(f"/proc/{process}/maps", os.O_RDONLY | os.O_CLOEXEC)


def snapshot(pid: int) -> Snapshot:
    """Copy the memory of a process that this one may trace."""
    opened = Opened(pid, *open_memory(pid))
    try:
        return opened.snapshot()
    finally:
        opened.close()


def _until_stopped(pid: int) -> None:
    threads = Path(f"/proc/{pid}/task")
    while any("State:\tT" not in (t / "status").read_text() for t in threads.iterdir()):
        time.sleep(0.001)


def _memory_of(memory: int, maps: int) -> Iterator[tuple[str, UInt8]]:
    """Name and content of each stretch, in parts that overlap by a window."""
    for start, end, name in _stretches(_read_whole(maps).decode().splitlines()):
        for at in range(start, end, READ):
            size = min(READ + WINDOW, end - at)
            try:
                part = np.frombuffer(os.pread(memory, size, at), np.uint8)
            except OSError:  # the kernel's own pages ([vvar], devices) cannot be read
                continue
            if part.any():
                yield f"{name} at {at:x}", part


def _read_whole(handle: int) -> bytes:
    os.lseek(handle, 0, os.SEEK_SET)
    parts = []
    while part := os.read(handle, READ):
        parts.append(part)
    return b"".join(parts)


def _stretches(lines: Iterable[str]) -> list[tuple[int, int, str]]:
    """Start, end and name of what is to be read; neighbours are joined."""
    joined: list[tuple[int, int, str]] = []
    for line in lines:
        span, rights, _, _, inode, *name = line.split(maxsplit=5)
        if "r" not in rights or ("w" not in rights and inode != "0"):
            continue
        start, end = (int(side, 16) for side in span.split("-"))
        label = name[0] if name else "memory"
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end, joined[-1][2])
        else:
            joined.append((start, end, label))
    return joined


def _varied_blocks(secret: UInt8) -> Places:
    """Where a block begins that is worth looking for."""
    if len(secret) < BLOCK:
        return np.zeros(0, np.intp)
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(secret, HALF), axis=1)
    varied = (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1) + 1 >= VARIED_HALF
    return np.flatnonzero(varied[:-HALF] & varied[HALF:])


def _keys_at(content: UInt8, at: Places) -> Words:
    """The keys of the blocks that begin at these places."""
    eights = np.lib.stride_tricks.sliding_window_view(content, HALF)
    halves = [np.ascontiguousarray(eights[at + shift]).view(np.uint64) for shift in (0, HALF)]
    return _key(np.concatenate(halves, axis=1))


def _key(halves: Words) -> Words:
    """One number for each block; two blocks hardly ever share one, and runs are measured anyway."""
    keys: Words = halves[:, 0] * _MIX[0] + halves[:, 1] * _MIX[1]
    return keys


def _slot(keys: Words) -> Words:
    """Where a key stands in the table."""
    slots: Words = (keys * _MIX[0]) >> np.uint64(64 - TABLE_BITS)
    return slots


def _run(content: UInt8, at: int, secret: UInt8, home: int) -> tuple[int, int]:
    """How many bytes before a block are the same in both, and how many in all."""
    before = _alike(content[:at][::-1], secret[:home][::-1])
    return before, before + _alike(content[at:], secret[home:])


def _alike(one: UInt8, other: UInt8) -> int:
    size = min(len(one), len(other))
    differ = np.flatnonzero(one[:size] != other[:size])
    return int(differ[0]) if len(differ) else size


def processes_below(pid: int) -> dict[int, str]:
    """The processes that this one started, and theirs, with their command lines."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = re.search(r"^PPid:\t(\d+)$", status.read_text(), re.MULTILINE)
        except OSError:  # it ended meanwhile
            continue
        if parent:
            parents.setdefault(int(parent[1]), []).append(int(status.parent.name))
    found: dict[int, str] = {}
    waiting = list(parents.get(pid, []))
    while waiting:
        child = waiting.pop()
        command = Path(f"/proc/{child}/cmdline").read_bytes()
        found[child] = command.replace(b"\0", b" ").decode(errors="replace")
        waiting += parents.get(child, [])
    return found
