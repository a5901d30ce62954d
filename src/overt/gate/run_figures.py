"""What runs stand at: counts of frames, faces and alerts, of nobody in particular.

The supervisor puts them down every ten seconds, so that the console shows them and the log can
tell afterwards what was counted when (R31).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.gate.false_alerts import rate_of_run
from overt.gate.open_deployment import OpenDeployment
from overt.gate.opening import require_run
from overt.identifiers import DeploymentId, RunId
from overt.policy.access import Actor, Permission
from overt.rates.false_alert_rate import FalseAlertRate
from overt.records.schema import DeploymentRow, RunRow
from overt.records.work import Reading
from overt.units import UtcTime

TOLD_IN_THE_LOG: Final = ("frames", "dropped", "passages", "alerts")
SHOWN: Final = 20
"""Runs on one page, the newest first."""


@dataclass(frozen=True, slots=True)
class RunFigures:
    run: RunId
    deployment: DeploymentId
    started_at: UtcTime
    ended_at: UtcTime | None
    figures: Mapping[str, object] | None
    """As in the `stats` event (design §6); None until the first were told."""
    false_alerts: FalseAlertRate | None = None
    """As it stands now, judged since or not; None where the authorisation is gone."""


class RunFiguresGate(Door):
    def note_figures(
        self, actor: Actor, deployment: OpenDeployment, figures: Mapping[str, object]
    ) -> None:
        """Put down what a run stands at; Refused once it is over."""
        with self._as(actor, Permission.DEPLOYMENT_RUN) as work:
            run = require_run(work, deployment.run, deployment.id)
            run.summary = dict(figures)
            told = {name: int(str(figures.get(name, 0))) for name in TOLD_IN_THE_LOG}
            work.audit(AuditEvent.RUN_FIGURES, deployment=deployment.id, run=deployment.run, **told)

    def run_figures(self, actor: Actor) -> Sequence[RunFigures]:
        """Give the newest runs, those that go on among them."""
        with self._look(actor, Permission.DEPLOYMENT_READ) as reading:
            rows = reading.session.scalars(
                select(RunRow).order_by(RunRow.started_at.desc(), RunRow.id).limit(SHOWN)
            )
            return [
                RunFigures(
                    row.id, row.deployment_id, row.started_at, row.ended_at, row.summary,
                    _false_alerts(reading, row),
                )
                for row in rows
            ]  # fmt: skip


def _false_alerts(reading: Reading, row: RunRow) -> FalseAlertRate | None:
    signed = reading.session.get(DeploymentRow, row.deployment_id)
    if signed is None or row.summary is None:
        return None
    faces = int(str(row.summary.get("passages", 0)))
    return rate_of_run(reading, row.id, signed.profile, faces)
