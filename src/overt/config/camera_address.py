"""Secrets in a camera's address: `{secret:NAME}` stands for one, a literal one is refused.

The signed file, events, logs and errors only ever hold the placeholder. Whoever opens the
camera fills it in, in the process that opens it.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, quote

PLACEHOLDER: Final = re.compile(r"\{secret:([A-Za-z0-9][A-Za-z0-9._-]{0,63})\}")
SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
TELLING: Final = re.compile(
    r"pass(word|wd)?|pwd|token|auth|secret|api_?key|key|sig(nature)?", re.IGNORECASE
)
"""Names of query fields whose literal value would be a secret."""
TELLING_ANYWHERE: Final = re.compile(
    r"([A-Za-z_]*(?:pass?|pwd|token|secret)[A-Za-z]*)=[^&;_/#]", re.IGNORECASE
)
"""Cameras take passwords in the path too (`/user=admin_password=..._channel=1`), under many names."""
SAFE_IN_USER: Final = "%!$&'()*+,;=-._~"
"""RFC 3986 userinfo without the colon, which parts user from password. A percent sign stays: cameras'
manuals print passwords already encoded."""


def secrets_named(source: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(PLACEHOLDER.findall(source)))


def with_secrets(source: str, secrets: Mapping[str, str]) -> str:
    """Fill in the secrets, encoded for the part of the address where each stands."""
    scheme = SCHEME.match(source)
    host_from = source.rfind("@") if scheme else -1

    def fill(found: re.Match[str]) -> str:
        value = secrets[found[1]]
        if scheme is None:
            return value
        if found.start() < host_from:
            return ":".join(quote(part, safe=SAFE_IN_USER) for part in value.split(":", 1))
        return quote(value, safe="")

    return PLACEHOLDER.sub(fill, source)


def address_fault(source: str) -> str | None:
    """Say what must not stand in a signed address, without repeating it; None if nothing."""
    rest = PLACEHOLDER.sub("", source)
    if "{secret" in rest:
        return "a malformed secret; write {secret:NAME} with a name of letters, digits, . _ and -"
    if SCHEME.match(source) is None:
        return None
    authority = re.split(r"[/?#]", rest.split("://", 1)[1], maxsplit=1)[0]
    user, at, _ = authority.rpartition("@")
    if at and user.partition(":")[2]:
        return _no_literal("a password")
    query = rest.partition("?")[2].partition("#")[0]
    for name, value in parse_qsl(query):
        if value and TELLING.fullmatch(name):
            return _no_literal(f"a value for {name!r}")
    if found := TELLING_ANYWHERE.search(rest.split("://", 1)[1]):
        return _no_literal(f"a value for {found[1]!r}")
    return None


def _no_literal(what: str) -> str:
    return (
        f"{what} stands in the address; keep it with `overt secrets set NAME` and write "
        "{secret:NAME} in its place"
    )
