"""Which provider's signature counts: by a key that it publishes, with an algorithm of public keys."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from overt.openid.doubt import Doubt, NotProven

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "Ed25519",
)  # fmt: skip
SMALLEST_RSA: Final = 2048
"""Bits; six of them in a character of its modulus."""

PublicKey = RSAKey | ECKey | OKPKey


def signed_claims(token: str, published: str) -> Mapping[str, Any]:
    """Read the claims that one of the published keys signed; raise NotProven at a doubt."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, RecursionError):
        raise NotProven(Doubt.MALFORMED) from None
    if header.get("alg") not in ALGORITHMS:
        raise NotProven(Doubt.ALGORITHM)
    for key in _keys(published, header.get("kid")):
        try:
            return jwt.decode(token, key, algorithms=ALGORITHMS).claims
        except UnsupportedAlgorithmError:
            raise NotProven(Doubt.ALGORITHM) from None
        except BadSignatureError:
            continue
        except (JoseError, ValueError, RecursionError):  # a key of another kind or use, say
            continue
    raise NotProven(Doubt.SIGNATURE)


def _keys(published: str, named: object) -> Iterator[PublicKey]:
    """The keys that the header means: the one that it names, or, where it names none, each."""
    told = json.loads(published).get("keys")
    for each in told if isinstance(told, list) else ():
        if not isinstance(each, dict) or (named is not None and each.get("kid") != named):
            continue
        if each.get("kty") == "RSA" and len(str(each.get("n"))) * 6 < SMALLEST_RSA:
            continue
        try:
            key = JWKRegistry.import_key(each)
        except (JoseError, ValueError, TypeError, KeyError):
            continue  # of a kind that is not known here; others may be
        if isinstance(key, RSAKey | ECKey | OKPKey):
            yield key
