"""Checkpoints (C2SP tlog-checkpoint): a log's name, size and root, in three signed lines."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from overt.audit.note import Note, Signer, Verifier, read_note
from overt.audit.tree import HASH_SIZE, TreeHash, TreeHead
from overt.errors import Refused

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    """Names the log; the same as its key's name."""
    head: TreeHead

    def __str__(self) -> str:
        root = base64.b64encode(self.head.root).decode()
        return f"{self.origin}\n{self.head.size}\n{root}\n"


def sign_checkpoint(signer: Signer, head: TreeHead) -> Note:
    return signer.sign(str(Checkpoint(signer.name, head)))


def open_checkpoint(signed: str, verifier: Verifier) -> Checkpoint:
    """Check the signature, then read what it covers; raise Refused where either fails."""
    note = read_note(signed)
    verifier.check(note)
    checkpoint = _read(note.text)
    if checkpoint.origin != verifier.name:
        raise Refused(f"the checkpoint is of the log {checkpoint.origin}, not of {verifier.name}")
    return checkpoint


def _read(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) != 3 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise Refused("a checkpoint is three lines: the log's name, its size and its root")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        root = b""
    checkpoint = Checkpoint(lines[0], TreeHead(int(lines[1]), TreeHash(root)))
    if len(root) != HASH_SIZE or str(checkpoint) != text:
        raise Refused("the checkpoint's root is not the base64 of 32 bytes")
    return checkpoint
