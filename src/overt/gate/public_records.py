"""The public's record of one deployment, read from the log and from what was signed (R58, R60)."""

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.door import Door
from overt.gate.life_lines import as_told
from overt.gate.life_subject import deployment_as_signed, subject_named
from overt.gate.walk_rows import is_walk
from overt.identifiers import DeploymentId
from overt.policy.access import Actor, Permission
from overt.policy.public_record import EVENTS, PublicRecord, public_record


class PublicRecordGate(Door):
    def public_record(self, actor: Actor, deployment_id: DeploymentId) -> PublicRecord:
        """Work the record out anew; of seeded walks there is none (R25)."""
        with self._as(actor, Permission.DEPLOYMENT_EVALUATE) as work:
            subject = subject_named(work, deployment_id)
            if is_walk(work, deployment_id):
                raise Refused(
                    f"{deployment_id} is a seeded walk, which is in no public figure: overt walk "
                    f"report {deployment_id}"
                )
            signed = deployment_as_signed(work, subject)
            lines = lines_of(work, *(AuditEvent(event) for event in sorted(EVENTS)))
            record = public_record(signed, subject.profile.governs, map(as_told, lines))
            work.audit(
                AuditEvent.DEPLOYMENT_READ, deployment=deployment_id,
                justification="its record for the public",
            )  # fmt: skip
            return record
