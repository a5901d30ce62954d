"""Plant a test of the review among the alerts: a pair of images of which the answer is known (R42).

Who is in them has consented, or nobody is. A decoy looks like any alert of an open deployment; a
sealed mark tells it apart, it is in no operational count, and nobody can be sent to one.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from overt.audit.events import AuditEvent
from overt.decisions.case import Listed
from overt.decisions.review import require_words
from overt.decisions.states import AlertState
from overt.errors import Refused
from overt.frames.stills import read_still, still_contents
from overt.gate.alert_moves import require_unaltered_alerts
from overt.gate.alert_rows import Card, box_columns, case_of, heading_of, keep_evidence
from overt.gate.decoy_marks import Mark, is_decoy, keep_mark
from overt.gate.door import Door
from overt.gate.duties import done_to, require_duty
from overt.gate.list_image import as_jpeg
from overt.identifiers import AlertId, DeploymentId, KeyId, SubjectId
from overt.policy.access import Actor, Permission
from overt.policy.conflicts import Duty
from overt.policy.retention import RecordKind, delete_after
from overt.records.columns import EvidenceKind
from overt.records.schema import AlertRow, DeploymentRow
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DecoyOrder:
    """What somebody asks to plant."""

    deployment: DeploymentId
    seen: Path
    """The image that takes the place of the camera's."""
    listed: Path
    subject: SubjectId
    category: str
    same_person: bool
    consent: str
    """How it is known that everybody in the images consented, or that nobody is in them."""


class DecoyGate(Door):
    def plant_decoy(self, actor: Actor, order: DecoyOrder) -> None:
        """Plant a decoy in a deployment that has raised an alert, whose figures it borrows.

        Which alert it became is told to nobody: not even to whoever planted it.
        """
        self._permit(actor, Permission.DECOY_PLANT)
        with self._telling_refusals(actor, Permission.DECOY_PLANT):
            require_words("how everybody in the images consented", order.consent)
            probe, reference = _jpeg(order.seen), _jpeg(order.listed)
        with self._as(actor, Permission.DECOY_PLANT) as work:
            require_unaltered_alerts(work)
            deployment = work.session.get(DeploymentRow, order.deployment)
            if deployment is None or work.now >= deployment.closes_at:
                raise Refused(f"{order.deployment[:64]!r} is not a deployment that is going on")
            done = done_to(work, order.deployment)
            require_duty(work, actor, Duty.PLANT, done, profile=deployment.profile)
            pattern = _pattern(work, order.deployment)
            line = work.audit(
                AuditEvent.DECOY_PLANTED, deployment=order.deployment, consent=order.consent
            )
            key = work.new_data_key(KeyKind.ALERT, line)
            row = _row(work, pattern, order, key_id=key.id, line=line)
            work.keep(row)
            card = Card(_place_of(work, pattern), _listed(order), None)
            pieces = {
                EvidenceKind.PROBE: probe,
                EvidenceKind.SCENE: probe,
                EvidenceKind.REFERENCE: reference,
                EvidenceKind.CARD: card.sealable(),
            }
            keep_evidence(work, row, key, pieces, audit_id=line)
            keep_mark(work, Mark(row.id, order.same_person), line, row.governed_by)


def _jpeg(file: Path) -> bytes:
    return as_jpeg(read_still(still_contents(file, file.name), name=file.name))


def _pattern(work: UnitOfWork, deployment: DeploymentId) -> AlertRow:
    """A real alert whose camera, threshold and list size the decoy borrows."""
    rows = work.session.scalars(
        select(AlertRow).where(AlertRow.deployment_id == deployment).order_by(func.random())
    )
    for row in rows:
        if not is_decoy(work, row.id):
            return row
    raise Refused(
        f"{deployment} has raised no alert yet, and a decoy that comes first would be known for one"
    )


def _place_of(work: UnitOfWork, pattern: AlertRow) -> str:
    return case_of(work, pattern).place


def _listed(order: DecoyOrder) -> Listed:
    return Listed(
        subject_id=order.subject,
        category=order.category,
        status="",
        reason="as on the list",
        response_plan="judge the images; ask before anything else is done",
        image_source="held image",
        image_date="",
    )


def _row(
    work: UnitOfWork, pattern: AlertRow, order: DecoyOrder, *, key_id: KeyId, line: int
) -> AlertRow:
    return AlertRow(
        id=_next_id(work, pattern),
        deployment_id=pattern.deployment_id,
        run_id=pattern.run_id,
        camera_id=pattern.camera_id,
        passage=pattern.passage,
        watchlist=pattern.watchlist,
        subject_id=order.subject,
        reference=0,
        captured_at=work.now,
        raised_at=work.now,
        media_time=pattern.media_time,
        similarity=pattern.similarity,
        threshold=pattern.threshold,
        list_size=pattern.list_size,
        shots=pattern.shots,
        second_subject_id=None,
        second_similarity=None,
        ambiguous=False,
        lookalikes=[],
        model=pattern.model,
        revision=0,
        scene_box=box_columns(None, heading_of(pattern)),
        state=AlertState.RAISED,
        data_key_id=key_id,
        governed_by=pattern.governed_by,
        audit_id=line,
        delete_after=delete_after(
            RecordKind.ALERT,
            work.session.get_one(DeploymentRow, pattern.deployment_id).profile,
            work.now,
        ),
    )


def _next_id(work: UnitOfWork, pattern: AlertRow) -> AlertId:
    """An id of the same form as a camera's, which no alert has."""
    stem = pattern.id.rsplit("-", 1)[0]
    number = 2
    while work.session.get(AlertRow, AlertId(f"{stem}-{number}")) is not None:
        number += 1
    return AlertId(f"{stem}-{number}")
