"""Whether somebody on a list is still sought: an entry may be stood down at any moment."""

from sqlalchemy import select

from overt.gate.restrictions import restricted
from overt.identifiers import SubjectId
from overt.policy.deployments import past_review
from overt.records.columns import EntryState
from overt.records.schema import AlertRow, DeploymentRow, EntryRow, WatchlistRow
from overt.records.work import UnitOfWork
from overt.units import iso


def no_longer_sought(work: UnitOfWork, row: AlertRow, subject: SubjectId) -> str | None:
    """Say why nobody looks for them any more; None while the entry stands."""
    deployment = work.session.get_one(DeploymentRow, row.deployment_id)
    listed = work.session.scalar(
        select(WatchlistRow).where(
            WatchlistRow.name == row.watchlist,
            WatchlistRow.digest == deployment.watchlist_digest,
        )
    )
    if listed is None:
        return "the watchlist was deleted"
    entry = work.session.scalar(
        select(EntryRow).where(EntryRow.watchlist_id == listed.id, EntryRow.subject_id == subject)
    )
    if entry is None:
        return "the entry was erased"
    if subject in restricted(work):
        return "what is held on them may not be used (restricted)"
    if past_review(entry.review_by, work.now):
        return "the review of the entry is overdue"
    if entry.state is EntryState.STOOD_DOWN:
        return f"stood down at {iso(entry.stood_down_at)}" if entry.stood_down_at else "stood down"
    return None
