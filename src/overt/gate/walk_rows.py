"""Consents and passes as the records keep them, and which deployments are seeded walks."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select

from overt.config.walk_log import Conditions, WalkPass
from overt.errors import Refused
from overt.gate.list_reading import Act
from overt.identifiers import ActorId, CameraId, DeploymentId, SubjectId, WatchlistName
from overt.policy.retention import RecordKind, delete_after
from overt.records.schema import DeploymentRow, EntryRow
from overt.records.vault import Place
from overt.records.walk_schema import WalkConsentRow, WalkPassRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime

SEEDED_WALK: Final = "seeded-walk"
MEASUREMENT: Final = "to measure TRR and FAR"
CONSENT_HOLDS: Final = timedelta(days=366)
"""A consent of longer ago is asked for again."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A signed deployment that is a seeded walk."""

    id: DeploymentId
    place: str
    watchlist: WatchlistName
    governed_by: str
    cameras: tuple[CameraId, ...]
    starts_at: UtcTime
    ends_at: UtcTime


@dataclass(frozen=True, slots=True)
class Consent:
    participant: SubjectId
    given_on: date
    recorded_at: UtcTime
    recorded_by: ActorId
    withdrawn_at: UtcTime | None
    explained: str

    def facts(self) -> Mapping[str, object]:
        return {
            "participant": self.participant,
            "given_on": self.given_on.isoformat(),
            "recorded_by": self.recorded_by,
            "withdrawn": self.withdrawn_at is not None,
            "explained": self.explained,
        }


@dataclass(frozen=True, slots=True)
class LoggedPass:
    id: str
    by: ActorId
    told: WalkPass


def walk_named(act: Act, deployment_id: DeploymentId) -> Walk:
    row = act.session.get(DeploymentRow, deployment_id)
    walk = _walk(row) if row is not None else None
    if walk is None:
        raise Refused(
            f"{deployment_id[:64]!r} is no seeded walk: it takes a signed deployment under the "
            f'profile consent with use_case = "{SEEDED_WALK}"'
        )
    return walk


def is_walk(act: Act, deployment_id: DeploymentId) -> bool:
    """Whether what a deployment did counts for nothing but the walk's own report (R25)."""
    row = act.session.get(DeploymentRow, deployment_id)
    return row is not None and _walk(row) is not None


def walks_of(act: Act) -> list[Walk]:
    """Every seeded walk on record, the latest first."""
    rows = act.session.scalars(select(DeploymentRow).order_by(DeploymentRow.opens_at.desc()))
    return [walk for row in rows if (walk := _walk(row)) is not None]


def _walk(row: DeploymentRow) -> Walk | None:
    told: Mapping[str, Any] = json.loads(row.payload).get("deployment", {})
    if told.get("use_case") != SEEDED_WALK:
        return None
    return Walk(
        id=row.id,
        place=" ".join(str(told["place"]).split()),
        watchlist=WatchlistName(str(told["watchlist"])),
        governed_by=row.governed_by,
        cameras=tuple(CameraId(str(camera["id"])) for camera in told["cameras"]),
        starts_at=row.opens_at,
        ends_at=row.closes_at,
    )


def standing_consents(act: Act) -> frozenset[SubjectId]:
    """Whose consent is on record, was not withdrawn, and is not too old."""
    since = (act.now - CONSENT_HOLDS).date()
    return frozenset(
        act.session.scalars(
            select(WalkConsentRow.participant).where(
                WalkConsentRow.withdrawn_at.is_(None), WalkConsentRow.given_on >= since
            )
        )
    )


def require_consents(act: Act, use_case: str, entries: Collection[EntryRow]) -> None:
    """Refuse to look for anybody on a seeded walk whose consent is not on record."""
    if use_case != SEEDED_WALK:
        return
    missing = sorted({entry.subject_id for entry in entries} - standing_consents(act))
    if missing:
        raise Refused(
            f"on a seeded walk everybody has agreed: no consent stands for {', '.join(missing[:10])}"
            f"{' and others' if len(missing) > 10 else ''}; overt walk consent, or stand them down"
        )


def consent_of(work: UnitOfWork, row: WalkConsentRow) -> Consent:
    told = work.data_key(row.data_key_id).unseal(row.sealed, place_of_consent(row.participant))
    return Consent(
        row.participant, row.given_on, row.recorded_at, row.recorded_by, row.withdrawn_at,
        told.decode(),
    )  # fmt: skip


def place_of_consent(participant: SubjectId) -> Place:
    return Place("walk_consents", participant, "explained")


def pass_row(work: UnitOfWork, pass_id: str, walk: Walk, told: WalkPass, line: int) -> WalkPassRow:
    conditions = told.conditions
    return WalkPassRow(
        id=pass_id, deployment_id=walk.id, participant=told.participant, camera_id=told.camera,
        at=told.at, zone=told.zone, light=conditions.light, distance=conditions.distance,
        eyewear=conditions.eyewear, headgear=conditions.headgear, logged_at=work.now,
        logged_by=work.actor, governed_by=walk.governed_by, audit_id=line,
        delete_after=delete_after(RecordKind.WALK_PASS, None, work.now),
    )  # fmt: skip


def logged_pass(row: WalkPassRow) -> LoggedPass:
    conditions = Conditions(row.light, row.distance, row.eyewear, row.headgear)
    told = WalkPass(row.participant, row.camera_id, row.at, row.zone, conditions)
    return LoggedPass(row.id, row.logged_by, told)


def passes_of(act: Act, walk: Walk) -> list[LoggedPass]:
    """Every pass of the walk, oldest first."""
    chosen = select(WalkPassRow).where(WalkPassRow.deployment_id == walk.id)
    rows = act.session.scalars(chosen.order_by(WalkPassRow.at, WalkPassRow.id))
    return [logged_pass(row) for row in rows]
