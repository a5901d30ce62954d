"""Deployments, read: how far each has come, what is on record, and how long each place was watched.

Read from the log, so that what is shown is what an auditor would find there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from overt.audit.events import AuditEvent
from overt.gate.account_standing import parsed, raw_lines
from overt.gate.door import Door
from overt.gate.life_lines import told_of, words_of
from overt.gate.life_subject import row_of, subject_named
from overt.gate.list_reading import Act
from overt.gate.walk_rows import is_walk
from overt.identifiers import ActorId, DeploymentId
from overt.policy.access import Actor, Permission
from overt.policy.life import MOVES, Move, Stage
from overt.policy.told import Told, life_facts
from overt.records.schema import DeploymentRow
from overt.records.work import UnitOfWork
from overt.units import UtcTime, utc

_NAMING = (AuditEvent.DEPLOYMENT_SUBMITTED.value, AuditEvent.DEPLOYMENT_SIGNED.value)
_OF_RUNS = (AuditEvent.DEPLOYMENT_OPENED.value, AuditEvent.RUN_ENDED.value)
_SAID_ALREADY = frozenset({"deployment", "digest", "profile", "words"})


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    id: DeploymentId
    stage: Stage
    governed_by: str
    starts_at: UtcTime | None
    ends_at: UtcTime | None


@dataclass(frozen=True, slots=True)
class ActLine:
    """One thing that was done, with what was said."""

    at: UtcTime
    by: ActorId
    event: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeploymentView:
    line: DeploymentLine
    acts: tuple[ActLine, ...]
    next_moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """How much one place was watched in all (R12)."""

    place: str
    deployments: int
    seconds: float
    faces: int
    alerts: int
    last: UtcTime


@dataclass(slots=True)
class _Watched:
    ids: set[DeploymentId] = field(default_factory=set)
    seconds: int = 0
    faces: int = 0
    alerts: int = 0
    last: UtcTime | None = None


class DeploymentViewGate(Door):
    def deployment(self, actor: Actor, deployment_id: DeploymentId) -> DeploymentView:
        """Everything on record of one deployment, as it was last submitted or signed."""
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            told = told_of(work, deployment_id)
            line = _line(work, deployment_id, told)
            work.audit(
                AuditEvent.DEPLOYMENT_READ, deployment=deployment_id, profile=line.governed_by
            )
            acts = tuple(_act(work, each) for each in told)
        moves = tuple(move.value for move in Move if move in MOVES[line.stage])
        return DeploymentView(line, acts, moves)

    def deployments(self, actor: Actor) -> tuple[DeploymentLine, ...]:
        """Every deployment on record with its stage."""
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            ids = _known(work)
            work.audit(AuditEvent.DEPLOYMENT_READ, deployments=len(ids))
            return tuple(_line(work, each, told_of(work, each)) for each in ids)

    def places(self, actor: Actor) -> tuple[PlaceLine, ...]:
        """How long and how often each place was watched (R12), from the log's lines."""
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            work.audit(AuditEvent.DEPLOYMENT_READ, places=True)
            return places_told(work)


def _known(work: UnitOfWork) -> list[DeploymentId]:
    """Whatever was ever submitted or signed."""
    lines = (parsed(raw).detail for raw in raw_lines(work, _NAMING))
    return sorted({DeploymentId(str(told["deployment"])) for told in lines if "profile" in told})


def _line(act: Act, deployment_id: DeploymentId, told: Iterable[Told]) -> DeploymentLine:
    subject = subject_named(act, deployment_id)
    row = row_of(act, subject)
    return DeploymentLine(
        id=deployment_id,
        stage=life_facts(told, subject.digest).stage,
        governed_by=row.governed_by if row else subject.profile.governs,
        starts_at=row.opens_at if row else None,
        ends_at=row.closes_at if row else None,
    )


def _act(work: UnitOfWork, told: Told) -> ActLine:
    facts: dict[str, Any] = {
        name: value for name, value in told.detail.items() if name not in _SAID_ALREADY
    }
    words = {name: each for name, each in words_of(work, told).items() if name != "deployment"}
    return ActLine(told.at, told.by, told.event, {**facts, **words})


def places_told(act: Act) -> tuple[PlaceLine, ...]:
    """Add up what the log says of each run; seeded walks count for nothing here (R25)."""
    watched: dict[str, _Watched] = {}
    for run in runs_told(act):
        if is_walk(act, run.deployment):
            continue
        place = watched.setdefault(_place_of(act, run.deployment), _Watched())
        place.ids.add(run.deployment)
        place.seconds += int((run.ended_at - run.opened_at).total_seconds())
        place.faces += run.faces
        place.alerts += run.alerts
        place.last = run.ended_at
    return tuple(
        PlaceLine(name, len(each.ids), each.seconds, each.faces, each.alerts, each.last)
        for name, each in sorted(watched.items())
        if each.last is not None
    )


@dataclass(slots=True)
class RunTold:
    """A run as the log tells it."""

    deployment: DeploymentId
    opened_at: UtcTime
    ended_at: UtcTime
    """Of one that never said so: the latest that it can have been, which counts too much."""
    faces: int = 0
    alerts: int = 0
    ended: bool = False
    """Whether it said that it ended, and what it counted."""
    ahead_until: UtcTime | None = None
    """Until when a recording told of, where it was watched faster than it ran."""

    @property
    def seen_until(self) -> UtcTime:
        return max(self.ended_at, self.ahead_until or self.ended_at)


def runs_told(act: Act) -> Iterable[RunTold]:
    """Every run that the log tells of, oldest first."""
    runs: dict[str, RunTold] = {}
    for line in map(parsed, raw_lines(act, _OF_RUNS)):
        run, name = str(line.detail["run"]), DeploymentId(str(line.detail["deployment"]))
        if line.event == AuditEvent.RUN_ENDED.value and run in runs:
            ended = runs[run]
            ended.ended_at, ended.ended = line.at, True
            ended.faces = int(line.detail.get("faces", 0))
            ended.alerts = int(line.detail.get("alerts", 0))
            if (until := line.detail.get("seen_until")) is not None:
                ended.ahead_until = utc(datetime.fromisoformat(str(until)))
        elif line.event == AuditEvent.DEPLOYMENT_OPENED.value:
            for earlier in runs.values():  # it was not running any more when the next one began
                if earlier.deployment == name:
                    earlier.ended_at = min(earlier.ended_at, line.at)
            closes = utc(datetime.fromisoformat(str(line.detail["closes_at"])))
            runs[run] = RunTold(name, line.at, max(line.at, min(closes, act.now)))
    return runs.values()


def _place_of(act: Act, deployment: DeploymentId) -> str:
    """The place's name, from the authorisation; once that is gone, the deployment's id."""
    row = act.session.get(DeploymentRow, deployment)
    if row is None:
        return f"({deployment})"
    return " ".join(str(json.loads(row.payload)["deployment"].get("place", "")).split())
