"""Read one seeded walk from the log and the passes that were logged, for its report (R63).

Alerts are read from the log, because they themselves are destroyed after a day. Of participants who
withdrew nothing is read.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.gate.account_standing import lines_of
from overt.gate.deployment_views import runs_told
from overt.gate.door import Door
from overt.gate.list_reading import Act
from overt.gate.walk_rows import MEASUREMENT, Walk, passes_of, walk_named
from overt.identifiers import AlertId, CameraId, DeploymentId, SubjectId
from overt.policy.access import Actor, Permission
from overt.rates.walk_matching import Pause, Raised, WalkRecord, WalkRun
from overt.records.schema import DeploymentRow, ManifestRow
from overt.records.walk_schema import WalkConsentRow, WalkPassRow
from overt.units import UtcTime, utc

E = AuditEvent
_STOPS = (E.DEPLOYMENT_SUSPENDED, E.MATCHING_PAUSED)
_GOES_ON = (E.DEPLOYMENT_RESUMED, E.MATCHING_WENT_ON)


class WalkRecordGate(Door):
    def walk(self, actor: Actor, deployment_id: DeploymentId) -> WalkRecord:
        """Everything on record of a walk."""
        with self._as(actor, Permission.WALK_READ) as work:
            work.require_unaltered(DeploymentRow, ManifestRow, WalkConsentRow, WalkPassRow)
            walk = walk_named(work, deployment_id)
            gone = _withdrawn(work)
            record = WalkRecord(
                deployment=walk.id,
                place=walk.place,
                cameras=walk.cameras,
                passes=tuple(each.told for each in passes_of(work, walk)),
                alerts=tuple(_alerts(work, walk, gone)),
                runs=tuple(_runs(work, walk)),
                pauses=tuple(_pauses(work, walk)),
                listed=_listed(work, walk, gone),
                withdrawn=len(gone),
            )
            work.audit(
                AuditEvent.WALK_READ,
                deployment=walk.id, passes=len(record.passes), alerts=len(record.alerts),
                justification=MEASUREMENT,
            )  # fmt: skip
            return record


def _withdrawn(act: Act) -> frozenset[SubjectId]:
    chosen = select(WalkConsentRow.participant).where(WalkConsentRow.withdrawn_at.is_not(None))
    return frozenset(act.session.scalars(chosen))


def _of(act: Act, walk: Walk, *events: AuditEvent) -> list[Line]:
    return [line for line in lines_of(act, *events) if line.detail.get("deployment") == walk.id]


def _alerts(act: Act, walk: Walk, gone: frozenset[SubjectId]) -> Iterator[Raised]:
    for line in _of(act, walk, E.ALERT_RAISED):
        told = line.detail
        subject = SubjectId(str(told["subject"]))
        if subject not in gone:
            captured = told.get("captured_at")  # lines of older programs lack it
            at = utc(datetime.fromisoformat(str(captured))) if captured else line.at
            camera = CameraId(str(told["camera"]))
            yield Raised(AlertId(str(told["alert"])), subject, camera, at)


def _runs(act: Act, walk: Walk) -> Iterator[WalkRun]:
    for run in runs_told(act):
        if run.deployment == walk.id:
            yield WalkRun(run.opened_at, run.seen_until, run.faces if run.ended else None)


def _pauses(act: Act, walk: Walk) -> Iterator[Pause]:
    open_: dict[CameraId | None, UtcTime] = {}
    for line in _of(act, walk, *_STOPS, *_GOES_ON):
        named = line.detail.get("camera")
        camera = None if named is None else CameraId(str(named))
        if line.event in {event.value for event in _STOPS}:
            open_.setdefault(camera, line.at)
        elif (begun := open_.pop(camera, None)) is not None:
            yield Pause(camera, begun, line.at)
    for camera, begun in open_.items():
        yield Pause(camera, begun, max(act.now, walk.ends_at))


def _listed(act: Act, walk: Walk, gone: frozenset[SubjectId]) -> dict[SubjectId, UtcTime | None]:
    """Who stood on the walk's list, as its manifest says, and when they were taken off."""
    named = select(ManifestRow.subject_id).where(ManifestRow.name == walk.watchlist)
    listed: dict[SubjectId, UtcTime | None] = {
        subject: None for subject in act.session.scalars(named) if subject not in gone
    }
    for line in lines_of(act, E.ENTRY_STOOD_DOWN, E.ENTRY_ERASED):
        subject = SubjectId(str(line.detail["subject"]))
        if (
            line.detail.get("watchlist") == walk.watchlist
            and subject in listed
            and listed[subject] is None
        ):
            listed[subject] = line.at
    return listed
