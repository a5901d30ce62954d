"""Ask a provider: what it publishes of itself, its keys, and its statement for a code.

Only the issuer's own origin is asked, no redirect is followed, an answer has a few seconds and a
few kilobytes. A provider that does not answer is one clear message.
"""

import base64
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from overt.openid.doubt import Doubt, NotProven
from overt.openid.id_token import Statement
from overt.openid.journey import Journey, Provider
from overt.openid.organisation import Organisation, is_this_machine, same_origin
from overt.units import Seconds

SILENCE: Final = Seconds(5.0)
"""A provider that says nothing for so long is away."""
ALL_IN_ALL: Final = Seconds(10.0)
LARGEST: Final = 256 * 1024
"""Bytes of an answer; a provider's keys are a few thousand."""
_WELL_KNOWN: Final = "/.well-known/openid-configuration"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Whoever answers elsewhere is somebody else."""


def discover(organisation: Organisation) -> Provider:
    """Read what the issuer publishes; raise NotProven where it is away or is not itself."""
    told = _asked(organisation, organisation.issuer.rstrip("/") + _WELL_KNOWN)
    if told.get("issuer") != organisation.issuer:
        raise NotProven(Doubt.PROVIDER_WRONG, "it names itself otherwise than was configured")
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=organisation.issuer,
        authorises_at=_own(organisation, told, "authorization_endpoint"),
        tokens_at=_own(organisation, told, "token_endpoint"),
        keys_at=_own(organisation, told, "jwks_uri"),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        basic=isinstance(methods, list) and "client_secret_basic" in methods,
    )


def fetch_statement(
    organisation: Organisation, secret: str, journey: Journey, code: str
) -> Statement:
    """Trade the code for the statement, and fetch the keys of now, which may be new ones."""
    asked = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": journey.back_to,
        "code_verifier": journey.verifier, "client_id": organisation.client_id,
    }  # fmt: skip
    headers = {}
    if journey.provider.basic:
        pair = f"{quote(organisation.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        asked["client_secret"] = secret
    told = _asked(organisation, journey.provider.tokens_at, asked, headers)
    token = told.get("id_token")
    if not isinstance(token, str):
        raise NotProven(Doubt.PROVIDER_WRONG, "no id_token came for the code")
    keys = _asked(organisation, journey.provider.keys_at)
    return Statement(token, json.dumps(keys), journey.nonce, journey.begun_at)


def _own(organisation: Organisation, told: Mapping[str, Any], name: str) -> str:
    address = told.get(name)
    if not isinstance(address, str) or not same_origin(organisation.issuer, address):
        raise NotProven(
            Doubt.PROVIDER_WRONG, f"{name} is not at {urlsplit(organisation.issuer).netloc}"
        )
    return address


def _asked(
    organisation: Organisation,
    address: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    request = urllib.request.Request(  # noqa: S310  the scheme was checked with the issuer
        address,
        data=None if form is None else urlencode(form).encode(),
        headers={"Accept": "application/json", "User-Agent": "overt", **(headers or {})},
    )
    try:
        with _opener(organisation).open(request, timeout=SILENCE) as answer:
            told = json.loads(_read(answer))
    except urllib.error.HTTPError as answer:
        raise _refusal(answer, asked_for_token=form is not None) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise _away(organisation, error) from None
    except (ValueError, RecursionError):
        raise NotProven(Doubt.PROVIDER_WRONG, "its answer is no JSON") from None
    if not isinstance(told, dict):
        raise NotProven(Doubt.PROVIDER_WRONG, "its answer is no JSON object")
    return told


def _opener(organisation: Organisation) -> urllib.request.OpenerDirector:
    here = is_this_machine(urlsplit(organisation.issuer))
    proxies = (urllib.request.ProxyHandler({}),) if here else ()
    return urllib.request.build_opener(_NoRedirects, *proxies)


def _read(answer: http.client.HTTPResponse) -> bytes:
    told, ends = bytearray(), time.monotonic() + ALL_IN_ALL
    while piece := answer.read1(LARGEST):
        told += piece
        if len(told) > LARGEST:
            raise NotProven(Doubt.PROVIDER_WRONG, "its answer is too long")
        if time.monotonic() > ends:
            raise TimeoutError("it answers too slowly")
    return bytes(told)


def _refusal(answer: urllib.error.HTTPError, *, asked_for_token: bool) -> NotProven:
    """What a status other than 200 means; a code that is old or was used before is its 400."""
    with answer:
        if asked_for_token and answer.code == http.client.BAD_REQUEST:
            return NotProven(Doubt.CODE_REFUSED)
        doubt = Doubt.PROVIDER_AWAY if answer.code >= 500 else Doubt.PROVIDER_WRONG
        return NotProven(doubt, f"it answered {answer.code}")


def _away(organisation: Organisation, error: Exception) -> NotProven:
    why = getattr(error, "reason", None) or error
    said = getattr(why, "strerror", None) or str(why) or type(why).__name__
    return NotProven(
        Doubt.PROVIDER_AWAY,
        f"{urlsplit(organisation.issuer).netloc}, {said}; try again, or sign in with an account's "
        "password and code",
    )
