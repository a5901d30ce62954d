"""Whether a session stands: its row says whose it is, the log whether it was opened and not ended."""

import hashlib
from datetime import timedelta
from enum import Enum
from typing import Final

from overt.audit.events import AuditEvent
from overt.gate.account_standing import Act, is_disabled, lines_of, standing_roles
from overt.policy.access import Actor
from overt.policy.retention import LONGEST_SIGN_IN
from overt.records.schema import SessionRow


class Way(Enum):
    """Where somebody signs in, and how long that lasts."""

    BROWSER = "browser"
    COMMAND_LINE = "command-line"


LASTS: Final = {Way.BROWSER: LONGEST_SIGN_IN, Way.COMMAND_LINE: timedelta(hours=1)}


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def session_holder(act: Act, token: str, way: Way) -> Actor | None:
    """Say who holds the session; None where it has ended, never was, or was opened elsewhere.

    A browser's would else go on, on a command line, after a quarter of an hour without a page.
    """
    row = act.session.get(SessionRow, digest_of(token))
    if row is None or not _stands(act, row, way):
        return None
    return Actor(row.actor_id, standing_roles(act, row.actor_id))


def _stands(act: Act, row: SessionRow, way: Way) -> bool:
    """Whether the log tells of this very session, of no end of it, and its time is not over."""
    if act.now >= row.ends_at or is_disabled(act, row.actor_id):
        return False
    meant = {"account": row.actor_id, "session": row.digest, "way": way.value}
    opened = [
        line
        for line in lines_of(act, AuditEvent.SIGNED_IN)
        if line.seq == row.audit_id
        and all(line.detail.get(name) == fact for name, fact in meant.items())
    ]
    if not opened or act.now >= opened[0].at + LASTS[way]:
        return False
    return not any(
        line.detail.get("session") == row.digest
        or (line.detail.get("everywhere") is True and line.detail.get("account") == row.actor_id)
        for line in lines_of(act, AuditEvent.SIGNED_OUT, AuditEvent.USER_DISABLED)
        if line.seq > row.audit_id
    )
