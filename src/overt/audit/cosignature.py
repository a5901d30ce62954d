"""Cosignatures of a witness (C2SP tlog-cosignature, cosignature/v1).

A witness states that, at a time, this checkpoint was the newest it had seen of the log, and that it
only appends to every earlier one that the witness cosigned. Its keys are written as the log's are,
with the algorithm byte 4.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overt.audit.note import SIGNER, Note, Signature, checked_name, encode, key_hash, key_parts
from overt.errors import Refused
from overt.units import UtcTime, utc

COSIGNATURE: Final = b"\x04"
_HEADER: Final = "cosignature/v1"
_TIME_SIZE: Final = 8
_SIZE: Final = _TIME_SIZE + 64


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """The public half of a witness."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        return key_hash(self.name, COSIGNATURE, self.public)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{encode(COSIGNATURE + self.public)}"

    def cosigned_at(self, note: Note) -> UtcTime | None:
        """When this witness cosigned the note; None where it did not.

        Raises Refused where a signature under its name and hash does not hold.
        """
        times = [
            self._time_of(each, note.text)
            for each in note.signatures
            if (each.name, each.key_hash) == (self.name, self.key_hash)
        ]
        return max(times, default=None)

    def _time_of(self, signature: Signature, text: str) -> UtcTime:
        value = signature.value
        if len(value) != _SIZE:
            raise Refused(f"the cosignature by {self.name} has not the size of one")
        time = int.from_bytes(value[:_TIME_SIZE])
        key = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            key.verify(value[_TIME_SIZE:], _message(text, time))
            return utc(datetime.fromtimestamp(time, UTC))
        except (InvalidSignature, ValueError, OverflowError, OSError):
            raise Refused(f"the cosignature by {self.name} does not hold") from None


@dataclass(frozen=True, slots=True)
class Cosigner:
    """The private half; it belongs on no machine of the operator."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def new(cls, name: str) -> "Cosigner":
        return cls(checked_name(name), Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def key(self) -> WitnessKey:
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return WitnessKey(self.name, private.public_key().public_bytes_raw())

    def cosign(self, note: Note, at: UtcTime) -> Note:
        """Add this witness's signature, in place of an earlier one of its own."""
        time = int(at.timestamp())
        signed = Ed25519PrivateKey.from_private_bytes(self.seed).sign(_message(note.text, time))
        own = Signature(self.name, self.key.key_hash, time.to_bytes(_TIME_SIZE) + signed)
        others = (s for s in note.signatures if (s.name, s.key_hash) != (own.name, own.key_hash))
        return Note(note.text, (*others, own))

    def secret_text(self) -> str:
        """Write the private key as text, for its file and nothing else."""
        secret = encode(COSIGNATURE + self.seed)
        return f"{SIGNER}{self.name}+{self.key.key_hash.hex()}+{secret}"


def read_witness_key(text: str) -> WitnessKey:
    """Read `name+hash+base64`; raise Refused where it is no key of a witness."""
    name, told, public = key_parts(text.strip(), "public key of a witness", COSIGNATURE)
    key = WitnessKey(name, public)
    if key.key_hash != told:
        raise Refused("the public key's hash is not the hash of its name and key")
    return key


def read_cosigner(text: str) -> Cosigner:
    """Read a witness's private key; raise Refused where it is not one."""
    if not text.startswith(SIGNER):
        raise Refused(f"a private key begins with {SIGNER}")
    what = "private key of a witness"
    name, told, seed = key_parts(text.removeprefix(SIGNER).strip(), what, COSIGNATURE)
    cosigner = Cosigner(name, seed)
    if cosigner.key.key_hash != told:
        raise Refused("the private key's hash is not the hash of its name and key")
    return cosigner


def _message(text: str, time: int) -> bytes:
    return f"{_HEADER}\ntime {time}\n{text}".encode()
