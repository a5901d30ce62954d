"""What an address may show: nothing of who is allowed to look."""

import re
from typing import Final

SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")


def scheme_of(address: str) -> str | None:
    """The scheme in lower case, or None for a path."""
    found = SCHEME.match(address)
    return found.group(1).lower() if found else None


def redact_address(address: str) -> str:
    """Return the address without user and password, and without query and fragment.

    Everything up to the last @ goes, so that a password with a slash or an @ in it goes whole;
    many cameras take the password in the query.
    """
    found = SCHEME.match(address)
    if not found:
        return address
    after = address[found.end() :].rsplit("@", 1)[-1]
    return found.group(0) + re.split(r"[?#]", after, maxsplit=1)[0]
