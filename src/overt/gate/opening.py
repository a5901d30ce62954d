"""What opening, asking and closing a deployment read and write, each within one act."""

from collections.abc import Iterator

from sqlalchemy import delete, or_, select, update

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import camera_actor
from overt.gate.authorisation_rows import keep_authorisation, narrow_list
from overt.gate.authority import Presented
from overt.gate.evidence import evidence_on_record
from overt.gate.key_standing import standing_of
from overt.gate.life_lines import Subject, facts_of
from overt.gate.list_reading import Act, list_named
from overt.gate.list_standing import sought
from overt.gate.open_deployment import OpenDeployment
from overt.gate.restrictions import restricted
from overt.identifiers import DeploymentId, RunId, SubjectId
from overt.models.manifest import model_id
from overt.policy.case import KeyStanding
from overt.policy.deployments import list_age_until
from overt.policy.equality_evidence import that_decides, wanted_by
from overt.policy.life import ENDED, Stage
from overt.policy.life_rules import answered, why_nobody_is_there
from overt.policy.profile import Profile
from overt.policy.profiles import profile_named
from overt.policy.retention import RETENTION, RecordKind
from overt.policy.rule import Rule
from overt.policy.told import LifeFacts
from overt.rates.drift import Envelope
from overt.records.columns import DeploymentState, EntryState
from overt.records.schema import (
    DeploymentRow,
    EntryRow,
    ManifestRow,
    OfficerKeyRow,
    RunRow,
    StopRequestRow,
    WatchlistRow,
)
from overt.records.work import Reading, UnitOfWork
from overt.templates.load import precision_of
from overt.units import UtcTime, iso

THE_WINDOW_ENDED = "the window ended"


def opened(act: Act, presented: Presented, run: RunId, life: LifeFacts) -> OpenDeployment:
    """Build the authority, after `require_rules` found nothing broken."""
    file, signed, pack = presented.file, presented.signed, presented.pack
    assert signed is not None
    assert pack is not None
    assert file.threshold is not None
    profile = profile_named(file.profile)
    row = list_named(act, file.watchlist)
    too_old = list_age_until(row.imported_at, profile)
    people = sought(act, row, profile, life.signed_line).entries
    return OpenDeployment(
        id=file.id, run=run, digest=presented.digest, profile=profile.name,
        banner=profile.banner, place=file.place, cameras=file.cameras,
        base=presented.path.absolute().parent, watchlist=row.name, watchlist_id=row.id,
        list_size=len(people),
        threshold=file.threshold, pack=pack.manifest.pack_name,
        model=model_id(pack.manifest, precision_of(pack.manifest, file.precision)),
        precision=file.precision, key=signed.authorisation.key,
        closes_at=min(file.ends_at, too_old, row.delete_after),
        actor=camera_actor(file.id),
        governed_by=profile.governs, signed_line=life.signed_line or 0,
        first_line=life.first_line,
        validated=_validated(act, presented, len(people)),
        record_due=_record_due(profile, life),
    )  # fmt: skip


def _validated(act: Act, presented: Presented, people: int) -> tuple[Envelope, ...]:
    """How the faces looked in the test that the deployment goes live on."""
    profile = profile_named(presented.file.profile)
    if profile.envelope is None or presented.pack is None:
        return ()
    wanted = wanted_by(presented.file, profile, pack=presented.pack.digest, people=people)
    found = that_decides(evidence_on_record(act), wanted) if wanted else None
    return found.tested.validated if found else ()


def _record_due(profile: Profile, life: LifeFacts) -> UtcTime | None:
    """When urgent authority ends unless its written record has come (R7)."""
    if profile.urgent is None or life.urgent_since is None:
        return None
    return UtcTime(life.urgent_since + profile.urgent.record_due)


def put_down(work: UnitOfWork, presented: Presented, deployment: OpenDeployment) -> None:
    """Record that a run begins; one that died before is told to have ended."""
    assert presented.signed is not None
    told = presented.signed
    line = work.audit(
        AuditEvent.DEPLOYMENT_OPENED,
        deployment=deployment.id, run=deployment.run, digest=deployment.digest,
        key=deployment.key, profile=deployment.governed_by, model=deployment.model,
        people=deployment.list_size, cameras=len(deployment.cameras),
        closes_at=iso(deployment.closes_at),
    )  # fmt: skip
    row = keep_authorisation(work, presented, told.authorisation, told.signature, line)
    row.state = DeploymentState.OPEN
    work.session.execute(
        update(RunRow)
        .where(RunRow.deployment_id == deployment.id, RunRow.ended_at.is_(None))
        .values(ended_at=work.now)
    )
    forget_stop(work, deployment.id)
    work.keep(
        RunRow(
            id=deployment.run, deployment_id=deployment.id, started_at=work.now, ended_at=None,
            summary=None, governed_by=deployment.governed_by, audit_id=line,
            delete_after=row.delete_after,
        )
    )  # fmt: skip


def forget_stop(work: UnitOfWork, deployment_id: DeploymentId) -> None:
    """A request to stop was for one run, and is not for the next."""
    work.session.execute(
        delete(StopRequestRow).where(StopRequestRow.deployment_id == deployment_id)
    )


def run_going_on(act: Act, deployment_id: DeploymentId) -> RunRow | None:
    return act.session.scalar(
        select(RunRow).where(RunRow.deployment_id == deployment_id, RunRow.ended_at.is_(None))
    )


def require_run(act: Act, run: RunId, deployment_id: DeploymentId) -> RunRow:
    row = act.session.get(RunRow, run)
    if row is None or row.ended_at is not None or row.deployment_id != deployment_id:
        raise Refused(f"run {run[:64]} of {deployment_id[:64]} is not going on")
    return row


def why_closed(act: Act, deployment: OpenDeployment) -> str | None:
    """The first reason for which the run may not go on; None while it may."""
    if (why := no_authority(act, deployment)) is not None:
        return why
    stop = act.session.get(StopRequestRow, deployment.id)
    return f"{stop.requested_by} asked it to stop" if stop else None


def why_paused(act: Act, deployment: OpenDeployment) -> str | None:
    """Why nobody is to be looked at just now; None while the run may look."""
    return _pause(act, deployment, life_of(act, deployment))


def life_of(act: Act, deployment: OpenDeployment) -> LifeFacts:
    """What the log tells of it by now."""
    return facts_of(act, subject_of_run(deployment), deployment.first_line)


def subject_of_run(deployment: OpenDeployment) -> Subject:
    return Subject(deployment.id, deployment.digest, profile_named(deployment.profile))


def _pause(act: Act, deployment: OpenDeployment, life: LifeFacts) -> str | None:
    profile = profile_named(deployment.profile)
    if life.stage is Stage.SUSPENDED:
        return life.suspended_because or "it was suspended"
    if Rule.CHECK_IN in profile.waived:
        return None
    return why_nobody_is_there(life, profile.heartbeat, profile.officers, act.now)


def no_authority(act: Act, deployment: OpenDeployment) -> str | None:
    """Why nobody may be alerted of any more; asked to stop, a run may still tell what it saw."""
    return next(_reasons(act, deployment), None)


def _reasons(act: Act, deployment: OpenDeployment) -> Iterator[str]:
    if act.now >= deployment.closes_at:
        yield THE_WINDOW_ENDED
    row = act.session.get(DeploymentRow, deployment.id)
    run = act.session.get(RunRow, deployment.run)
    if row is None or run is None or run.ended_at is not None:
        yield "the run was ended"
        return
    if row.digest != deployment.digest:
        yield "the deployment was signed anew"
    if row.state in {DeploymentState.CLOSED, DeploymentState.PURGED}:
        yield "the deployment was closed"
    yield from _why_life_ends(act, deployment)
    key = act.session.get(OfficerKeyRow, deployment.key)
    if standing_of(act, key) is not KeyStanding.TRUSTED:
        yield "the officer's key was revoked"
    listed = act.session.get(WatchlistRow, deployment.watchlist_id)
    if listed is None or listed.digest != row.watchlist_digest:
        yield "the watchlist was deleted"


def _why_life_ends(act: Act, deployment: OpenDeployment) -> Iterator[str]:
    """What the log tells, whatever the rows say."""
    life = life_of(act, deployment)
    if life.stage in ENDED:
        yield "the deployment was closed"
    if life.decision is not None and not life.decision.granted:
        yield "the authority that was asked refused it"
    due, independent = (
        deployment.record_due,
        profile_named(deployment.profile).independent_authority,
    )
    if due is not None and act.now >= due and not answered(life, independent=independent):
        yield f"the written record of its urgent authority was due {iso(due)}"


def stood_down(reading: Reading, deployment: OpenDeployment) -> frozenset[SubjectId]:
    """Who is not looked for any more; a review that falls due at midnight counts too (R23).

    Whoever the list once named and does not any more was erased: no row is left to say so.
    """
    named = select(ManifestRow.subject_id).where(
        ManifestRow.watchlist_id == deployment.watchlist_id
    )
    there = select(EntryRow.subject_id).where(EntryRow.watchlist_id == deployment.watchlist_id)
    erased = set(reading.session.scalars(named)) - set(reading.session.scalars(there))
    return restricted(reading).union(
        erased,
        reading.session.scalars(
            select(EntryRow.subject_id).where(
                EntryRow.watchlist_id == deployment.watchlist_id,
                or_(
                    EntryRow.state == EntryState.STOOD_DOWN,
                    EntryRow.review_by < reading.now.date(),
                ),
            )
        ),
    )


def require_closable(work: UnitOfWork) -> None:
    """Ask before an act that closes changes anything: these rows decide whose list dies when."""
    work.require_unaltered(DeploymentRow, RunRow, WatchlistRow)


def close_for_good(work: UnitOfWork, row: DeploymentRow, why: str = THE_WINDOW_ENDED) -> None:
    """It is over: nothing reopens this authorisation, and its list dies if it must.

    After `require_closable`: a row that was edited would get a fresh mark here.
    """
    row.state, row.closed_at, row.closed_reason = DeploymentState.CLOSED, work.now, why
    work.audit(
        AuditEvent.DEPLOYMENT_CLOSED,
        deployment=row.id, digest=row.digest, profile=row.governed_by,
        at_its_end=why == THE_WINDOW_ENDED,
    )  # fmt: skip
    work.session.flush()
    if not RETENTION[row.profile][RecordKind.WATCHLIST].dies_with_deployment:
        return
    needed = select(DeploymentRow.id).where(
        DeploymentRow.watchlist_digest == row.watchlist_digest,
        DeploymentRow.state.not_in((DeploymentState.CLOSED, DeploymentState.PURGED)),
        DeploymentRow.closes_at > work.now,
    )
    if work.session.scalar(needed) is None:
        of_it = select(WatchlistRow).where(WatchlistRow.digest == row.watchlist_digest)
        for listed in work.session.scalars(of_it):
            narrow_list(work, listed, work.now)
