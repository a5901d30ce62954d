"""One-time codes from a shared secret and the time: RFC 6238, as every authenticator shows them."""

import base64
import hmac
from typing import Final
from urllib.parse import quote

from overt.units import UtcTime

STEP: Final = 30
"""Seconds that a code is shown."""
DIGITS: Final = 6
SECRET_SIZE: Final = 20
"""Bytes: the size of the hash, as RFC 4226 asks."""
DRIFT: Final = 1
"""Codes before and after the present one that are taken, for clocks that differ."""


def step_at(moment: UtcTime) -> int:
    return int(moment.timestamp()) // STEP


def code_of(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """Give the code of a step: HOTP (RFC 4226) of the number of the step."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), "sha1").digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: bytes, code: str, now: UtcTime, *, after: int) -> int | None:
    """Give the step whose code this is, if it is near and later than the last that was used."""
    present = step_at(now)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        same = hmac.compare_digest(code_of(secret, step).encode(), code.strip().encode())
        if same and step > after:
            found = step
    return found


def address_of(secret: bytes, account: str) -> str:
    """Give the address that an authenticator scans or is typed."""
    shown = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/overt:{quote(account)}?secret={shown}&issuer=overt"
