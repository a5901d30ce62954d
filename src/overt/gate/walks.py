"""Seeded walks: who agreed to walk, and who passed which camera when (R63).

A participant is an id, the same as on the walk's list; nobody's name is kept. Somebody who withdraws
is gone at once: their passes, their entry with its images, and the alerts that show them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, select

from overt.audit.events import AuditEvent
from overt.config.canonical import canonical_json, digest_of
from overt.config.walk_log import WalkLog, WalkPass, require_no_problem
from overt.errors import Refused
from overt.gate.deployment_views import runs_told
from overt.gate.door import Door
from overt.gate.entry_erasure import Erased, erase_people, lists_naming
from overt.gate.life import required
from overt.gate.walk_rows import (
    CONSENT_HOLDS,
    MEASUREMENT,
    Consent,
    LoggedPass,
    Walk,
    consent_of,
    pass_row,
    passes_of,
    place_of_consent,
    standing_consents,
    walk_named,
    walks_of,
)
from overt.identifiers import CameraId, DeploymentId, SubjectId
from overt.policy.access import Actor, Permission
from overt.policy.profiles import CONSENT
from overt.policy.retention import RecordKind, delete_after
from overt.records.vault import KeyKind
from overt.records.walk_schema import WalkConsentRow, WalkPassRow
from overt.records.work import UnitOfWork, fresh_id
from overt.units import UtcTime

TAKEN_BACK_WITHIN: Final = timedelta(minutes=15)
SHOWN: Final = 6
CONSENTED: Final = "consented"
"""The one category of whoever may be on a walk's list."""
MARGIN: Final = timedelta(minutes=1)
"""By which a marshal's watch may be off the window."""


@dataclass(frozen=True, slots=True)
class ConsentOrder:
    participant: SubjectId
    given_on: date
    explained: str
    """What the person was told: purpose, cameras, what is kept how long, how to withdraw."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    passes: int
    erased: Erased


@dataclass(frozen=True, slots=True)
class WalkDesk:
    """What a marshal needs on a phone."""

    walk: Walk
    participants: tuple[SubjectId, ...]
    latest: tuple[LoggedPass, ...]
    """The last few, newest first."""
    logged: int


class WalkGate(Door):
    def record_consent(self, actor: Actor, order: ConsentOrder) -> None:
        """Put a participant's consent on record, once."""
        with self._as(actor, Permission.WALK_CONSENT) as work:
            explained = required(order.explained, "what was explained to them")
            _require_sensible_day(order.given_on, work)
            if work.session.get(WalkConsentRow, order.participant) is not None:
                raise Refused(
                    f"a consent of {order.participant} is on record, standing or withdrawn; "
                    "another person, or a new consent, takes another id"
                )
            line = work.audit(
                AuditEvent.CONSENT_RECORDED,
                participant=order.participant, given_on=order.given_on.isoformat(),
                words=digest_of(explained.encode()),
            )  # fmt: skip
            key = work.new_data_key(KeyKind.CONSENT, line)
            work.keep(
                WalkConsentRow(
                    participant=order.participant, given_on=order.given_on, recorded_at=work.now,
                    recorded_by=actor.id, withdrawn_at=None, withdrawn_by=None,
                    sealed=key.seal(explained.encode(), place_of_consent(order.participant)),
                    data_key_id=key.id, governed_by=CONSENT.governs, audit_id=line,
                    delete_after=delete_after(RecordKind.WALK_CONSENT, None, work.now),
                )
            )  # fmt: skip

    def withdraw_consent(self, actor: Actor, participant: SubjectId) -> Withdrawn:
        """Take somebody out at once: passes, reference and alerts; a running walk too."""
        with self._as(actor, Permission.WALK_CONSENT) as work:
            row = work.session.get(WalkConsentRow, participant)
            if row is None or row.withdrawn_at is not None:
                raise Refused(f"no consent of {participant[:64]!r} stands: overt walk consents")
            gone = work.session.scalars(
                delete(WalkPassRow)
                .where(WalkPassRow.participant == participant)
                .returning(WalkPassRow.id)
            ).all()
            work.audit(AuditEvent.CONSENT_WITHDRAWN, participant=participant, passes=len(gone))
            row.withdrawn_at, row.withdrawn_by = work.now, actor.id
            lists = lists_naming(work, participant, category=CONSENTED)
            erased = erase_people(work, {participant: lists}, why="consent withdrawn")
        self._scrub()
        return Withdrawn(len(gone), erased)

    def walk_consents(self, actor: Actor) -> tuple[Consent, ...]:
        """Read every consent, standing or withdrawn."""
        with self._as(actor, Permission.WALK_READ) as work:
            rows = work.session.scalars(
                select(WalkConsentRow).order_by(WalkConsentRow.participant)
            ).all()
            work.audit(AuditEvent.WALK_READ, consents=len(rows), justification=MEASUREMENT)
            return tuple(consent_of(work, row) for row in rows)

    def walks(self, actor: Actor) -> tuple[Walk, ...]:
        """Every seeded walk, for whoever logs its passes; nobody is named."""
        with self._look(actor, Permission.WALK_LOG) as reading:
            return tuple(walks_of(reading))

    def walk_desk(self, actor: Actor, deployment_id: DeploymentId) -> WalkDesk:
        """Whom a marshal may log, before which cameras, and what was logged last."""
        with self._as(actor, Permission.WALK_LOG) as work:
            walk = walk_named(work, deployment_id)
            passes = passes_of(work, walk)
            work.audit(
                AuditEvent.WALK_READ,
                deployment=walk.id, passes=len(passes), justification=MEASUREMENT,
            )  # fmt: skip
            participants = tuple(sorted(standing_consents(work)))
            latest = sorted(passes, key=lambda each: (each.told.at, each.id), reverse=True)
            return WalkDesk(walk, participants, tuple(latest[:SHOWN]), len(passes))

    def log_passes(
        self,
        actor: Actor,
        deployment_id: DeploymentId,
        log: WalkLog | WalkPass,
        *,
        file: str = "",
    ) -> int:
        """Log passes, all or none, every bad line named.

        A single pass is one tap on a phone: its time is now, whatever the phone's clock says.
        """
        with self._as(actor, Permission.WALK_LOG) as work:
            walk = walk_named(work, deployment_id)
            by_phone = isinstance(log, WalkPass)
            told = _tapped(work, log) if isinstance(log, WalkPass) else log
            problems = [*told.problems, *_problems(work, walk, told.passes)]
            if problems and by_phone:
                raise Refused("; ".join(each.partition(": ")[2] for each in problems))
            require_no_problem(file, sorted(problems, key=_line_number))
            passes = list(told.passes.values())
            line = work.audit(
                AuditEvent.PASSES_LOGGED,
                deployment=walk.id, passes=len(passes), by_phone=by_phone,
                digest=digest_of(canonical_json([dict(each.facts()) for each in passes])),
            )  # fmt: skip
            work.keep(*(pass_row(work, fresh_id(), walk, each, line) for each in passes))
            return len(passes)

    def take_back_pass(self, actor: Actor, deployment_id: DeploymentId, pass_id: str) -> None:
        """Undo one's own tap, soon after it was made."""
        with self._as(actor, Permission.WALK_LOG) as work:
            walk = walk_named(work, deployment_id)
            row = work.session.get(WalkPassRow, pass_id)
            if row is None or row.deployment_id != walk.id:
                raise Refused("that pass is not logged, or not any more")
            if row.logged_by != actor.id or work.now > row.logged_at + TAKEN_BACK_WITHIN:
                raise Refused("a pass is taken back by whoever logged it, within 15 minutes")
            work.audit(AuditEvent.PASS_TAKEN_BACK, deployment=walk.id, participant=row.participant)
            work.session.delete(row)


def _require_sensible_day(given_on: date, work: UnitOfWork) -> None:
    today = work.now.date()
    if given_on > today:
        raise Refused(f"a consent of {given_on.isoformat()} was not given yet")
    if given_on < today - CONSENT_HOLDS:
        raise Refused(f"a consent of {given_on.isoformat()} is more than a year old: ask again")


def _tapped(work: UnitOfWork, told: WalkPass) -> WalkLog:
    return WalkLog({1: replace(told, at=work.now)}, ())


def _problems(work: UnitOfWork, walk: Walk, passes: Mapping[int, WalkPass]) -> list[str]:
    agreed = standing_consents(work)
    runs = (run.seen_until for run in runs_told(work) if run.deployment == walk.id)
    latest = max((work.now, *runs))
    seen = {_key(each.told) for each in passes_of(work, walk)}
    problems = []
    for number, told in passes.items():
        problems += [f"line {number}: {fault}" for fault in _faults(walk, told, agreed, latest)]
        if _key(told) in seen:
            problems.append(f"line {number}: this pass is logged already")
        seen.add(_key(told))
    return problems


def _faults(walk: Walk, told: WalkPass, agreed: frozenset[SubjectId], latest: UtcTime) -> list[str]:
    """`latest` is now, or later where a recording was watched faster than it ran."""
    faults = []
    if told.participant not in agreed:
        faults.append(f"no consent of {told.participant} stands")
    if told.camera not in walk.cameras:
        faults.append(f"camera {told.camera!r} is none of {', '.join(walk.cameras)}")
    if not walk.starts_at - MARGIN <= told.at <= walk.ends_at + MARGIN:
        faults.append("the time is outside the walk's window")
    elif told.at > latest + MARGIN:
        faults.append("the time is in the future")
    return faults


def _key(told: WalkPass) -> tuple[SubjectId, CameraId, str]:
    return told.participant, told.camera, told.facts()["at"]


def _line_number(problem: str) -> int:
    return int(problem.removeprefix("line ").partition(":")[0])
