"""Who may look: a link that works once, and the sessions of the gate that this console holds.

Whoever can read the terminal that started the console may sign in by the link, as the account that
started it; everybody else by their own account. The gate opens every session, tells of it, and says
when it ends: after a shift, or when it is signed out. Here it ends after a quarter of an hour
without a page, or with the process.
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
IDLE: Final = Seconds(15 * 60.0)
"""Without a page asked for. The live streams of an open page do not count."""
MOST_SESSIONS: Final = 64


@dataclass(slots=True)
class _Session:
    ends_at: UtcTime
    seen_at: UtcTime


def digest(text: str) -> bytes:
    """Look secrets up by digest, so that the time it takes tells nothing about them."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


@dataclass(slots=True)
class SignIn:
    now: Callable[[], UtcTime]
    _links: set[bytes] = field(default_factory=set, repr=False)
    _sessions: dict[bytes, _Session] = field(default_factory=dict, repr=False)
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def new_link(self) -> str:
        """Make a token for one sign-in; any earlier one that nobody used no longer works."""
        token = secrets.token_urlsafe(32)
        self._links = {digest(token)}
        return token

    def use_link(self, token: str) -> None:
        """Take a token, once. Raises Refused where it is none, or was used."""
        asked = digest(token)
        if asked not in self._links:
            raise Refused(
                "this sign-in link was used before or is not from this console; "
                "press Enter where `overt console` runs, and it prints a new one"
            )
        self._links.discard(asked)

    def adopt(self, session: str, ends_at: UtcTime) -> None:
        """Take in a session that the gate opened."""
        self._drop_ended()
        if len(self._sessions) >= MOST_SESSIONS:
            raise Refused("too many people are signed in; sign out where you no longer work")
        self._sessions[digest(session)] = _Session(ends_at, self.now())

    def holds(self, session: str) -> bool:
        """Whether the session goes on; asking does not prolong it."""
        kept = self._sessions.get(digest(session))
        return kept is not None and self._goes_on(kept)

    def seen(self, session: str) -> bool:
        """As `holds`, when a page is asked for: the quarter of an hour begins anew."""
        kept = self._sessions.get(digest(session))
        if kept is None or not self._goes_on(kept):
            return False
        kept.seen_at = self.now()
        return True

    def _goes_on(self, kept: _Session) -> bool:
        now = self.now()
        return now < kept.ends_at and now < later(kept.seen_at, IDLE)

    def close_session(self, session: str) -> None:
        self._sessions.pop(digest(session), None)

    def form_token(self, session: str) -> str:
        """The token that forms of this session carry: another site cannot know it."""
        return hmac.new(self._key, session.encode(), "sha256").hexdigest()

    def knows_form(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self.form_token(session).encode(), token.encode())

    def _drop_ended(self) -> None:
        going_on = {key: kept for key, kept in self._sessions.items() if self._goes_on(kept)}
        self._sessions = going_on
