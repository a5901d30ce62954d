"""When a provider's statement counts: OpenID Connect Core 1.0, section 3.1.3.7, step by step.

(1) It is signed with a key that the issuer publishes, by an algorithm with a public key; "none" and
    shared secrets are not taken. (2) It is the configured issuer's. (3) It was made for this
    program: the audience names it, and where there are others, so does the authorised party.
(4) It has not expired, and is not of a time to come. (5) It carries the nonce of this sign-in.
(6) The person proved who they are after this sign-in began. (7) Whether there were two factors is
what `amr` (RFC 8176: "mfa") or an `acr` that was configured says, and nothing else.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from overt.openid.doubt import Doubt, NotProven
from overt.openid.organisation import LONGEST, Issuer, Organisation, Subject
from overt.units import UtcTime

ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    "Ed25519",
)  # fmt: skip
LEEWAY: Final = 60.0
"""Seconds by which the provider's clock and this one may differ."""
LATEST: Final = 1e11
"""Seconds: some three thousand years, in which no statement is made."""
SMALLEST_RSA: Final = 2048
"""Bits; six of them in a character of its modulus."""
MULTI_FACTOR: Final = "mfa"
PAPE_MULTI_FACTOR: Final = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"

PublicKey = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Statement:
    """What a provider said of somebody, and what it was asked: nothing of it is believed yet."""

    token: str = field(repr=False)
    keys: str = field(repr=False)
    """The provider's key set, as it answered."""
    nonce: str = field(repr=False)
    begun_at: UtcTime


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as their organisation has proved it."""

    issuer: Issuer
    subject: Subject
    two_factors: bool


def identity_in(statement: Statement, organisation: Organisation, now: UtcTime) -> Identity:
    """Say whom the statement proves; raise NotProven at the first doubt."""
    claims = _signed_claims(statement)  # (1)
    if claims.get("iss") != organisation.issuer:  # (2)
        raise NotProven(Doubt.ISSUER)
    _require_for(claims, organisation.client_id)  # (3)
    _require_of_now(claims, now)  # (4)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode("utf-8", "replace"), statement.nonce.encode()
    ):  # (5)
        raise NotProven(Doubt.NONCE)
    proved_at = _moment(claims, "auth_time")
    if proved_at is None or proved_at < statement.begun_at.timestamp() - LEEWAY:  # (6)
        raise NotProven(Doubt.NOT_FRESH)
    whom = claims.get("sub")
    if not isinstance(whom, str) or not 0 < len(whom) <= LONGEST:
        raise NotProven(Doubt.MALFORMED)
    return Identity(organisation.issuer, Subject(whom), _two_factors(claims, organisation))  # (7)


def _signed_claims(statement: Statement) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(statement.token.encode()).headers()
    except (JoseError, ValueError, RecursionError):
        raise NotProven(Doubt.MALFORMED) from None
    if header.get("alg") not in ALGORITHMS:
        raise NotProven(Doubt.ALGORITHM)
    for key in _keys(statement.keys, header.get("kid")):
        try:
            return jwt.decode(statement.token, key, algorithms=ALGORITHMS).claims
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


def _require_for(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    meant = [audience] if isinstance(audience, str) else audience
    if not isinstance(meant, list) or client_id not in meant:
        raise NotProven(Doubt.AUDIENCE)
    party = claims.get("azp")
    if party != client_id and (party is not None or len(meant) > 1):
        raise NotProven(Doubt.AUDIENCE)


def _require_of_now(claims: Mapping[str, Any], now: UtcTime) -> None:
    ends, made = _moment(claims, "exp"), _moment(claims, "iat")
    if ends is None or made is None:
        raise NotProven(Doubt.MALFORMED)
    if ends <= now.timestamp() - LEEWAY:
        raise NotProven(Doubt.EXPIRED)
    begins = _moment(claims, "nbf") or made
    if max(begins, made) > now.timestamp() + LEEWAY:
        raise NotProven(Doubt.NOT_YET)


def _moment(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LATEST:
        return None  # not a number too, which is neither before nor after anything
    return float(value)


def _two_factors(claims: Mapping[str, Any], organisation: Organisation) -> bool:
    methods = claims.get("amr")
    if isinstance(methods, list) and MULTI_FACTOR in methods:
        return True
    return claims.get("acr") in (PAPE_MULTI_FACTOR, *organisation.strong)
