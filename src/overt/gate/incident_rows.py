"""The rows of an incident record: opened with the outcome that makes it one, sealed, kept."""

import json
from dataclasses import asdict, dataclass

from overt.audit.events import AuditEvent
from overt.decisions.incident import IncidentRecord
from overt.gate.duties import Done, done_to_alert
from overt.identifiers import ActorId, AlertId, DeploymentId
from overt.policy.conflicts import Duty
from overt.policy.retention import RecordKind, delete_after
from overt.records.schema import AlertRow, IncidentRow
from overt.records.vault import KeyKind, Place
from overt.records.work import UnitOfWork, fresh_id
from overt.units import UtcTime, iso


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    alert: AlertId
    deployment: DeploymentId
    opened_at: UtcTime
    opened_by: ActorId
    """Who said what came of it."""
    engaged_by: tuple[ActorId, ...]
    """Who confirmed the person, spoke to them or said what came of it, as the log tells it."""
    closed_at: UtcTime | None
    closed_by: ActorId | None
    record: IncidentRecord

    def facts(self) -> dict[str, object]:
        return {
            "id": self.id,
            "alert": self.alert,
            "deployment": self.deployment,
            "opened_at": iso(self.opened_at),
            "opened_by": self.opened_by,
            "engaged_by": list(self.engaged_by),
            "closed_at": iso(self.closed_at) if self.closed_at else None,
            "closed_by": self.closed_by,
            **asdict(self.record),
            "missing": list(self.record.missing),
        }


def open_incident(work: UnitOfWork, alert: AlertRow, by: ActorId, line: int) -> str:
    """Open the record within the act that ends the alert."""
    key = work.new_data_key(KeyKind.INCIDENT, line)
    incident = fresh_id()[:12]
    work.audit(AuditEvent.INCIDENT_OPENED, incident=incident, alert=alert.id)
    work.keep(
        IncidentRow(
            id=incident,
            alert_id=alert.id,
            deployment_id=alert.deployment_id,
            opened_at=work.now,
            opened_by=by,
            closed_at=None,
            closed_by=None,
            sealed=key.seal(_written(IncidentRecord()), _place(incident)),
            data_key_id=key.id,
            governed_by=alert.governed_by,
            audit_id=line,
            delete_after=delete_after(RecordKind.INCIDENT, None, work.now),
        )
    )
    return incident


def incident_of(work: UnitOfWork, row: IncidentRow) -> Incident:
    told = json.loads(work.data_key(row.data_key_id).unseal(row.sealed, _place(row.id)))
    return Incident(
        row.id,
        row.alert_id,
        row.deployment_id,
        row.opened_at,
        row.opened_by,
        tuple(sorted(done_to_incident(work, row)[Duty.ENGAGE])),
        row.closed_at,
        row.closed_by,
        IncidentRecord(**told),
    )


def done_to_incident(work: UnitOfWork, row: IncidentRow) -> Done:
    """Who judged, sent somebody and engaged, by the log; whoever opened the record is one of them."""
    done = done_to_alert(work, row.alert_id)
    return {**done, Duty.ENGAGE: {row.opened_by, *done.get(Duty.ENGAGE, ())}}


def keep_record(work: UnitOfWork, row: IncidentRow, record: IncidentRecord) -> None:
    row.sealed = work.data_key(row.data_key_id).seal(_written(record), _place(row.id))


def _written(record: IncidentRecord) -> bytes:
    return json.dumps(asdict(record)).encode()


def _place(incident: str) -> Place:
    return Place("incidents", incident, "record")
