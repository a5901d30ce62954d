"""Signed notes (C2SP signed-note): text that any holder of a key's public half can check.

The log's keys travel as the strings that Go's `sumdb/note` made common: `name+hash+base64` for the
verifier, `PRIVATE+KEY+name+hash+base64` for the signer, where base64 holds an algorithm byte
(1 is Ed25519) and the key.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overt.errors import Refused

ED25519: Final = b"\x01"
KEY_SIZE: Final = 32
SIGNATURE_SIZE: Final = 64
HASH_SIZE: Final = 4
_DASH: Final = "— "  # U+2014 and a space open every signature line
SIGNER: Final = "PRIVATE+KEY+"
_NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_MOST_SIGNATURES: Final = 100  # as the Go implementation


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_hash: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    """Ends with a newline; this is what is signed."""
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = (
            f"{_DASH}{each.name} {encode(each.key_hash + each.value)}\n" for each in self.signatures
        )
        return f"{self.text}\n{''.join(lines)}"


@dataclass(frozen=True, slots=True)
class Verifier:
    """The public half: what an auditor needs beside the exported file."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        return key_hash(self.name, ED25519, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{encode(ED25519 + self.public)}"

    def check(self, note: Note) -> None:
        """Raise Refused unless this key signed the note.

        Signatures by other keys (witnesses) are left alone; a bad one under this key's name
        and hash refuses the note even when a good one stands beside it.
        """
        ours = [s for s in note.signatures if (s.name, s.key_hash) == (self.name, self.key_hash)]
        if not ours:
            raise Refused(f"the checkpoint bears no signature by the key {self.name}")
        key = Ed25519PublicKey.from_public_bytes(self.public)
        for each in ours:
            try:
                key.verify(each.value, note.text.encode())
            except InvalidSignature:
                raise Refused(f"the checkpoint's signature by {self.name} does not hold") from None


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half, kept in one file of OVERT_HOME."""

    name: str
    seed: bytes = field(repr=False)
    verifier: Verifier = field(init=False)

    def __post_init__(self) -> None:
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        public = key.public_key().public_bytes_raw()
        object.__setattr__(self, "verifier", Verifier(self.name, public))

    @classmethod
    def new(cls, name: str) -> "Signer":
        return cls(checked_name(name), Ed25519PrivateKey.generate().private_bytes_raw())

    def sign(self, text: str) -> Note:
        if not text.endswith("\n"):
            raise ValueError("the text of a note ends with a newline")
        value = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return Note(text, (Signature(self.name, self.verifier.key_hash, value),))

    def secret_text(self) -> str:
        """Write the private key as text, for its file and nothing else."""
        return f"{SIGNER}{self.name}+{self.verifier.key_hash.hex()}+{encode(ED25519 + self.seed)}"


def read_verifier(text: str) -> Verifier:
    """Read `name+hash+base64`; raise Refused where it is not one, or its hash is another key's."""
    name, told, key = key_parts(text.strip(), "public key")
    verifier = Verifier(name, key)
    if verifier.key_hash != told:
        raise Refused("the public key's hash is not the hash of its name and key")
    return verifier


def read_signer(text: str) -> Signer:
    """Read a private key's text; raise Refused where it is not one."""
    if not text.startswith(SIGNER):
        raise Refused(f"a private key begins with {SIGNER}")
    name, told, seed = key_parts(text.removeprefix(SIGNER).strip(), "private key")
    signer = Signer(name, seed)
    if signer.verifier.key_hash != told:
        raise Refused("the private key's hash is not the hash of its name and key")
    return signer


def read_note(whole: str) -> Note:
    """Split a signed note; raise Refused where it is not exactly one."""
    text, blank, tail = whole.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or not text:
        raise Refused("a signed note is a text, an empty line and signature lines")
    text += "\n"
    if any(ord(c) < ord(" ") and c != "\n" for c in text):
        raise Refused("a signed note holds no control characters")
    lines = tail[:-1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise Refused(f"a signed note has at most {_MOST_SIGNATURES} signatures")
    return Note(text, tuple(_signature(line) for line in lines))


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    value = _decode(encoded)
    whole = line.startswith(_DASH) and space and _NAME.fullmatch(name)
    if not whole or value is None or len(value) <= HASH_SIZE:
        raise Refused("a signature line is a dash, a key name and base64")
    return Signature(name, value[:HASH_SIZE], value[HASH_SIZE:])


def key_parts(text: str, what: str, algorithm: bytes = ED25519) -> tuple[str, bytes, bytes]:
    """Read `name+hash+base64`: the name, the hash as it is told, and the key."""
    parts: Sequence[str] = text.split("+", 2)
    whole = len(parts) == 3 and _NAME.fullmatch(parts[0])
    told = _hexadecimal(parts[1]) if whole else None
    key = _decode(parts[2]) if whole else None
    if told is None or key is None or len(told) != HASH_SIZE:
        raise Refused(f"a {what} of a log is written name+hash+base64, for example overt/x+ab12...")
    if key[:1] != algorithm or len(key) != 1 + KEY_SIZE:
        kind = "an Ed25519 key" if algorithm == ED25519 else f"a key of algorithm {algorithm.hex()}"
        raise Refused(f"the {what} is not {kind}")
    return parts[0], told, key[1:]


def key_hash(name: str, algorithm: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + algorithm + public).digest()[:HASH_SIZE]


def checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"a key's name has no spaces and no plus: {name!r}")
    return name


def encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes | None:
    """Read base64; None unless it is the one way to write these bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encode(raw) == text else None


def _hexadecimal(text: str) -> bytes | None:
    return bytes.fromhex(text) if re.fullmatch(r"(?:[0-9a-f]{2})+", text) else None
