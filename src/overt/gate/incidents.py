"""False engagements: each has a record, and none is closed before it says what was done (R48)."""

from dataclasses import asdict
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.decisions.incident import IncidentRecord, amended, require_complete
from overt.gate.door import Door
from overt.gate.duties import require_duty
from overt.gate.incident_rows import Incident, done_to_incident, incident_of, keep_record
from overt.gate.register import Register
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Duty
from overt.records.schema import DeploymentRow, IncidentRow
from overt.records.work import UnitOfWork

REDRESS: Final = "redress for a false engagement"
INCIDENTS: Final = Register(
    IncidentRow, (DeploymentRow,), "incident", "overt incidents list",
    ended=lambda row: row.closed_at is not None,
    final="was closed, and its record is final",
)  # fmt: skip


class IncidentGate(Door):
    def incidents(self, actor: Actor) -> tuple[Incident, ...]:
        """Read the incident records, newest first."""
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            INCIDENTS.require_unaltered(work)
            rows = work.session.scalars(
                select(IncidentRow).order_by(IncidentRow.opened_at.desc(), IncidentRow.id)
            ).all()
            work.audit(AuditEvent.INCIDENT_READ, incidents=len(rows), justification=REDRESS)
            return tuple(incident_of(work, row) for row in rows)

    def incident(self, actor: Actor, incident: str) -> Incident:
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            row = INCIDENTS.row(work, incident)
            work.audit(AuditEvent.INCIDENT_READ, incident=row.id, justification=REDRESS)
            return incident_of(work, row)

    def record_incident(self, actor: Actor, incident: str, news: IncidentRecord) -> Incident:
        """Say what was done for the person; what was said before stays unless it is said anew."""
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            row = INCIDENTS.open_row(work, incident)
            record = amended(incident_of(work, row).record, news)
            said = [name for name, value in asdict(news).items() if value is not None]
            work.audit(AuditEvent.INCIDENT_RECORDED, incident=row.id, said=", ".join(said))
            keep_record(work, row, record)
            return incident_of(work, row)

    def close_incident(self, actor: Actor, incident: str) -> Incident:
        """Close a record that says everything; not by whoever judged, sent somebody or engaged."""
        with self._as(actor, Permission.INCIDENT_RECORD) as work:
            row = INCIDENTS.open_row(work, incident)
            require_complete(incident_of(work, row).record)
            done = done_to_incident(work, row)
            require_duty(work, actor, Duty.CLOSE_INCIDENT, done, profile=_profile(work, row))
            work.audit(AuditEvent.INCIDENT_CLOSED, incident=row.id, alert=row.alert_id)
            row.closed_at, row.closed_by = work.now, actor.id
            return incident_of(work, row)


def _profile(work: UnitOfWork, row: IncidentRow) -> str:
    deployment = work.session.get(DeploymentRow, row.deployment_id)
    return deployment.profile if deployment is not None else "one that is gone"
