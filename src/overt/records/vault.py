"""The vault: what is sealed at rest, under which key, and how a key is destroyed.

AES-256-GCM with a fresh random 96-bit nonce each time. The table, row and kind that a sealed value
belongs to are authenticated with it, so that one cannot be moved to where another is expected.
There is one data key per watchlist, alert and set of secrets; the master key wraps them, lies in
OVERT_HOME/keys/master.key and is never in the database. To destroy a data key is to delete what it
sealed, from every copy of the database too that is kept apart from its keys.
"""

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from overt.errors import Fault, Refused
from overt.identifiers import KeyId
from overt.memory import wipe
from overt.records.chain import Linker
from overt.records.marks import Marker

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
_FORMAT: Final = b"\x01"
_MASTER: Final = "overt-master-key-1"


class KeyKind(Enum):
    WATCHLIST = "watchlist"
    ALERT = "alert"
    SECRETS = "secrets"
    ACCOUNT = "account"
    INCIDENT = "incident"
    CONSENT = "consent"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value belongs; unsealing it anywhere else fails."""

    table: str
    row: str
    kind: str

    def bound(self) -> bytes:
        return json.dumps([self.table, self.row, self.kind]).encode()


class DataKey:
    """Seals and unseals. It lives as long as the act that asked for it.

    The key itself is held by the cipher, which overwrites it when it goes.
    """

    __slots__ = ("_cipher", "id")

    def __init__(self, key_id: KeyId, raw: bytes) -> None:
        self.id = key_id
        self._cipher = AESGCM(raw)

    def seal(self, plain: bytes, place: Place) -> bytes:
        nonce = secrets.token_bytes(NONCE_SIZE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, plain, place.bound())

    def unseal(self, sealed: bytes, place: Place) -> bytes:
        """Raise Fault where the value was altered, moved or sealed under another key."""
        altered = Fault(
            f"what is sealed in {place.table} {place.row} ({place.kind}) was altered outside "
            "overt, or its key was: restore a backup"
        )
        nonce, ciphertext = sealed[1 : 1 + NONCE_SIZE], sealed[1 + NONCE_SIZE :]
        if sealed[:1] != _FORMAT:
            raise altered
        try:
            return self._cipher.decrypt(nonce, ciphertext, place.bound())
        except (InvalidTag, ValueError):
            raise altered from None


@dataclass(frozen=True, slots=True)
class MasterKey:
    raw: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "MasterKey":
        return cls(AESGCM.generate_key(bit_length=256))

    @property
    def id(self) -> KeyId:
        """Recorded with the installation: tells this key from any other, and nothing more."""
        return KeyId(hashlib.sha256(b"overt master key" + self.raw).hexdigest()[:16])

    def text(self) -> str:
        """Write the key for its file and nothing else."""
        return f"{_MASTER} {self.id} {base64.b64encode(self.raw).decode()}\n"


def read_master_key(text: str) -> MasterKey:
    """Read the file's text; raise Refused where it is damaged."""
    match text.split():
        case [_master, key_id, encoded] if _master == _MASTER:
            pass
        case _:
            raise Refused("it is not a master key of overt, or it was damaged")
    try:
        key = MasterKey(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        raise Refused("it was damaged") from None
    if len(key.raw) != KEY_SIZE or key.id != key_id:
        raise Refused("it was damaged: its key is not the one that its id names")
    return key


class Vault:
    """Wraps data keys under the master key."""

    __slots__ = ("_master", "linker", "marker", "master_key_id")

    def __init__(self, master: MasterKey) -> None:
        self.master_key_id = master.id
        self.marker = Marker.of(master.raw)
        """Makes the marks of rows, with keys of its own."""
        self.linker = Linker.of(master.raw)
        """Makes the links of lines, likewise."""
        self._master = DataKey(master.id, master.raw)

    def new_key(self) -> tuple[DataKey, bytes]:
        """Make a data key; give it, and wrapped as it is kept."""
        key_id = KeyId(secrets.token_hex(16))
        raw = AESGCM.generate_key(bit_length=256)
        made = DataKey(key_id, raw), self._master.seal(raw, _wrapping(key_id))
        wipe(raw)
        return made

    def unwrap(self, key_id: KeyId, wrapped: bytes) -> DataKey:
        raw = self._master.unseal(wrapped, _wrapping(key_id))
        key = DataKey(key_id, raw)
        wipe(raw)
        return key

    def raw(self, key_id: KeyId, wrapped: bytes) -> bytes:
        """The key itself, for the test that looks for it where it must not be."""
        return self._master.unseal(wrapped, _wrapping(key_id))

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Seal under the master key itself: for the log's key in a backup."""
        return self._master.seal(plain, place)

    def unseal(self, sealed: bytes, place: Place) -> bytes:
        return self._master.unseal(sealed, place)


def _wrapping(key_id: KeyId) -> Place:
    return Place("data_keys", key_id, "wrapped")
