"""The public's record of one deployment, read from the log and from what was signed (R58, R60)."""

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.door import Door
from overt.gate.life_lines import Subject, as_told, require_move, told_of
from overt.gate.life_subject import deployment_as_signed, subject_named
from overt.gate.walk_rows import is_walk
from overt.identifiers import DeploymentId
from overt.policy.access import Actor, Permission
from overt.policy.evaluation import evaluation_form, figures_digest
from overt.policy.life import Move
from overt.policy.public_record import EVENTS, PublicRecord, public_record
from overt.records.work import UnitOfWork


class PublicRecordGate(Door):
    def public_record(self, actor: Actor, deployment_id: DeploymentId) -> PublicRecord:
        """Work the record out anew; of seeded walks there is none (R25)."""
        with self._as(actor, Permission.DEPLOYMENT_EVALUATE) as work:
            record = record_of(work, subject_named(work, deployment_id))
            work.audit(
                AuditEvent.DEPLOYMENT_READ, deployment=deployment_id,
                justification="its record for the public",
            )  # fmt: skip
            return record

    def evaluation_form(self, actor: Actor, deployment_id: DeploymentId) -> str:
        """The evaluation of a purged deployment, with every figure and no judgement (R58)."""
        with self._as(actor, Permission.DEPLOYMENT_EVALUATE) as work:
            subject = subject_named(work, deployment_id)
            require_move(work, subject, Move.EVALUATE)
            form = form_of(work, subject)
            work.audit(
                AuditEvent.DEPLOYMENT_READ, deployment=deployment_id,
                justification="to evaluate it", figures=figures_digest(form),
            )  # fmt: skip
            return form


def record_of(work: UnitOfWork, subject: Subject) -> PublicRecord:
    if is_walk(work, subject.id):
        raise Refused(
            f"{subject.id} is a seeded walk, which is in no public figure: overt walk "
            f"report {subject.id}"
        )
    signed = deployment_as_signed(work, subject)
    lines = lines_of(work, *(AuditEvent(event) for event in sorted(EVENTS)))
    return public_record(signed, subject.profile.governs, map(as_told, lines))


def form_of(work: UnitOfWork, subject: Subject) -> str:
    told = told_of(work, subject.id)
    return evaluation_form(record_of(work, subject), subject.profile.governs, told)
