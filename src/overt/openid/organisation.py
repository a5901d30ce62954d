"""An organisation that says who its people are: whom overt asks, and as whom.

Nothing is asked of anybody unless an administrator configured one. Everything is fetched from the
issuer's own origin, encrypted; in the open only on this machine.
"""

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from typing import Final, NewType
from urllib.parse import SplitResult, urlsplit

import rfc8785

from overt.errors import Refused

Issuer = NewType("Issuer", str)
"""As the provider writes itself: compared letter by letter."""
Subject = NewType("Subject", str)
"""Whom the provider means, as it writes them; never used again for somebody else."""

LONGEST: Final = 255
"""Characters of an issuer, a client id, a subject (OpenID Connect Core, section 2)."""
_SHOWN: Final = re.compile(r"[^\x00-\x1f\x7f]{1,80}")
_PRINTED: Final = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Organisation:
    name: str
    """On the button."""
    issuer: Issuer
    client_id: str
    strong: tuple[str, ...] = ()
    """Values of `acr` by which it states that there were two factors."""


def organisation(
    name: str, issuer: str, client_id: str, strong: tuple[str, ...] = ()
) -> Organisation:
    """Read what an administrator configures; raise Refused where it cannot be used."""
    if not _SHOWN.fullmatch(name.strip()):
        raise Refused("an organisation has a name of 1 to 80 characters, which the button shows")
    for what, value in (("client id", client_id), *(("acr value", each) for each in strong)):
        if not _PRINTED.fullmatch(value):
            raise Refused(f"{value[:40]!r} is no {what}: 1 to {LONGEST} characters, no spaces")
    return Organisation(name.strip(), issuer_at(issuer), client_id, strong)


def issuer_at(written: str) -> Issuer:
    found = _split(written)
    if found is None or found.query or found.fragment or found.username or found.password:
        raise Refused(
            f"{written[:80]!r} is no issuer: write it as the provider does, "
            "https://sign-in.example.org/realm"
        )
    if not is_private(found):
        raise Refused(
            f"{written[:80]!r} would be asked in the open: an issuer begins with https:// "
            "(http:// only on this machine)"
        )
    return Issuer(written)


def subject(written: str) -> Subject:
    """Read whom a provider means, as an administrator typed it."""
    if not _PRINTED.fullmatch(written):
        raise Refused(
            f"{written[:40]!r} is no subject: take the `sub` that the provider gives the person"
        )
    return Subject(written)


def is_private(address: SplitResult) -> bool:
    return address.scheme == "https" or (address.scheme == "http" and is_this_machine(address))


def is_this_machine(address: SplitResult) -> bool:
    host = address.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_origin(issuer: Issuer, address: str) -> bool:
    """Whether an address that a provider publishes is the issuer's own."""
    found, own = _split(address), urlsplit(issuer)
    return (
        found is not None
        and not found.username
        and (found.scheme, found.hostname, found.port) == (own.scheme, own.hostname, own.port)
    )


def _split(written: str) -> SplitResult | None:
    """The parts of an address; None where it is none, or too long."""
    if len(written) > LONGEST * 4 or not re.fullmatch(r"[\x21-\x7e]+", written):
        return None
    try:
        found = urlsplit(written)
        found.port  # noqa: B018  raises where it is no number
    except ValueError:
        return None
    return found if found.scheme in {"http", "https"} and found.hostname else None


def digest_of(issuer: Issuer, whom: Subject) -> str:
    """What the log says of a person at a provider: no name, and the same each time."""
    return "sha256:" + hashlib.sha256(rfc8785.dumps([issuer, whom])).hexdigest()
