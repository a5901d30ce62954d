"""What stands before every page: which hosts it answers to, and what a browser may do with it.

A name that is not ours is DNS rebinding or a mistake, and gets nothing. No page is stored, framed
or allowed to load anything from elsewhere.
"""

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}
NO_STORE: Final = "no-store, private"
LARGEST_FORM: Final = 64_000
"""Bytes: a reason and some names. More is no form of ours."""


@dataclass(frozen=True, slots=True)
class Guard:
    app: ASGIApp
    hosts: frozenset[str]
    """What a Host header may be, port included."""
    https: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(scope, MutableHeaders(scope=message))
            await send(message)

        if (refusal := self._refusal(scope)) is not None:
            await refusal(scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return PlainTextResponse("This console does not answer to that name.\n", 421)
        if scope["method"] not in {"GET", "HEAD"} and not self._from_here(headers):
            return PlainTextResponse("This form was sent from another site.\n", 403)
        if not _small(headers):
            return PlainTextResponse("That is more than a form of this console holds.\n", 413)
        return None

    def _from_here(self, headers: Headers) -> bool:
        """Browsers name the page that sent a form; what is not a browser needs the form token."""
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
            return False
        origin = headers.get("origin")
        scheme = "https" if self.https else "http"
        return origin is None or origin in {f"{scheme}://{host}" for host in self.hosts}

    def _add_headers(self, scope: Scope, headers: MutableHeaders) -> None:
        headers.update(HEADERS)
        if self.https:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if not scope["path"].startswith("/static/"):
            headers["Cache-Control"] = NO_STORE


def _small(headers: Headers) -> bool:
    """A form tells its length, and it is short."""
    if "transfer-encoding" in headers:
        return False
    length = headers.get("content-length", "0")
    return length.isdecimal() and int(length) <= LARGEST_FORM
