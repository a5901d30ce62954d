"""One sign-in on its way: what a browser is sent off with, and what it must bring back.

(1) state ties the answer to the browser that began; (2) nonce ties the statement to this sign-in;
(3) the verifier, of which only the hash goes through the browser, ties the code to this program
(PKCE, RFC 7636). All three are made anew each time and work once. (4) The person proves who they
are anew: at a desk that several use, the one before may still be signed in at the provider.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from overt.openid.doubt import Doubt, NotProven
from overt.openid.organisation import Issuer, Organisation
from overt.units import UtcTime

_ERROR: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Provider:
    """What an issuer publishes of itself, as far as it matters here."""

    issuer: Issuer
    authorises_at: str
    tokens_at: str
    keys_at: str
    names_itself: bool
    """It says in its answers who it is (RFC 9207)."""
    basic: bool
    """It takes the client's secret in a header; else in the form."""


@dataclass(frozen=True, slots=True)
class Journey:
    provider: Provider
    back_to: str
    """Where the provider sends the browser: an address that it knows."""
    begun_at: UtcTime
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Return:
    """What the browser brought back in the address."""

    state: str = field(repr=False)
    code: str = field(default="", repr=False)
    issuer: str = ""
    error: str = ""


def set_out(provider: Provider, back_to: str, now: UtcTime) -> Journey:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Journey(provider, back_to, now, state, nonce, verifier)


def address_of(journey: Journey, organisation: Organisation) -> str:
    """Where the browser is sent."""
    asked = {
        "response_type": "code", "scope": "openid", "client_id": organisation.client_id,
        "redirect_uri": journey.back_to, "state": journey.state, "nonce": journey.nonce,
        "code_challenge": challenge_of(journey.verifier), "code_challenge_method": "S256",
        "prompt": "login", "max_age": "0",
    }  # fmt: skip
    if organisation.strong:
        asked["acr_values"] = " ".join(organisation.strong)
    at = journey.provider.authorises_at
    return at + ("&" if urlsplit(at).query else "?") + urlencode(asked)


def challenge_of(verifier: str) -> str:
    hashed = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def require_own(journey: Journey, came: Return) -> None:
    """Raise NotProven unless it is the answer to this very journey, and a code is in it."""
    if not hmac.compare_digest(journey.state.encode(), came.state.encode("utf-8", "replace")):
        raise NotProven(Doubt.STATE)
    named = came.issuer or (None if journey.provider.names_itself else journey.provider.issuer)
    if named != journey.provider.issuer:
        raise NotProven(Doubt.ISSUER)
    if came.error or not came.code:
        said = came.error if _ERROR.fullmatch(came.error) else ""
        raise NotProven(Doubt.PROVIDER_REFUSED, said)
