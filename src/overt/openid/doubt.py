"""Why somebody whom an organisation sent is not let in: a closed list, for the log and in words."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from overt.errors import Refused


class Doubt(Enum):
    NOT_CONFIGURED = "not-configured"
    PROVIDER_AWAY = "provider-away"
    PROVIDER_WRONG = "provider-wrong"
    """What it published or answered is not what OpenID Connect asks of it."""
    PROVIDER_REFUSED = "provider-refused"
    STATE = "state"
    """The answer belongs to no sign-in that this browser began here, or it came before."""
    CODE_REFUSED = "code-refused"
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    NONCE = "nonce"
    NOT_FRESH = "not-fresh"
    NOT_LINKED = "not-linked"
    MAY_NOT_ENTER = "may-not-enter"
    NO_SECOND_FACTOR = "no-second-factor"
    WRONG_CODE = "wrong-code"


D = Doubt

WORDS: Final[Mapping[Doubt, str]] = {
    D.NOT_CONFIGURED: "no organisation is configured: an administrator does it (overt sign-on set)",
    D.PROVIDER_AWAY: "your organisation's sign-in does not answer",
    D.PROVIDER_WRONG: "your organisation's sign-in answered what OpenID Connect does not allow",
    D.PROVIDER_REFUSED: "your organisation did not let you in",
    D.STATE: (
        "this answer belongs to no sign-in that this browser has begun, or it was used before: "
        "begin again"
    ),
    D.CODE_REFUSED: "your organisation does not know this sign-in, or it was used before: begin again",
    D.MALFORMED: "your organisation's statement of who you are cannot be read",
    D.ALGORITHM: "your organisation's statement is not signed in a way that is taken here",
    D.SIGNATURE: "the signature on your organisation's statement is not of its keys",
    D.ISSUER: "the statement of who you are is not your organisation's",
    D.AUDIENCE: "your organisation's statement was made for another program",
    D.EXPIRED: "your organisation's statement is too old: begin again",
    D.NOT_YET: "your organisation's statement is of a time to come: its clock and this one differ",
    D.NONCE: "your organisation's statement is of another sign-in: begin again",
    D.NOT_FRESH: (
        "your organisation does not say that you proved who you are just now (auth_time): someone "
        "who sat here before you may still be signed in there"
    ),
    D.NOT_LINKED: "your organisation says who you are, and no account here is linked to you",
    D.MAY_NOT_ENTER: "the account is disabled, or the training for each of its roles has expired",
    D.NO_SECOND_FACTOR: (
        "your organisation states no second factor, and the account has no authenticator here: an "
        "administrator makes one (overt users credentials)"
    ),
    D.WRONG_CODE: (
        "the code is wrong, or the account waits after too many that were: a code works once; try "
        "again with the next, a little later"
    ),
}


class NotProven(Refused):
    """Who somebody is was not shown; the log learns which doubt, and nothing else."""

    def __init__(self, doubt: Doubt, more: str = "") -> None:
        self.doubt = doubt
        super().__init__(WORDS[doubt] + (f": {more}" if more else ""))
