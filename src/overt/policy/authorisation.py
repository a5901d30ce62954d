"""What an officer's signature covers, and the file that carries it beside the deployment.

The message signed is a fixed first line and the canonical JSON (RFC 8785) of the payload: the
whole deployment, the watchlist's digest, the pack's digest, the precision and the profile's
version, and the rank of the officer. Nothing that decides whom the cameras look for is outside it.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from overt.config.canonical import Json, canonical_json, digest_of
from overt.config.deployment import DeploymentFile, as_json
from overt.errors import Refused
from overt.identifiers import Digest, KeyId, PackName
from overt.units import UtcTime, iso, utc

FIRST_LINE: Final = b"overt deployment authorisation 1\n"
"""No signature over anything else can be passed off as one over a deployment."""
LARGEST_SIGNATURE_FILE: Final = 4_000_000
FIELDS: Final = (
    "deployment", "watchlist", "pack_name", "pack", "precision", "profile", "key", "signed_at",
)  # fmt: skip


RANK: Final = "rank"


@dataclass(frozen=True, slots=True)
class Authorisation:
    deployment: Mapping[str, Json]
    """The canonical form of the file as it was signed."""
    watchlist: Digest
    pack_name: PackName
    pack: Digest
    precision: str
    profile: str
    key: KeyId
    signed_at: UtcTime
    rank: str = ""
    """Of the officer, as it was registered with the key (R1)."""

    def message(self) -> bytes:
        return FIRST_LINE + canonical_json(self._json())

    def _json(self) -> dict[str, Json]:
        values = (
            self.deployment, self.watchlist, self.pack_name, self.pack, self.precision,
            self.profile, self.key, iso(self.signed_at),
        )  # fmt: skip
        # Only where it stands: what was signed before ranks were registered still reads so.
        rank: dict[str, Json] = {RANK: self.rank} if self.rank else {}
        return {**dict(zip(FIELDS, values, strict=True)), **rank}

    def with_signature(self, signature: bytes) -> bytes:
        """Write the file that goes beside the deployment."""
        whole = {"payload": self._json(), "signature": base64.b64encode(signature).decode()}
        return (json.dumps(whole, indent=1, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature file as read; nothing in it is believed yet."""

    authorisation: Authorisation
    signature: bytes


def deployment_digest(file: DeploymentFile) -> Digest:
    """Names this very authorisation: an end once seen holds for it, whoever signs it again."""
    return digest_of(canonical_json(as_json(file)))


def read_signed(content: bytes, *, file: str) -> Signed:
    if len(content) > LARGEST_SIGNATURE_FILE:
        raise Refused(f"{file}: too large for a signature; sign the deployment again")
    try:
        whole = json.loads(content)
        signed = _signed(**whole)
        signed.authorisation.message()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error) as e:
        raise Refused(f"{file}: damaged or no signature; sign the deployment again") from e
    return signed


def _signed(payload: Mapping[str, Json], signature: str) -> Signed:
    if set(payload) - {RANK} != set(FIELDS) or payload.get(RANK, "-") == "":
        raise KeyError(*set(FIELDS) ^ set(payload))
    return Signed(_authorisation(payload), base64.b64decode(signature, validate=True))


def _authorisation(payload: Mapping[str, Json]) -> Authorisation:
    texts = {name: payload[name] for name in FIELDS if name != "deployment"}
    texts[RANK] = payload.get(RANK, "")
    deployment = payload["deployment"]
    if not isinstance(deployment, Mapping) or not all(isinstance(t, str) for t in texts.values()):
        raise TypeError("payload")
    return Authorisation(
        deployment=deployment,
        watchlist=Digest(str(texts["watchlist"])),
        pack_name=PackName(str(texts["pack_name"])),
        pack=Digest(str(texts["pack"])),
        precision=str(texts["precision"]),
        profile=str(texts["profile"]),
        key=KeyId(str(texts["key"])),
        signed_at=utc(datetime.fromisoformat(str(texts["signed_at"]))),
        rank=str(texts[RANK]),
    )


def changed_fields(signed: Mapping[str, Json], found: Mapping[str, Json]) -> tuple[str, ...]:
    """Name every field in which two deployments differ, with both values."""
    return tuple(_changes("", signed, found))


def _changes(place: str, signed: Json, found: Json) -> Iterator[str]:
    if isinstance(signed, Mapping) and isinstance(found, Mapping):
        for key in sorted({*signed, *found}):
            yield from _changes(f"{place}.{key}".lstrip("."), signed.get(key), found.get(key))
    elif isinstance(signed, list) and isinstance(found, list) and len(signed) == len(found):
        for i, (before, after) in enumerate(zip(signed, found, strict=True), start=1):
            yield from _changes(f"{place} {i}", before, after)
    elif canonical_json(signed) != canonical_json(found):
        yield f"{place}: signed {_short(signed)}, now {_short(found)}"


def _short(value: Json) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
