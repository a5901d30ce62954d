"""Proofs on paper: that a line is in the log, and that a log only appended to an earlier one.

Inclusion is written as C2SP tlog-proof, with the line itself as its extra data; consistency as the
body with which a C2SP witness is asked (`old SIZE`, hashes, an empty line, the new checkpoint).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from overt.audit.checkpoint import Checkpoint, open_checkpoint
from overt.audit.line import Line, read_line
from overt.audit.note import Verifier
from overt.audit.tree import HASH_SIZE, TreeHash, consistent, included, leaf_hash
from overt.errors import Refused

INCLUSION: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_MOST_STEPS: Final = 63
LARGEST_PROOF: Final = 1_100_000
"""Bytes: the longest line, in base64, and what goes with it; nobody reads further."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    leaf: bytes
    index: int
    steps: tuple[TreeHash, ...]
    checkpoint: str

    def __str__(self) -> str:
        head = f"{INCLUSION}\nextra {_encode(self.leaf)}\nindex {self.index}\n"
        return f"{head}{_lines(self.steps)}\n{self.checkpoint}"


@dataclass(frozen=True, slots=True)
class Consistency:
    old_size: int
    steps: tuple[TreeHash, ...]
    checkpoint: str

    def __str__(self) -> str:
        return f"old {self.old_size}\n{_lines(self.steps)}\n{self.checkpoint}"


def read_proof(text: str) -> Inclusion | Consistency | None:
    """Read a proof; None where the text is none at all, Refused where it is a broken one."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or not (lines[0] == INCLUSION or lines[0].startswith("old ")):
        return None
    if lines[0] != INCLUSION:
        return Consistency(_number(lines[0], "old "), _steps(lines[1:]), checkpoint)
    if len(lines) < 3 or not lines[1].startswith("extra "):
        raise Refused("a proof of inclusion gives its line as extra, then its index")
    leaf = _decode(lines[1].removeprefix("extra "))
    return Inclusion(leaf, _number(lines[2], "index "), _steps(lines[3:]), checkpoint)


def verify_inclusion(proof: Inclusion, verifier: Verifier) -> tuple[Line, Checkpoint]:
    """Show that the line is in the log at its index; raise Refused where it is not shown."""
    checkpoint = open_checkpoint(proof.checkpoint, verifier)
    line = read_line(proof.leaf)
    head = checkpoint.head
    shown = included(
        leaf_hash(proof.leaf), proof.index, size=head.size, root=head.root, proof=proof.steps
    )
    if not shown or line.seq != proof.index:
        raise Refused(f"the proof does not show line {proof.index} of the log {checkpoint.origin}")
    return line, checkpoint


def verify_consistency(
    proof: Consistency, verifier: Verifier, earlier: Checkpoint | None
) -> Checkpoint:
    """Show that the log only appended to the earlier checkpoint; raise Refused where not.

    Without an earlier one, only a proof from an empty log shows anything: its checkpoint.
    """
    checkpoint = open_checkpoint(proof.checkpoint, verifier)
    old = 0 if earlier is None else earlier.head.size
    if proof.old_size != old:
        raise Refused(
            f"the proof begins at {proof.old_size} lines, the earlier checkpoint at {old}"
        )
    require_appended(earlier, checkpoint, proof.steps)
    return checkpoint


def require_appended(
    earlier: Checkpoint | None, later: Checkpoint, steps: tuple[TreeHash, ...]
) -> None:
    """Raise Refused where the later checkpoint is shorter, or of another history."""
    if earlier is None or earlier.head.size == 0:
        return
    if later.head.size < earlier.head.size:
        raise Refused(
            f"rolled back: the earlier checkpoint is of {earlier.head.size} lines; "
            f"the log has {later.head.size}"
        )
    if not consistent(earlier.head, later.head, steps):
        raise Refused(
            f"forked: the first {earlier.head.size} lines are not those of the earlier checkpoint"
        )


def _number(line: str, name: str) -> int:
    told = line.removeprefix(name)
    if not line.startswith(name) or not _NUMBER.fullmatch(told):
        raise Refused(f"a proof says {name.strip()} and a number")
    return int(told)


def _steps(lines: list[str]) -> tuple[TreeHash, ...]:
    if len(lines) > _MOST_STEPS:
        raise Refused(f"a proof has at most {_MOST_STEPS} hashes")
    hashes = tuple(TreeHash(_decode(line)) for line in lines)
    if any(len(each) != HASH_SIZE for each in hashes):
        raise Refused("a hash of a proof is 32 bytes in base64")
    return hashes


def _lines(steps: tuple[TreeHash, ...]) -> str:
    return "".join(f"{_encode(step)}\n" for step in steps)


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw or _encode(raw) != text:
        raise Refused("what a proof holds is not base64")
    return raw
