"""The one form of JSON that digests and signatures cover (RFC 8785)."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import rfc8785

from overt.identifiers import Digest

Json = bool | int | float | str | None | Sequence["Json"] | Mapping[str, "Json"]


def canonical_json(value: Json) -> bytes:
    return rfc8785.dumps(value)


def digest_of(content: bytes) -> Digest:
    return Digest(f"sha256:{sha256(content).hexdigest()}")
