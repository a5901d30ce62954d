"""When a provider's statement counts, claim by claim and signature by signature."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.fakes.openid_provider import CLIENT, ELLIPTIC, RSA, OpenIdProvider, unsigned
from tests.fakes.planted_alerts import NOON

from overt.openid.doubt import Doubt, NotProven
from overt.openid.id_token import Identity, Statement, identity_in
from overt.openid.organisation import Issuer, Organisation, Subject

pytestmark = pytest.mark.requirement("R68")

ISSUER: Final = Issuer("https://sign-in.example/realm")
STRONG: Final = "urn:example:two"
FORCE: Final = Organisation("Kent Police", ISSUER, CLIENT, (STRONG,))
Misbehave = Callable[[OpenIdProvider], None]


@pytest.fixture
def provider() -> OpenIdProvider:
    return OpenIdProvider(NOON.timestamp, issuer=ISSUER)


def proved(provider: OpenIdProvider) -> Identity:
    token, keys = provider.states("n-1"), json.dumps(provider.answer("/keys"))
    return identity_in(Statement(token, keys, "n-1", NOON), FORCE, NOON)


def test_a_statement_as_it_should_be_proves_who_somebody_is(provider: OpenIdProvider) -> None:
    assert proved(provider) == Identity(ISSUER, Subject("8f3a-ana"), two_factors=True)


@pytest.mark.parametrize(
    "claims", [{"amr": None}, {"amr": "mfa"}, {"amr": ["pwd"]}, {"amr": None, "acr": ["x"]}]
)
def test_one_factor_is_not_two(provider: OpenIdProvider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    assert not proved(provider).two_factors


@pytest.mark.parametrize("claims", [{"acr": STRONG, "amr": None}, {"amr": ["otp", "mfa"]}])
def test_two_factors_are_what_the_provider_says_they_are(
    provider: OpenIdProvider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert proved(provider).two_factors


def _states(**claims: Any) -> Callable[[OpenIdProvider], None]:
    def misbehave(provider: OpenIdProvider) -> None:
        moved = {
            name: value(int(provider.now())) if callable(value) else value
            for name, value in claims.items()
        }
        provider.claims = moved

    return misbehave


def _signs(sign: Callable[[dict[str, Any], dict[str, Any]], str]) -> Callable[..., None]:
    def misbehave(provider: OpenIdProvider) -> None:
        provider.sign = sign

    return misbehave


def _with_the_public_key_as_a_password(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """What a library would take that lets the statement choose how it is verified."""
    parts = [json.dumps({**header, "alg": "HS256"}), json.dumps(claims)]
    coded = ".".join(base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts)
    mark = hmac.new(RSA.as_pem(private=False), coded.encode(), hashlib.sha256).digest()
    return f"{coded}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def _as_another_key(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode({**header, "alg": "ES256"}, claims, ELLIPTIC)


def _changed_afterwards(header: dict[str, Any], claims: dict[str, Any]) -> str:
    head, _, mark = jwt.encode(header, {**claims, "sub": "eve"}, RSA).split(".")
    return ".".join([head, jwt.encode(header, claims, RSA).split(".")[1], mark])


@pytest.mark.parametrize(
    ("misbehave", "doubt"),
    [
        (_states(nonce="of another sign-in"), Doubt.NONCE),
        (_states(nonce=None), Doubt.NONCE),
        (_states(nonce=7), Doubt.NONCE),
        (_states(aud="another program"), Doubt.AUDIENCE),
        (_states(aud=None), Doubt.AUDIENCE),
        (_states(aud=[CLIENT, "another program"]), Doubt.AUDIENCE),
        (_states(azp="another program"), Doubt.AUDIENCE),
        (_states(iss="https://elsewhere.example"), Doubt.ISSUER),
        (_states(exp=lambda now: now - 61), Doubt.EXPIRED),
        (_states(exp=None), Doubt.MALFORMED),
        (_states(exp=float("nan")), Doubt.MALFORMED),
        (_states(exp=True), Doubt.MALFORMED),
        (_states(iat=lambda now: now + 120), Doubt.NOT_YET),
        (_states(nbf=lambda now: now + 120), Doubt.NOT_YET),
        (_states(auth_time=None), Doubt.NOT_FRESH),
        (_states(auth_time=lambda now: now - 3600), Doubt.NOT_FRESH),
        (_states(sub=""), Doubt.MALFORMED),
        (_states(sub=["8f3a-ana"]), Doubt.MALFORMED),
        (_signs(unsigned), Doubt.ALGORITHM),
        (_signs(_with_the_public_key_as_a_password), Doubt.ALGORITHM),
        (_signs(_as_another_key), Doubt.SIGNATURE),
        (_signs(_changed_afterwards), Doubt.SIGNATURE),
        (_signs(lambda *_: "no statement"), Doubt.MALFORMED),
        (_signs(lambda *_: "é.é.é"), Doubt.MALFORMED),
    ],
)
def test_a_statement_with_a_doubt_proves_nothing(
    provider: OpenIdProvider, misbehave: Misbehave, doubt: Doubt
) -> None:
    misbehave(provider)
    with pytest.raises(NotProven) as refusal:
        proved(provider)
    assert refusal.value.doubt is doubt


def test_two_audiences_are_taken_where_this_program_is_the_authorised_party(
    provider: OpenIdProvider,
) -> None:
    provider.claims = {"aud": [CLIENT, "another program"], "azp": CLIENT}
    assert proved(provider).subject == "8f3a-ana"


@pytest.mark.parametrize("key", [RSA, ELLIPTIC], ids=["RSA", "elliptic"])
def test_a_statement_that_names_no_key_is_tried_with_each(
    provider: OpenIdProvider, key: RSAKey | ECKey
) -> None:
    provider.key, provider.published = key, [ELLIPTIC, RSA]
    provider.sign = lambda header, claims: jwt.encode({"alg": header["alg"]}, claims, key)
    assert proved(provider).subject == "8f3a-ana"


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": "none"},
        {"keys": [None, {}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-0"}, {"kty": "new"}]},
        {"keys": [{"kty": "RSA", "kid": "r-1", "n": "3w", "e": "AQAB"}]},
        {"keys": [{**RSA.as_dict(private=False), "use": "enc"}]},
    ],
)
def test_keys_that_are_none_prove_nothing(provider: OpenIdProvider, keys: dict[str, Any]) -> None:
    statement = Statement(provider.states("n-1"), json.dumps(keys), "n-1", NOON)
    with pytest.raises(NotProven) as refusal:
        identity_in(statement, FORCE, NOON)
    assert refusal.value.doubt is Doubt.SIGNATURE
