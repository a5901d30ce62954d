"""Whether somebody on a list is still sought: an entry may be stood down at any moment."""

from sqlalchemy import select

from overt.identifiers import SubjectId
from overt.policy.deployments import past_review
from overt.records.columns import EntryState
from overt.records.schema import AlertRow, DeploymentRow, EntryRow, WatchlistRow
from overt.records.work import UnitOfWork
from overt.units import iso


def no_longer_sought(work: UnitOfWork, row: AlertRow, subject: SubjectId) -> str | None:
    """Say why nobody looks for them any more; None while the entry stands."""
    deployment = work.session.get_one(DeploymentRow, row.deployment_id)
    entry = work.session.scalar(
        select(EntryRow)
        .join(WatchlistRow, WatchlistRow.id == EntryRow.watchlist_id)
        .where(
            WatchlistRow.name == row.watchlist,
            WatchlistRow.digest == deployment.watchlist_digest,
            EntryRow.subject_id == subject,
        )
    )
    if entry is None:
        return "the watchlist was deleted"
    if past_review(entry.review_by, work.now):
        return "the review of the entry is overdue"
    if entry.state is EntryState.STOOD_DOWN:
        return f"stood down at {iso(entry.stood_down_at)}" if entry.stood_down_at else "stood down"
    return None
