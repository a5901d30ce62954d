"""When a provider's statement counts: OpenID Connect Core 1.0, section 3.1.3.7, step by step.

(1) It is signed with a key that the issuer publishes, by an algorithm with a public key; "none" and
    shared secrets are not taken. (2) It is the configured issuer's. (3) It was made for this
    program: the audience names it, and where there are others, so does the authorised party.
(4) It has not expired, and is not of a time to come. (5) It carries the nonce of this sign-in.
(6) The person proved who they are after this sign-in began. (7) Whether there were two factors is
what `amr` (RFC 8176: "mfa") or an `acr` that was configured says, and nothing else.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from overt.openid.doubt import Doubt, NotProven
from overt.openid.organisation import LONGEST, Issuer, Organisation, Subject
from overt.units import UtcTime

LEEWAY: Final = 60.0
"""Seconds by which the provider's clock and this one may differ."""
LATEST: Final = 1e11
"""Seconds: some three thousand years, in which no statement is made."""
MULTI_FACTOR: Final = "mfa"
PAPE_MULTI_FACTOR: Final = "http://schemas.openid.net/pape/policies/2007/06/multi-factor"


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
    from overt.openid.signature import signed_claims  # loads what only a sign-in needs

    claims = signed_claims(statement.token, statement.keys)  # (1)
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
