"""Sign-ins through the organisation that are under way, each tied to the browser that began it.

A browser holds a cookie that scripts cannot read; what belongs to it stays here, for some minutes,
and is taken out when it is used: nothing that came back once is taken twice.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from overt.console.sign_in import digest
from overt.openid.id_token import Statement
from overt.openid.journey import Journey
from overt.units import Seconds, UtcTime, later

LASTS: Final = Seconds(10 * 60.0)
MOST: Final = 256
"""Then the oldest gives way: a stranger who begins many keeps nobody out for long."""


@dataclass(frozen=True, slots=True)
class _Kept:
    what: Journey | Statement
    ends_at: UtcTime


@dataclass(slots=True)
class Journeys:
    now: Callable[[], UtcTime]
    _kept: dict[bytes, _Kept] = field(default_factory=dict, repr=False)

    def keep(self, what: Journey | Statement) -> str:
        """Keep a step; give what the browser is to hold."""
        going_on = {key: kept for key, kept in self._kept.items() if self.now() < kept.ends_at}
        while len(going_on) >= MOST:
            going_on.pop(next(iter(going_on)))
        token = secrets.token_urlsafe(32)
        self._kept = {**going_on, digest(token): _Kept(what, later(self.now(), LASTS))}
        return token

    def take_journey(self, token: str) -> Journey | None:
        """Take out the journey that the browser began, if it is there and not too old."""
        what = self._take(token)
        return what if isinstance(what, Journey) else None

    def take_statement(self, token: str) -> Statement | None:
        """Take out the statement that waits for a second factor."""
        what = self._take(token)
        return what if isinstance(what, Statement) else None

    def _take(self, token: str) -> Journey | Statement | None:
        kept = self._kept.pop(digest(token), None)
        return kept.what if kept is not None and self.now() < kept.ends_at else None
