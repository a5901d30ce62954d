"""An authorising officer's key pair: its files, its fingerprint, what it signs.

Both files are PEM (RFC 7468) under a line with the officer's name, so that other tools read
them. Whether a key is trusted is not in the file: the records say.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from overt.config.toml_table import CONTROL
from overt.errors import Refused
from overt.identifiers import KeyId

HEADER: Final = "overt officer: "
PEM: Final = re.compile(r"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)
LARGEST_KEY_FILE: Final = 10_000
LONGEST_NAME: Final = 100
LONGEST_RANK: Final = 60


@dataclass(frozen=True, slots=True)
class OfficerKey:
    """A public key and whose it is said to be."""

    name: str
    raw: bytes

    @property
    def id(self) -> KeyId:
        return KeyId(f"ed25519:{sha256(self.raw).hexdigest()[:32]}")

    def made(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def text(self) -> str:
        public = Ed25519PublicKey.from_public_bytes(self.raw)
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return f"{HEADER}{self.name}\n{pem.decode()}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> OfficerKey:
        return OfficerKey(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def text(self) -> str:
        """Write the private key; for its file and nothing else."""
        pem = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return f"{HEADER}{self.name}\n{pem.decode()}"


def officer_name(name: str) -> str:
    """Return the name as it is kept, or refuse it."""
    kept = " ".join(name.split())
    if not kept or len(kept) > LONGEST_NAME or CONTROL.search(name):
        raise Refused(f"{name[:40]!r} is no officer's name; give 1 to {LONGEST_NAME} characters")
    return kept


def officer_rank(rank: str) -> str:
    """Return the rank as it is kept, blank where none is given; it names an office, no person."""
    kept = " ".join(rank.split())
    if len(kept) > LONGEST_RANK or CONTROL.search(rank):
        raise Refused(f"{rank[:40]!r} is no rank; give at most {LONGEST_RANK} characters")
    return kept


def read_public_key(content: bytes, *, file: str) -> OfficerKey:
    name, pem = _parts(content, file=file, kind="PUBLIC KEY")
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(f"{file}: no public key that can be read; take officer.pub") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Refused(f"{file}: a key of another kind than Ed25519; overt keys new makes one")
    return OfficerKey(name, key.public_bytes_raw())


def read_signing_key(content: bytes, *, file: str) -> SigningKey:
    name, pem = _parts(content, file=file, kind="PRIVATE KEY")
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Refused(f"{file}: no private key that can be read; take officer.key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"{file}: a key of another kind than Ed25519; overt keys new makes one")
    return SigningKey(name, key)


def _parts(content: bytes, *, file: str, kind: str) -> tuple[str, bytes]:
    try:
        text = content[: LARGEST_KEY_FILE + 1].decode()
    except UnicodeDecodeError:
        text = ""
    found = PEM.search(text)
    if found is None or len(content) > LARGEST_KEY_FILE:
        raise Refused(f"{file}: no officer's key; overt keys new makes one")
    if found[1] != kind:
        raise Refused(f"{file}: holds a {found[1].lower()}, not a {kind.lower()}")
    said = next((line for line in text.splitlines() if line.startswith(HEADER)), "")
    return officer_name(said.removeprefix(HEADER) or "unnamed"), found[0].encode()
