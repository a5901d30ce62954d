"""Who may look: a link that works once, and the session that it opens.

Whoever can read the terminal that started the console may sign in, nobody else. A session ends
after a shift, or with the process. Nothing of it is written down.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from overt.errors import Refused
from overt.units import Seconds, UtcTime, later

A_SHIFT: Final = Seconds(8 * 3600.0)
MOST_SESSIONS: Final = 32


def _digest(text: str) -> bytes:
    """Look secrets up by digest, so that the time it takes tells nothing about them."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


@dataclass(slots=True)
class SignIn:
    now: Callable[[], UtcTime]
    _links: set[bytes] = field(default_factory=set, repr=False)
    _sessions: dict[bytes, UtcTime] = field(default_factory=dict, repr=False)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def new_link(self) -> str:
        """Make a token for one sign-in; any earlier one that nobody used no longer works."""
        token = secrets.token_urlsafe(32)
        self._links = {_digest(token)}
        return token

    def open_session(self, token: str) -> str:
        """Trade a token for a session, once."""
        digest = _digest(token)
        if digest not in self._links:
            raise Refused(
                "this sign-in link was used before or is not from this console; "
                "press Enter where `overt console` runs, and it prints a new one"
            )
        self._links.discard(digest)
        self._drop_ended()
        if len(self._sessions) >= MOST_SESSIONS:
            raise Refused("too many people are signed in; sign out where you no longer work")
        session = secrets.token_urlsafe(32)
        self._sessions[_digest(session)] = later(self.now(), A_SHIFT)
        return session

    def holds(self, session: str) -> bool:
        ends_at = self._sessions.get(_digest(session))
        return ends_at is not None and self.now() < ends_at

    def close_session(self, session: str) -> None:
        self._sessions.pop(_digest(session), None)

    def form_token(self, session: str) -> str:
        """The token that forms of this session carry: another site cannot know it."""
        return hmac.new(self._key, session.encode(), "sha256").hexdigest()

    def knows_form(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())

    def _drop_ended(self) -> None:
        now = self.now()
        self._sessions = {key: ends for key, ends in self._sessions.items() if now < ends}
