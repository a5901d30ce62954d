"""Rows as the gate would put them down, for tests of how they are kept and deleted."""

import json
from datetime import timedelta

from overt.audit.events import AuditEvent
from overt.decisions.states import AlertState
from overt.identifiers import (
    ActorId,
    AlertId,
    CameraId,
    DeploymentId,
    Digest,
    KeyId,
    ModelId,
    PassageId,
    SubjectId,
    WatchlistName,
)
from overt.policy.profiles import CONSENT
from overt.records.columns import DeploymentState, EntryState, EvidenceKind
from overt.records.schema import (
    ActorRow,
    AlertRow,
    DeploymentRow,
    EntryRow,
    EvidenceRow,
    ImageRow,
    TemplateRow,
    WatchlistRow,
)
from overt.records.vault import KeyKind, Place
from overt.records.work import UnitOfWork, fresh_id
from overt.units import UtcTime

BY = ActorId("alice")
MODEL = ModelId("open@sha384:00/f32")


def keep_deployment(work: UnitOfWork, *, dies: UtcTime, name: str = "d1") -> DeploymentId:
    line = work.audit(AuditEvent.DEPLOYMENT_SIGNED, deployment=name)
    row = DeploymentRow(
        id=DeploymentId(name),
        digest=Digest("sha256:00"),
        payload=b"{}",
        signature=bytes(64),
        key_fingerprint=KeyId("k1"),
        profile="consent",
        governed_by=CONSENT.governs,
        watchlist_digest=Digest("sha256:00"),
        state=DeploymentState.OPEN,
        opens_at=work.now,
        closes_at=dies,
        signed_at=work.now,
        closed_at=None,
        closed_reason=None,
        audit_id=line,
        delete_after=dies,
    )
    work.keep(row)
    return row.id


def keep_alert(
    work: UnitOfWork, deployment: DeploymentId, *, dies: UtcTime, subject: str, evidence: bytes
) -> AlertId:
    """Raise an alert with one image, in the work that is given."""
    alert = AlertId(fresh_id())
    line = work.audit(AuditEvent.ALERT_RAISED, alert=alert)
    key = work.new_data_key(KeyKind.ALERT, line)
    work.keep(
        AlertRow(
            id=alert,
            deployment_id=deployment,
            run_id=None,
            camera_id=CameraId("north"),
            passage=PassageId(f"north-{line}"),
            watchlist=WatchlistName("list"),
            subject_id=SubjectId(subject),
            reference=0,
            captured_at=work.now,
            raised_at=work.now,
            media_time=1.0,
            similarity=0.61,
            threshold=0.5,
            list_size=1,
            shots=3,
            second_subject_id=None,
            second_similarity=None,
            ambiguous=False,
            lookalikes=[],
            model=MODEL,
            revision=0,
            scene_box=None,
            state=AlertState.RAISED,
            data_key_id=key.id,
            governed_by=CONSENT.governs,
            audit_id=line,
            delete_after=dies,
        )
    )
    row = fresh_id()
    work.keep(
        EvidenceRow(
            id=row,
            alert_id=alert,
            kind=EvidenceKind.PROBE,
            revision=0,
            sealed=key.seal(evidence, Place("alert_evidence", row, "probe")),
            audit_id=line,
            delete_after=dies,
        )
    )
    return alert


def keep_watchlist(work: UnitOfWork, *, dies: UtcTime, subject: str, image: bytes) -> str:
    """Import a list of one person with one image and one template."""
    watchlist, entry, picture, template = (fresh_id() for _ in range(4))
    line = work.audit(AuditEvent.WATCHLIST_IMPORTED, watchlist=watchlist)
    key = work.new_data_key(KeyKind.WATCHLIST, line)
    work.keep(
        WatchlistRow(
            id=watchlist,
            name=WatchlistName(f"list-{watchlist[:6]}"),
            profile=None,
            digest=Digest("sha256:00"),
            imported_at=work.now,
            imported_by=BY,
            data_key_id=key.id,
            governed_by=CONSENT.governs,
            audit_id=line,
            delete_after=dies,
        )
    )
    work.keep(
        EntryRow(
            id=entry,
            watchlist_id=watchlist,
            subject_id=SubjectId(subject),
            position=0,
            category="consented",
            review_by=work.now.date(),
            state=EntryState.LISTED,
            sealed=key.seal(
                json.dumps({"reason": subject}).encode(),
                Place("watchlist_entries", entry, "fields"),
            ),
            stood_down_at=None,
            stood_down_by=None,
            sealed_stand_down_reason=None,
            under_age=False,
            sealed_rationale=None,
            audit_id=line,
            delete_after=dies,
        )
    )
    work.keep(
        ImageRow(
            id=picture,
            entry_id=entry,
            position=0,
            sha256="00",
            sealed=key.seal(image, Place("watchlist_images", picture, "image")),
            face={},
            quality={},
            audit_id=line,
            delete_after=dies,
        )
    )
    work.keep(
        TemplateRow(
            id=template,
            image_id=picture,
            model=MODEL,
            sealed=key.seal(image, Place("templates", template, "vector")),
            audit_id=line,
            delete_after=dies,
        )
    )
    return watchlist


def an_account(work: UnitOfWork, who: ActorId, line: int) -> ActorRow:
    dies = UtcTime(work.now + timedelta(days=900))
    return ActorRow(id=who, added_at=work.now, audit_id=line, delete_after=dies)
