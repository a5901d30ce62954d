"""The authorisation as the records keep it: one row for each deployment id, the newest signed."""

from sqlalchemy import select, update

from overt.gate.authority import Presented
from overt.policy.authorisation import FIRST_LINE, Authorisation
from overt.policy.profiles import NONE_NAMED
from overt.policy.retention import RecordKind, delete_after
from overt.records.columns import DeploymentState
from overt.records.schema import DeploymentRow, ManifestRow, WatchlistRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime


def keep_authorisation(
    work: UnitOfWork, presented: Presented, given: Authorisation, signature: bytes, line: int
) -> DeploymentRow:
    """Put the authorisation down, in place of an earlier one of the same id.

    Signed again unchanged, it keeps its state: what has ended stays ended.
    """
    file = presented.file
    before = work.session.get(DeploymentRow, file.id)
    same = before if before is not None and before.digest == presented.digest else None
    row = work.session.merge(
        DeploymentRow(
            id=file.id, digest=presented.digest,
            payload=given.message().removeprefix(FIRST_LINE), signature=signature,
            key_fingerprint=given.key, profile=file.profile, governed_by=given.profile,
            watchlist_digest=given.watchlist,
            state=same.state if same else DeploymentState.SIGNED,
            opens_at=file.starts_at, closes_at=file.ends_at, signed_at=given.signed_at,
            closed_at=same.closed_at if same else None,
            closed_reason=same.closed_reason if same else None,
            audit_id=line,
            delete_after=delete_after(RecordKind.AUTHORISATION, file.profile, file.ends_at),
        )
    )  # fmt: skip
    work.session.flush()
    _name_the_profile(work, given)
    return row


def _name_the_profile(work: UnitOfWork, given: Authorisation) -> None:
    """A list that was imported under none is governed by what it is signed for first."""
    unnamed = select(WatchlistRow.id).where(
        WatchlistRow.digest == given.watchlist, WatchlistRow.governed_by == NONE_NAMED
    )
    for list_id in work.session.scalars(unnamed).all():
        for table, of_it in (
            (WatchlistRow, WatchlistRow.id == list_id),
            (ManifestRow, ManifestRow.watchlist_id == list_id),
        ):
            work.session.execute(update(table).where(of_it).values(governed_by=given.profile))


def narrow_list(work: UnitOfWork, row: WatchlistRow, until: UtcTime) -> None:
    """Let a list die earlier than it would have; never later."""
    if until < row.delete_after:
        work.session.execute(
            update(WatchlistRow).where(WatchlistRow.id == row.id).values(delete_after=until)
        )
