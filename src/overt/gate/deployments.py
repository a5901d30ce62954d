"""A deployment while it runs: opened once, asked every second whether it may go on, closed.

Opening asks every rule anew. Whatever happens later only narrows: people are stood down, keys
revoked, lists deleted, windows end. An end once seen is an end, whatever a clock says later.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import require_handed_over
from overt.gate.authorisation_rows import keep_authorisation
from overt.gate.authority import Presented, case_of, present, subject_of
from overt.gate.door import Door
from overt.gate.false_alerts import faces_of
from overt.gate.life_lines import facts_of, require_move
from overt.gate.list_reading import entries_of, list_named, looked_for
from overt.gate.live_list import live_list
from overt.gate.open_deployment import LiveList, OpenDeployment, Standing
from overt.gate.opening import (
    close_for_good,
    forget_stop,
    opened,
    put_down,
    require_closable,
    require_run,
    run_going_on,
    stood_down,
    why_closed,
    why_paused,
)
from overt.gate.signing import require_rules
from overt.gate.untouched_list import require_untouched
from overt.gate.walk_rows import require_consents
from overt.identifiers import CameraId, DeploymentId, RunId
from overt.policy.access import Actor, Permission
from overt.policy.case import Moment
from overt.policy.life import Move
from overt.records.columns import DeploymentState
from overt.records.home import Lock, run_lock
from overt.records.log import read_state
from overt.records.network_shelf import SealedShelf
from overt.records.records import Records
from overt.records.schema import DeploymentRow, OfficerKeyRow, RunRow, StopRequestRow, WatchlistRow
from overt.records.walk_schema import WalkConsentRow
from overt.records.work import Reading, fresh_id
from overt.units import UtcTime, utc

AUTHORITY: Final = (DeploymentRow, OfficerKeyRow, RunRow, WatchlistRow, WalkConsentRow)
"""What a run rests on."""


class DeploymentGate(Door):
    def __init__(self, records: Records) -> None:
        super().__init__(records)
        self._running: dict[RunId, Lock] = {}
        # Each is held for as long as this process runs the deployment, however it ends.

    def open_deployment(self, actor: Actor, path: Path) -> OpenDeployment:
        """Open a signed deployment that keeps every rule, for one run."""
        self._permit(actor, Permission.DEPLOYMENT_RUN)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_RUN):
            presented = present(path, with_signature=True)
            lock = self._only_run(presented.file.id)
        try:
            self._note_end(actor, presented)
            with self._as(actor, Permission.DEPLOYMENT_RUN) as work:
                work.require_unaltered(*AUTHORITY)
                require_rules(work, presented, Moment.OPENING, behind=self._clock.behind())
                require_handed_over(work, presented.file.profile)
                listed = list_named(work, presented.file.watchlist)
                require_untouched(work, listed)
                standing = [e for e in entries_of(work, listed.id) if looked_for(e, work.now)]
                require_consents(work, presented.file.use_case, standing)
                life = require_move(work, subject_of(presented), Move.OPEN)
                deployment = opened(work, presented, RunId(fresh_id()), life)
                put_down(work, presented, deployment)
        except BaseException:
            lock.release()
            raise
        self._running[deployment.run] = lock
        return deployment

    def join_run(self, actor: Actor, path: Path, run: RunId) -> OpenDeployment:
        """Open the same deployment in the process of one of its cameras."""
        self._permit(actor, Permission.DEPLOYMENT_RUN)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_RUN):
            presented = present(path, with_signature=True)
            with Reading(self._records) as reading:
                reading.require_unaltered(*AUTHORITY)
                require_run(reading, run, presented.file.id)
                require_rules(reading, presented, Moment.JOINING)
                return opened(reading, presented, run, facts_of(reading, subject_of(presented)))

    def live_list(self, actor: Actor, deployment: OpenDeployment) -> LiveList:
        """Unseal the templates of everybody who is looked for, into this process's memory."""
        with self._as(actor, Permission.ALERT_RAISE) as work:
            made = live_list(work, deployment)
            work.audit(
                AuditEvent.WATCHLIST_READ,
                watchlist=deployment.watchlist, deployment=deployment.id, run=deployment.run,
                templates=len(made.gallery.vectors), people=made.gallery.size,
                justification="to watch under the deployment",
            )  # fmt: skip
        return made

    def compiled_networks(self, actor: Actor) -> SealedShelf:
        """Where a camera's networks lie as they were compiled at an earlier start."""
        self._permit(actor, Permission.ALERT_RAISE)
        return SealedShelf(self._records.home, self._records.vault)

    def standing(self, actor: Actor, deployment: OpenDeployment) -> Standing:
        """Say whether a run may go on, and who is not looked for any more."""
        with self._look(actor, Permission.ALERT_RAISE) as reading:
            return Standing(
                why_closed(reading, deployment),
                why_paused(reading, deployment),
                stood_down(reading, deployment),
            )

    def tell_conditions(
        self, actor: Actor, deployment: OpenDeployment, camera: CameraId, *, outside: str | None
    ) -> None:
        """Tell that a camera looks at nobody, for what its pictures are like; or does again (R27)."""
        with self._as(actor, Permission.ALERT_RAISE) as work:
            deployment.camera(camera)
            event = AuditEvent.MATCHING_WENT_ON if outside is None else AuditEvent.MATCHING_PAUSED
            work.audit(
                event,
                deployment=deployment.id, run=deployment.run, camera=camera,
                because=outside or "",
            )  # fmt: skip

    def request_stop(self, actor: Actor, deployment_id: DeploymentId) -> None:
        """Ask a running deployment to stop; its supervisor sees it within a second."""
        with self._as(actor, Permission.DEPLOYMENT_STOP) as work:
            run = run_going_on(work, deployment_id)
            if run is None or self._nobody_runs(deployment_id):
                raise Refused(f"no run of {deployment_id[:64]!r} is going on")
            line = work.audit(AuditEvent.STOP_REQUESTED, deployment=deployment_id, run=run.id)
            work.session.merge(
                StopRequestRow(
                    deployment_id=deployment_id, requested_at=work.now, requested_by=actor.id,
                    governed_by=run.governed_by, audit_id=line, delete_after=run.delete_after,
                )
            )  # fmt: skip

    def close_run(
        self, actor: Actor, deployment: OpenDeployment, summary: Mapping[str, object]
    ) -> str:
        """End a run with its summary; past its window the deployment is closed for good.

        Gives the log's signed checkpoint after it: whoever keeps it can tell a later log from this.
        """
        with self._as(actor, Permission.DEPLOYMENT_RUN) as work:
            require_closable(work)
            run = require_run(work, deployment.run, deployment.id)
            run.ended_at, run.summary = work.now, dict(summary)
            work.audit(
                AuditEvent.RUN_ENDED,
                deployment=deployment.id, run=run.id,
                faces=faces_of(work, run.id, _counted(summary, "passages")),
                alerts=_counted(summary, "alerts"),
                **_ahead(summary, work.now),
            )  # fmt: skip
            forget_stop(work, deployment.id)
            row = work.session.get_one(DeploymentRow, deployment.id)
            if row.digest == deployment.digest and row.state is DeploymentState.OPEN:
                row.state = DeploymentState.SIGNED
                if work.now >= row.closes_at:
                    close_for_good(work, row)
        if (lock := self._running.pop(deployment.run, None)) is not None:
            lock.release()
        with Reading(self._records) as reading:
            connection = reading.session.connection()
            return read_state(connection, self._records.signer.verifier).checkpoint

    def _note_end(self, actor: Actor, presented: Presented) -> None:
        """A genuine authorisation that is over is closed for good, before it is refused."""
        told = presented.signed
        with self._look(actor, Permission.DEPLOYMENT_RUN) as reading:
            case = case_of(reading, presented, Moment.OPENING)
        real = case.signed is not None and case.signed.genuine and not case.signed.changed
        if told is None or not real or case.now < case.file.ends_at:
            return
        if case.ended_at is not None or case.replaced_at is not None:
            return
        with self._as(actor, Permission.DEPLOYMENT_RUN) as work:
            require_closable(work)
            row = work.session.get(DeploymentRow, case.file.id)
            if row is None or row.digest != presented.digest:
                line = work.audit(
                    AuditEvent.DEPLOYMENT_READ,
                    deployment=case.file.id, profile=told.authorisation.profile,
                )  # fmt: skip
                row = keep_authorisation(work, presented, told.authorisation, told.signature, line)
            close_for_good(work, row)

    def _only_run(self, deployment_id: DeploymentId) -> Lock:
        lock = self._run_lock(deployment_id)
        if not lock.alone_at_once():
            lock.release()
            raise Refused(
                f"{deployment_id} is running already; stop it first: overt stop {deployment_id}"
            )
        try:
            lock.note_process()
        except BaseException:
            lock.release()
            raise
        return lock

    def _nobody_runs(self, deployment_id: DeploymentId) -> bool:
        """Whether the process of the run is gone: its lock went with it."""
        lock = self._run_lock(deployment_id)
        free = lock.alone_at_once()
        lock.release()
        return free

    def _run_lock(self, deployment_id: DeploymentId) -> Lock:
        return run_lock(self._records.home, deployment_id)


def _counted(summary: Mapping[str, object], name: str) -> int:
    """What a run counted; nothing where it ended without a summary."""
    found = summary.get(name)
    return found if isinstance(found, int) else 0


def _ahead(summary: Mapping[str, object], now: UtcTime) -> Mapping[str, str]:
    """Until when a recording told of, where it was watched faster than it ran."""
    until = summary.get("seen_until")
    if isinstance(until, str) and utc(datetime.fromisoformat(until)) > now:
        return {"seen_until": until}
    return {}
