"""A secret from a prompt or a pipe, never an argument: other accounts can read those."""

import getpass
import sys

from overt.errors import Refused
from overt.gate.secrets import LONGEST_SECRET


def typed_secret(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    try:
        return sys.stdin.buffer.read(LONGEST_SECRET + 2).decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("the secret is no UTF-8 text") from None
