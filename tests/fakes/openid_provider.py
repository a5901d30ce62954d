"""A provider of OpenID Connect on loopback: as the standard says, until a test makes it misbehave.

It authorises by code with PKCE, takes a code once, signs with RSA or elliptic keys, publishes and
rotates them. Whom it lets in is `person`; `claims` and `header` replace what it would have stated.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT: Final = "overt"
SECRET: Final = "between us: 7%+"
RSA: Final = RSAKey.generate_key(2048, {"kid": "r-1", "use": "sig"})
ELLIPTIC: Final = ECKey.generate_key("P-256", {"kid": "e-1", "use": "sig"})
_ALGORITHM: Final = {"RSA": "RS256", "EC": "ES256"}

Key = RSAKey | ECKey


@dataclass(slots=True)
class OpenIdProvider:
    now: Callable[[], float]
    person: str = "8f3a-ana"
    amr: tuple[str, ...] = ("pwd", "mfa")
    key: Key = field(default_factory=lambda: RSA)
    published: list[Key] = field(default_factory=lambda: [RSA])
    claims: dict[str, Any] = field(default_factory=dict)
    """Stated instead; None leaves a claim out."""
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    refuses: str = ""
    """An error that the browser brings back instead of a code."""
    tokens_status: int = 200
    asked: list[str] = field(default_factory=list)
    issuer: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self) -> None:
        """Sign with another key from now on, and publish it alone."""
        self.key = ELLIPTIC if self.key is RSA else RSA
        self.published = [self.key]

    def authorise(self, query: dict[str, str]) -> str:
        """Let the person in; give the address that the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert (query["prompt"], query["scope"]) == ("login", "openid")
        told = {"state": query["state"], "iss": self.issuer}
        if self.refuses:
            told["error"] = self.refuses
        else:
            told["code"] = secrets.token_urlsafe(8)
            self._codes[told["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(told)}"

    def exchange(self, form: dict[str, str], authorised: str) -> tuple[int, dict[str, Any]]:
        client, _, secret = (
            base64.b64decode(authorised.removeprefix("Basic ")).decode().partition(":")
        )
        if (unquote(client), unquote(secret)) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if asked is None or proof.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        assert form["redirect_uri"] == asked["redirect_uri"]
        return self.tokens_status, {
            "token_type": "Bearer",
            "id_token": self.states(asked["nonce"]),
        }

    def states(self, nonce: str) -> str:
        """The signed statement of who somebody is."""
        now = int(self.now())
        claims = {
            "iss": self.issuer, "sub": self.person, "aud": CLIENT, "nonce": nonce,
            "iat": now, "auth_time": now, "exp": now + 300, "amr": list(self.amr), **self.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": _ALGORITHM[self.key.key_type], "kid": self.key.kid, **self.header}
        if self.sign is not None:
            return self.sign(header, claims)
        return jwt.encode(header, claims, self.key)

    def answer(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorise",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            }
        if path == "/keys":
            return {"keys": [key.as_dict(private=False) for key in self.published]}
        return None


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A statement with the algorithm "none", as RFC 7519 writes it."""
    parts = [json.dumps({**header, "alg": "none"}), json.dumps(claims)]
    coded = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*coded, ""])


@contextmanager
def openid_provider(now: Callable[[], float]) -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider(now)

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            provider.asked.append(asked.path)
            if asked.path == "/authorise":
                query = {name: values[0] for name, values in parse_qs(asked.query).items()}
                self.send_response(303)
                self.send_header("Location", provider.authorise(query))
                self.end_headers()
            else:
                self._tell(200, provider.answer(asked.path))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._tell(*provider.exchange(form, self.headers["Authorization"]))

        def _tell(self, status: int, told: dict[str, Any] | None) -> None:
            content = json.dumps(told).encode()
            self.send_response(404 if told is None else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
            """Keep the test's output clean."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    provider.issuer = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
