"""When nothing about anybody is left of a closed deployment, the log says so, once.

It says so of rows that are as overt left them: while any of them was altered, it says nothing.
"""

from sqlalchemy import exists, select

from overt.audit.events import AuditEvent
from overt.gate.list_reading import Act
from overt.policy.retention import RETENTION, RecordKind
from overt.records.columns import DeploymentState
from overt.records.schema import AlertRow, DeploymentRow, WatchlistRow
from overt.records.work import UnitOfWork

_DECIDING = tuple(t.__tablename__ for t in (DeploymentRow, WatchlistRow, AlertRow))


def may_be_noted(act: Act) -> bool:
    """Whether the rows that decide are to be believed; asked before the act changes any.

    Where they are not, nothing is noted, a purge says so (`altered_dates`), and what is due is
    deleted all the same.
    """
    closed = select(DeploymentRow.id).where(DeploymentRow.state == DeploymentState.CLOSED)
    return act.session.scalar(closed.limit(1)) is not None and not act.alterations(_DECIDING)


def to_be_noted(act: Act) -> list[DeploymentRow]:
    """Closed deployments of which no alert is left, nor a list that dies with them."""
    chosen = select(DeploymentRow).where(
        DeploymentRow.state == DeploymentState.CLOSED,
        ~exists().where(AlertRow.deployment_id == DeploymentRow.id),
    )
    return [row for row in act.session.scalars(chosen) if not _list_is_left(act, row)]


def note_purged(work: UnitOfWork) -> int:
    """Make the move, by the program, after `may_be_noted`; how many were made."""
    rows = to_be_noted(work)
    for row in rows:
        row.state = DeploymentState.PURGED
        work.audit(
            AuditEvent.DEPLOYMENT_PURGED,
            deployment=row.id, digest=row.digest, profile=row.governed_by,
        )  # fmt: skip
    return len(rows)


def _list_is_left(act: Act, row: DeploymentRow) -> bool:
    if not RETENTION[row.profile][RecordKind.WATCHLIST].dies_with_deployment:
        return False  # it was made to outlive a deployment, for the next
    of_it = select(WatchlistRow.id).where(WatchlistRow.digest == row.watchlist_digest)
    return act.session.scalar(of_it) is not None
