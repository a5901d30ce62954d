"""Which profile governed what a line of the log tells of: read from the row that the line names.

An act that names an alert, an incident, a run, a deployment or a watchlist names the rules that it
was under; whoever writes the line need not know them. An act that names none of these (an overview,
an account, a key) is under no one profile.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from overt.identifiers import AlertId, DeploymentId, RunId, WatchlistName
from overt.records.schema import AlertRow, DeploymentRow, IncidentRow, RunRow, WatchlistRow

PROFILE: Final = "profile"
NOT_ON_RECORD: Final = "not on record"
"""The line names something of which no row is left, or never was one."""

_ASKED: Final[Mapping[str, Any]] = {
    "incident": lambda name: select(IncidentRow.governed_by).where(IncidentRow.id == name),
    "alert": lambda name: select(AlertRow.governed_by).where(AlertRow.id == AlertId(name)),
    "run": lambda name: select(RunRow.governed_by).where(RunRow.id == RunId(name)),
    "deployment": lambda name: select(DeploymentRow.governed_by).where(
        DeploymentRow.id == DeploymentId(name)
    ),
    "watchlist": lambda name: select(WatchlistRow.governed_by).where(
        WatchlistRow.name == WatchlistName(name)
    ),
}
NAMED: Final = tuple(_ASKED)
"""Facts of a line that name something under a profile, the nearest first."""


def profile_of(session: Session, told: Mapping[str, object]) -> str | None:
    """The profile that a line has to name; None where it has none to name, or names it already."""
    named = [name for name in NAMED if name in told]
    if not named or PROFILE in told:
        return None
    with session.no_autoflush:
        for name in named:
            asked: Select[str] = _ASKED[name](str(told[name]))
            if found := session.scalar(asked):
                return found
    return NOT_ON_RECORD
