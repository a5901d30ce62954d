"""Verify an exported log from the file and a public key alone, byte for byte.

The file is (1) the lines of the log, each in canonical form and ended by one newline; (2) numbered
from 0 without a gap; (3) with times that never step back; (4) then one line {"checkpoint": ...},
in canonical form and ended by a newline, and nothing after it; (5) whose signature by the given
key holds; (6) whose size and root are those of the lines; and, given an earlier checkpoint,
(7) whose first lines are those that the earlier one committed to. Where lines were sealed because
their time was over, (8) one line before all others stands for them with the edges of their tree,
(2) counts on from there, (6) covers them too, and a later line must tell of the sealing. Anything
else is refused, with the number of the line and the reason.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from overt.audit.checkpoint import Checkpoint, open_checkpoint
from overt.audit.events import AuditEvent
from overt.audit.line import Line, read_canonical, read_line
from overt.audit.note import Verifier
from overt.audit.tree import CompactRange, TreeHash, leaf_hash
from overt.errors import Refused
from overt.units import UtcTime

NOTHING_SEALED: Final = CompactRange()
_SEALED: Final = b'{"sealed":'
_CHECKPOINT: Final = b'{"checkpoint":'  # no line of the log can begin so: its keys are sorted


@dataclass(frozen=True, slots=True)
class Verified:
    checkpoint: Checkpoint
    lines: int
    last_at: UtcTime | None
    since: Checkpoint | None
    signed: str
    """The checkpoint as the signed note that it is."""
    sealed: int = 0
    """How many lines were sealed: the log begins after them."""


@dataclass(slots=True)
class _Log:
    """The log as read so far."""

    tree: CompactRange
    sealed: CompactRange = NOTHING_SEALED
    told_of: bool = True
    """Whether a line tells of the sealing."""
    last: Line | None = None
    prefix_root: TreeHash | None = None
    checkpoint: Checkpoint | None = None
    signed: str = ""


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
    last_at = log.last.at if log.last else None
    return Verified(
        log.checkpoint, log.tree.size, last_at, since, signed=log.signed, sealed=log.sealed.size
    )


def _take(log: _Log, raw: bytes, verifier: Verifier, since: Checkpoint | None) -> None:
    if log.checkpoint is not None:
        raise Refused("there is something after the checkpoint")
    if raw.startswith(_CHECKPOINT):
        log.checkpoint = _closing(raw, verifier, log)
    elif raw.startswith(_SEALED):
        _begin_after(log, raw, since)
    else:
        _append(log, raw, since)


def _begin_after(log: _Log, raw: bytes, since: Checkpoint | None) -> None:  # (8)
    if log.tree.size:
        raise Refused("lines are sealed from the first on, and told of once")
    log.tree = log.sealed = _sealed_range(read_canonical(_unended(raw)))
    log.told_of = False
    if since is not None and since.head.size == log.tree.size:
        log.prefix_root = log.tree.root()


def _sealed_range(told: Mapping[str, object]) -> CompactRange:
    match told:
        case {"sealed": {"edges": list(edges), "size": int(size), **more}, **others} if (
            size > 0 and not more and not others
        ):
            hashes = (TreeHash(_hash(edge)) for edge in edges)
            try:
                return CompactRange(size, tuple(hashes))
            except ValueError as error:
                raise Refused(f"what was sealed does not add up: {error}") from None
    raise Refused("a line for sealed ones gives their number and the edges of their tree")


def _hash(edge: object) -> bytes:
    try:
        raw = base64.b64decode(str(edge), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if base64.b64encode(raw).decode() != edge:
        raise Refused("an edge of the sealed lines is not base64")
    return raw


def read_since(text: str, verifier: Verifier) -> Checkpoint:
    """Open an earlier checkpoint: a signed note, or an earlier export that ends with one."""
    return open_checkpoint(signed_note(text), verifier)


def signed_note(text: str) -> str:
    """Give the signed note that a file is, or ends with."""
    last = text.rstrip("\n").rpartition("\n")[2].encode()
    return _signed(last) if last.startswith(_CHECKPOINT) else text


def _append(log: _Log, raw: bytes, since: Checkpoint | None) -> None:
    leaf = _unended(raw)
    line = read_line(leaf)
    if line.seq != log.tree.size:  # (2)
        raise Refused(f"its seq is {line.seq}; {log.tree.size} is next")
    if log.last is not None and line.at < log.last.at:  # (3)
        raise Refused("its time is before that of the line above")
    log.tree = log.tree.append(leaf_hash(leaf))
    log.last = line
    if line.event == AuditEvent.LOG_SEALED.value and line.detail.get("lines") == log.sealed.size:
        log.told_of = log.told_of or line.detail.get("root") == log.sealed.root().hex()
    if since is not None and since.head.size == log.tree.size:
        log.prefix_root = log.tree.root()


def _closing(raw: bytes, verifier: Verifier, log: _Log) -> Checkpoint:
    log.signed = _signed(_unended(raw))
    checkpoint = open_checkpoint(log.signed, verifier)  # (4) (5)
    if checkpoint.head.size != log.tree.size:  # (6)
        raise Refused(
            f"the checkpoint is of {checkpoint.head.size} lines; the file has {log.tree.size}"
        )
    if checkpoint.head.root != log.tree.root():
        raise Refused("the lines are not those that the checkpoint commits to")
    if not log.told_of:
        raise Refused(f"no line tells why the first {log.sealed.size} lines are sealed")
    return checkpoint


def _require_prefix(log: _Log, since: Checkpoint | None) -> None:  # (7)
    if since is None or since.head.size == 0:
        return
    if since.head.size > log.tree.size:
        raise Refused(
            f"rolled back: the earlier checkpoint is of {since.head.size} lines; "
            f"the log has {log.tree.size}"
        )
    if since.head.size < log.sealed.size:
        raise Refused(
            f"the earlier checkpoint is of {since.head.size} lines, and {log.sealed.size} were "
            "sealed since: ask for a proof (overt audit consistency) and verify that"
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
