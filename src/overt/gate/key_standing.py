"""How an officer's key stands: the row says whose it is, the log if it is trusted, of what rank.

A row that somebody put into the database, or set back to trusted, without a line of the log counts
for nothing.
"""

from collections.abc import Iterator
from typing import Final

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.gate.account_standing import lines_of
from overt.gate.list_reading import Act
from overt.identifiers import ActorId, KeyId
from overt.policy.case import KeyStanding
from overt.records.columns import KeyState
from overt.records.schema import OfficerKeyRow

_TRUSTING: Final = frozenset({AuditEvent.KEY_MADE.value, AuditEvent.KEY_TRUSTED.value})
_TOLD: Final = (AuditEvent.KEY_MADE, AuditEvent.KEY_TRUSTED, AuditEvent.KEY_REVOKED)


def standing_of(act: Act, row: OfficerKeyRow | None) -> KeyStanding:
    if row is None:
        return KeyStanding.UNKNOWN
    told = _told_of(act, row.fingerprint)
    if row.state is KeyState.REVOKED or AuditEvent.KEY_REVOKED.value in told:
        return KeyStanding.REVOKED
    return KeyStanding.TRUSTED if told & _TRUSTING else KeyStanding.UNKNOWN


def rank_of(act: Act, key: KeyId) -> str:
    """The rank with which the key was trusted (R1); blank where none was registered."""
    ranks = (str(line.detail.get("rank", "")) for line in _lines_of(act, key))
    return next((rank for rank in ranks if rank), "")


def vouched_by(act: Act, key: KeyId) -> frozenset[ActorId]:
    """Who made the key or trusted it."""
    return frozenset(line.actor for line in _lines_of(act, key) if line.event in _TRUSTING)


def _told_of(act: Act, key: KeyId) -> frozenset[str]:
    """Which of the events about a key's standing the log tells of this one."""
    return frozenset(line.event for line in _lines_of(act, key))


def _lines_of(act: Act, key: KeyId) -> Iterator[Line]:
    return (line for line in lines_of(act, *_TOLD) if line.detail.get("key") == key)
