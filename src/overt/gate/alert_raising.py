"""How a camera's process raises an alert, and shows a better shot of it.

One act each: the alert, its evidence and the line that tells of it, or nothing. Whether the
deployment is still open and the person still looked for is asked again here, at the last moment,
of the records and not of whoever raises (the value lock).
"""

from dataclasses import dataclass

from sqlalchemy import select

from overt.alerts.alert import Alert
from overt.alerts.evidence import Evidence
from overt.audit.events import AuditEvent
from overt.decisions.case import Listed
from overt.decisions.states import FINAL
from overt.errors import Fault, Refused
from overt.gate.alert_rows import Card, Keeping, alert_row, box_columns, keep_evidence
from overt.gate.door import Door
from overt.gate.list_image import portrait
from overt.gate.list_reading import fields_of
from overt.gate.list_standing import is_sought
from overt.gate.open_deployment import OpenDeployment
from overt.gate.opening import why_closed, why_paused
from overt.identifiers import KeyId, SubjectId
from overt.policy.access import Actor, Permission
from overt.policy.profiles import profile_named
from overt.records.columns import EvidenceKind
from overt.records.places import place_of_image
from overt.records.schema import AlertRow, EntryRow, ImageRow, WatchlistRow
from overt.records.vault import DataKey, KeyKind
from overt.records.work import UnitOfWork
from overt.units import iso


class NotLookedFor(Refused):
    """The person is not on the list, was stood down, or their entry's review is overdue."""


class AlertRaisingGate(Door):
    def raise_alert(
        self, actor: Actor, deployment: OpenDeployment, alert: Alert, evidence: Evidence
    ) -> None:
        """Keep an alert; only then may it be shown, printed or sent anywhere."""
        with self._as(actor, Permission.ALERT_RAISE) as work:
            _require_open(work, deployment, alert)
            if work.session.get(AlertRow, alert.id) is not None:
                raise Refused(f"alert {alert.id} was raised before; a better shot updates it")
            told = _from_the_list(work, deployment, alert)
            line = work.audit(
                AuditEvent.ALERT_RAISED,
                alert=alert.id, deployment=deployment.id, run=deployment.run,
                camera=alert.camera, passage=alert.passage, subject=alert.subject_id,
                list_size=alert.list_size, shots=alert.shots, ambiguous=alert.ambiguous,
                captured_at=iso(alert.captured_at), profile=deployment.governed_by,
            )  # fmt: skip
            key = work.new_data_key(KeyKind.ALERT, line)
            row = alert_row(alert, evidence.box, _keeping(work, deployment, key.id, line))
            work.keep(row)
            keep_evidence(work, row, key, _pieces(evidence, told), audit_id=line)

    def update_alert(
        self, actor: Actor, deployment: OpenDeployment, alert: Alert, evidence: Evidence
    ) -> bool:
        """Keep a better shot as a new revision; False where the review has ended.

        What was judged before stays beside it.
        """
        with self._as(actor, Permission.ALERT_RAISE) as work:
            _require_open(work, deployment, alert)
            row = _raised_before(work, deployment, alert)
            kept = row.state not in FINAL
            line = work.audit(
                AuditEvent.ALERT_UPDATED,
                alert=alert.id, revision=row.revision + kept, shots=alert.shots, kept=kept,
            )  # fmt: skip
            if kept:
                told = _from_the_list(work, deployment, alert)
                _renew(row, alert, evidence)
                work.session.flush()
                key = work.data_key(row.data_key_id)
                keep_evidence(work, row, key, _pieces(evidence, told), audit_id=line)
            return kept


@dataclass(frozen=True, slots=True)
class _Told:
    """What the list says and shows of the person, and of the second where it may be either."""

    card: Card
    listed_image: bytes
    second_image: bytes | None


def _keeping(work: UnitOfWork, deployment: OpenDeployment, key: KeyId, line: int) -> Keeping:
    return Keeping(
        deployment=deployment.id,
        run=deployment.run,
        watchlist=deployment.watchlist,
        model=deployment.model,
        profile=deployment.profile,
        governed_by=deployment.governed_by,
        key=key,
        audit_id=line,
        since=work.now,
    )


def _require_open(work: UnitOfWork, deployment: OpenDeployment, alert: Alert) -> None:
    if (why := why_closed(work, deployment)) is not None:
        raise Refused(f"{deployment.id} may raise no alert: {why}")
    if (why := why_paused(work, deployment)) is not None:
        raise Refused(f"{deployment.id} may raise no alert while it is paused: {why}")
    deployment.camera(alert.camera)
    if alert.similarity < deployment.threshold:
        raise Refused(
            f"alert {alert.id} is below the signed threshold {deployment.threshold:g} of "
            f"{deployment.id}: nothing is shown below it"
        )


def _raised_before(work: UnitOfWork, deployment: OpenDeployment, alert: Alert) -> AlertRow:
    row = work.session.get(AlertRow, alert.id)
    told = (deployment.id, alert.camera, alert.passage, alert.subject_id)
    if row is None or told != (row.deployment_id, row.camera_id, row.passage, row.subject_id):
        raise Refused(f"alert {alert.id} was not raised for this passage: raise it first")
    return row


def _from_the_list(work: UnitOfWork, deployment: OpenDeployment, alert: Alert) -> _Told:
    listed = work.session.get_one(WatchlistRow, deployment.watchlist_id)
    key = work.data_key(listed.data_key_id)
    person, image = _person(work, deployment, key, alert.subject_id, alert.reference)
    if not alert.ambiguous or alert.second is None:
        return _Told(Card(deployment.place, person, None), image, None)
    try:
        second, second_image = _person(work, deployment, key, alert.second, 0)
    except NotLookedFor:
        # The other was stood down a moment ago; that is no reason to lose this alert (R22).
        return _Told(Card(deployment.place, person, None), image, None)
    return _Told(Card(deployment.place, person, second), image, second_image)


def _person(
    work: UnitOfWork, deployment: OpenDeployment, key: DataKey, subject: SubjectId, reference: int
) -> tuple[Listed, bytes]:
    """Read an entry that is still looked for, and its image that the passage resembles."""
    entry = work.session.scalar(
        select(EntryRow).where(
            EntryRow.watchlist_id == deployment.watchlist_id, EntryRow.subject_id == subject
        )
    )
    if entry is None or not _is_sought(work, deployment, entry):
        raise NotLookedFor(f"{subject} is not looked for under {deployment.id}, or not any more")
    image = work.session.scalar(
        select(ImageRow).where(ImageRow.entry_id == entry.id, ImageRow.position == reference)
    )
    if image is None:
        raise Fault(f"{subject} has no image {reference} on the list {deployment.watchlist}")
    fields = fields_of(entry, key)
    of_image = fields["images"][reference]
    person = Listed(
        subject_id=entry.subject_id,
        category=entry.category,
        status=fields["status"],
        reason=fields["reason"],
        response_plan=fields["response_plan"],
        image_source=of_image["image_source"],
        image_date=of_image["image_date"],
    )
    file = key.unseal(image.sealed, place_of_image(image.id, entry.id))
    return person, portrait(file, _box(image.face))


def _is_sought(work: UnitOfWork, deployment: OpenDeployment, entry: EntryRow) -> bool:
    listed = work.session.get_one(WatchlistRow, deployment.watchlist_id)
    profile = profile_named(deployment.profile)
    return is_sought(work, listed, entry, profile, deployment.signed_line)


def _box(face: dict[str, object]) -> tuple[float, float, float, float]:
    sides = face["box"]
    assert isinstance(sides, list)
    left, top, right, bottom = (float(side) for side in sides)
    return left, top, right, bottom


def _pieces(evidence: Evidence, told: _Told) -> dict[EvidenceKind, bytes]:
    pieces = {
        EvidenceKind.PROBE: evidence.probe,
        EvidenceKind.SCENE: evidence.scene,
        EvidenceKind.REFERENCE: told.listed_image,
        EvidenceKind.CARD: told.card.sealable(),
    }
    if told.second_image is not None:
        pieces[EvidenceKind.SECOND] = told.second_image
    return pieces


def _renew(row: AlertRow, alert: Alert, evidence: Evidence) -> None:
    """What a better shot may change: how alike, seen when, beside which image and which second."""
    row.revision += 1
    row.captured_at = alert.captured_at
    row.media_time = alert.media_time
    row.similarity = alert.similarity
    row.reference = alert.reference
    row.shots = alert.shots
    row.second_subject_id = alert.second
    row.second_similarity = alert.second_similarity
    row.ambiguous = alert.ambiguous
    row.lookalikes = list(alert.lookalikes)
    row.scene_box = box_columns(evidence.box, alert.heading)
