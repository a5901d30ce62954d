"""Verify an exported log from the file and a public key alone, byte for byte.

The file is (1) the lines of the log, each in canonical form and ended by one newline; (2) numbered
from 0 without a gap; (3) with times that never step back; (4) then one line {"checkpoint": ...},
in canonical form and ended by a newline, and nothing after it; (5) whose signature by the given
key holds; (6) whose size and root are those of the lines; and, given an earlier checkpoint,
(7) whose first lines are those that the earlier one committed to. Anything else is refused, with
the number of the line and the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from overt.audit.checkpoint import Checkpoint, open_checkpoint
from overt.audit.line import Line, read_canonical, read_line
from overt.audit.note import Verifier
from overt.audit.tree import CompactRange, TreeHash, leaf_hash
from overt.errors import Refused
from overt.units import UtcTime

_CHECKPOINT: Final = b'{"checkpoint":'  # no line of the log can begin so: its keys are sorted


@dataclass(frozen=True, slots=True)
class Verified:
    checkpoint: Checkpoint
    lines: int
    last_at: UtcTime | None
    since: Checkpoint | None


@dataclass(slots=True)
class _Log:
    """The log as read so far."""

    tree: CompactRange
    last: Line | None = None
    prefix_root: TreeHash | None = None
    checkpoint: Checkpoint | None = None


def verify(file: Iterable[bytes], verifier: Verifier, since: Checkpoint | None = None) -> Verified:
    """Verify the lines of a file opened in binary; raise Refused at the first that fails.

    `since` has been opened with the same verifier (`read_since`).
    """
    log = _Log(CompactRange())
    number = 0
    for number, raw in enumerate(file, start=1):
        try:
            _take(log, raw, verifier, since)
        except Refused as reason:
            raise Refused(f"line {number}: {reason}") from None
    if log.checkpoint is None:
        raise Refused(f"line {number + 1}: the file ends without a checkpoint: it was cut short")
    _require_prefix(log, since)
    return Verified(log.checkpoint, log.tree.size, log.last.at if log.last else None, since)


def _take(log: _Log, raw: bytes, verifier: Verifier, since: Checkpoint | None) -> None:
    if log.checkpoint is not None:
        raise Refused("there is something after the checkpoint")
    if raw.startswith(_CHECKPOINT):
        log.checkpoint = _closing(raw, verifier, log)
    else:
        _append(log, raw, since)


def read_since(text: str, verifier: Verifier) -> Checkpoint:
    """Open an earlier checkpoint: a signed note, or an earlier export that ends with one."""
    last = text.rstrip("\n").rpartition("\n")[2].encode()
    signed = _signed(last) if last.startswith(_CHECKPOINT) else text
    return open_checkpoint(signed, verifier)


def _append(log: _Log, raw: bytes, since: Checkpoint | None) -> None:
    leaf = _unended(raw)
    line = read_line(leaf)
    if line.seq != log.tree.size:  # (2)
        raise Refused(f"its seq is {line.seq}; {log.tree.size} is next")
    if log.last is not None and line.at < log.last.at:  # (3)
        raise Refused("its time is before that of the line above")
    log.tree = log.tree.append(leaf_hash(leaf))
    log.last = line
    if since is not None and since.head.size == log.tree.size:
        log.prefix_root = log.tree.root()


def _closing(raw: bytes, verifier: Verifier, log: _Log) -> Checkpoint:
    checkpoint = open_checkpoint(_signed(_unended(raw)), verifier)  # (4) (5)
    if checkpoint.head.size != log.tree.size:  # (6)
        raise Refused(
            f"the checkpoint is of {checkpoint.head.size} lines; the file has {log.tree.size}"
        )
    if checkpoint.head.root != log.tree.root():
        raise Refused("the lines are not those that the checkpoint commits to")
    return checkpoint


def _require_prefix(log: _Log, since: Checkpoint | None) -> None:  # (7)
    if since is None or since.head.size == 0:
        return
    if since.head.size > log.tree.size:
        raise Refused(
            f"rolled back: the earlier checkpoint is of {since.head.size} lines; "
            f"the log has {log.tree.size}"
        )
    if log.prefix_root != since.head.root:
        raise Refused(
            f"rewritten: the first {since.head.size} lines are not those of the earlier checkpoint"
        )


def _unended(raw: bytes) -> bytes:
    if not raw.endswith(b"\n"):
        raise Refused("it does not end with a newline: the file was cut short")
    return raw[:-1]


def _signed(raw: bytes) -> str:
    told = read_canonical(raw)
    match told:
        case {"checkpoint": str(signed)} if len(told) == 1:
            return signed
        case _:
            raise Refused("a checkpoint line holds one signed note and nothing else")
