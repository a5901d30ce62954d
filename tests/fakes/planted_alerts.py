"""Records with an open deployment, a list of two and alerts on it, written as the gate writes them.

A test that needs the import, the signature or the networks uses those; one that is about review
starts from here.
"""

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tests.fakes.installed import installed_home, kept_folder

from overt.alerts.alert import Alert
from overt.alerts.evidence import SceneBox
from overt.audit.events import AuditEvent
from overt.decisions.case import Listed
from overt.gate.alert_rows import Card, Keeping, alert_row, keep_evidence
from overt.gate.gate import Gate, open_gate
from overt.gate.life_lines import Subject, tell
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
from overt.policy.profiles import profile_named
from overt.records.columns import DeploymentState, EntryState, EvidenceKind
from overt.records.postgres import postgres_named
from overt.records.schema import DeploymentRow, EntryRow, WatchlistRow
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork, fresh_id
from overt.units import Clock, Seconds, Similarity, UtcTime, iso

NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
CLOSES_AT = UtcTime(NOON + timedelta(hours=2))
DEPLOYMENT = DeploymentId("oxford-circus-2026-11-30")
LIST = WatchlistName("oxford-circus")
DIGEST = Digest("sha256:" + "0" * 64)
BOX = SceneBox(0.25, 0.25, 0.5, 0.75)


@dataclass(slots=True)
class Hands:
    """A clock whose hands a test moves."""

    at: float = NOON.timestamp()

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.at, monotonic=lambda: 0.0)


def jpeg(level: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """A flat JPEG of one grey level, so that one can be told from another."""
    out = io.BytesIO()
    Image.fromarray(np.full((size[1], size[0], 3), level, np.uint8)).save(out, "JPEG")
    return out.getvalue()


PIECES = {
    EvidenceKind.PROBE: jpeg(10),
    EvidenceKind.SCENE: jpeg(20),
    EvidenceKind.REFERENCE: jpeg(30),
    EvidenceKind.SECOND: jpeg(40),
}


def listed(subject: str, category: str = "wanted-by-court", status: str = "") -> Listed:
    return Listed(
        subject_id=SubjectId(subject),
        category=category,
        status=status,
        reason="failed to appear on 3 November",
        response_plan="two officers, ask for identity papers, do not run",
        image_source="custody image",
        image_date="2026-05-02",
    )


def an_alert(number: int = 1, **changes: Any) -> Alert:
    alert = Alert(
        id=AlertId(f"a-{number}"),
        passage=PassageId(f"north-{number}"),
        camera=CameraId("north"),
        captured_at=UtcTime(NOON + timedelta(seconds=number)),
        raised_at=UtcTime(NOON + timedelta(seconds=number)),
        media_time=Seconds(4.2),
        subject_id=SubjectId("S1"),
        reference=0,
        similarity=Similarity(0.6231),
        threshold=Similarity(0.55),
        list_size=1204,
        shots=3,
        second=SubjectId("S2"),
        second_similarity=Similarity(0.31),
        ambiguous=False,
    )
    return replace(alert, **changes)


@dataclass(slots=True)
class PlantedRecords:
    gate: Gate
    hands: Hands
    profile: str = "consent"
    _list_id: str = field(default_factory=fresh_id)

    def begin(self) -> "PlantedRecords":
        """Write the deployment and the list."""
        with self._work() as work:
            line = work.audit(
                AuditEvent.DEPLOYMENT_OPENED,
                deployment=DEPLOYMENT, run="run-1", closes_at=iso(CLOSES_AT),
            )  # fmt: skip
            key = work.new_data_key(KeyKind.WATCHLIST, line)
            dies = UtcTime(CLOSES_AT + timedelta(days=400))
            work.keep(_deployment(self.profile, line, dies))
            work.keep(_list(self._list_id, self.profile, key.id, line, dies))
            for position, subject in enumerate(("S1", "S2")):
                work.keep(_entry(self._list_id, subject, position, line, dies))
        return self

    def plant(
        self, alert: Alert, *, about: Listed | None = None, second: Listed | None = None
    ) -> AlertId:
        with self._work() as work:
            line = work.audit(AuditEvent.ALERT_RAISED, alert=alert.id)
            key = work.new_data_key(KeyKind.ALERT, line)
            row = alert_row(alert, BOX, _keeping(self.profile, key.id, line, alert.raised_at))
            work.keep(row)
            card = Card("Oxford Circus, London W1", about or listed(alert.subject_id), second)
            pieces = {**PIECES, EvidenceKind.CARD: card.sealable()}
            if second is None:
                del pieces[EvidenceKind.SECOND]
            keep_evidence(work, row, key, pieces, audit_id=line)
        return alert.id

    def as_signed(self) -> None:
        """Let the log tell of the signature too, by which acts on a deployment find its rules."""
        subject = Subject(DEPLOYMENT, DIGEST, profile_named(self.profile))
        with self._work() as work:
            tell(work, self.gate.whoami(), subject, AuditEvent.DEPLOYMENT_SIGNED)

    def as_a_walk(self) -> None:
        """Let the deployment be a seeded walk."""
        signed = {
            "use_case": "seeded-walk", "place": "Oxford Circus, London W1", "watchlist": LIST,
            "cameras": [{"id": "north"}],
        }  # fmt: skip
        payload = json.dumps({"deployment": signed}).encode()
        self.change(
            lambda work: setattr(
                work.session.get_one(DeploymentRow, DEPLOYMENT), "payload", payload
            )
        )

    def change(self, act: Callable[[UnitOfWork], object]) -> None:
        with self._work() as work:
            work.audit(AuditEvent.ENTRY_STOOD_DOWN)
            act(work)

    def _work(self) -> UnitOfWork:
        return UnitOfWork(self.gate._records, self.gate.whoami().id)


def planted_records(home: Path, *, profile: str = "consent") -> PlantedRecords:
    """In a home that is there, or in a copy of one where it has begun."""
    hands = Hands()
    if home.exists() or postgres_named() is not None:
        return PlantedRecords(open_gate(home, hands.clock()), hands, profile).begin()
    shutil.copytree(_begun(profile), home)
    return PlantedRecords(open_gate(home, hands.clock()), hands, profile)


@cache
def _begun(profile: str) -> Path:
    home = installed_home(kept_folder() / "home", NOON)
    with open_gate(home, Hands().clock()) as gate:
        PlantedRecords(gate, Hands(), profile).begin()
    return home


def _deployment(profile: str, line: int, dies: UtcTime) -> DeploymentRow:
    return DeploymentRow(
        id=DEPLOYMENT,
        digest=DIGEST,
        payload=b"{}",
        signature=b"",
        key_fingerprint=KeyId("k"),
        profile=profile,
        governed_by=profile_named(profile).governs,
        watchlist_digest=DIGEST,
        state=DeploymentState.OPEN,
        opens_at=NOON,
        closes_at=CLOSES_AT,
        signed_at=NOON,
        closed_at=None,
        closed_reason=None,
        audit_id=line,
        delete_after=dies,
    )


def _list(list_id: str, profile: str, key: KeyId, line: int, dies: UtcTime) -> WatchlistRow:
    return WatchlistRow(
        id=list_id,
        name=LIST,
        profile=profile,
        digest=DIGEST,
        imported_at=NOON,
        imported_by=ActorId("list-builder"),
        data_key_id=key,
        governed_by=profile_named(profile).governs,
        audit_id=line,
        delete_after=dies,
    )


def _entry(list_id: str, subject: str, position: int, line: int, dies: UtcTime) -> EntryRow:
    return EntryRow(
        id=fresh_id(),
        watchlist_id=list_id,
        subject_id=SubjectId(subject),
        position=position,
        category="wanted-by-court",
        review_by=date(2027, 1, 1),
        state=EntryState.LISTED,
        sealed=b"",
        stood_down_at=None,
        stood_down_by=None,
        sealed_stand_down_reason=None,
        under_age=False,
        sealed_rationale=None,
        audit_id=line,
        delete_after=dies,
    )


def _keeping(profile: str, key: KeyId, line: int, since: UtcTime) -> Keeping:
    return Keeping(
        deployment=DEPLOYMENT,
        run=None,
        watchlist=LIST,
        model=ModelId("open@sha256:0/f32"),
        profile=profile,
        governed_by=profile_named(profile).governs,
        key=key,
        audit_id=line,
        since=since,
    )
