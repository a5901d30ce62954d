"""Which alert belongs to which pass of a seeded walk, and what stays in doubt.

(1) An alert may belong to a pass of the person whom it names, before the same camera, from a little
    before the logged time to a little after: the reach. A marshal's finger and a watch are not exact.
(2) Each pass gets at most one alert and each alert at most one pass: as many pairs as can be, and
    among those the ones nearest in time.
(3) A pass counts for TRR if its participant was listed, it went through the zone, and matching was
    going on. Any other is counted apart, with the reason; so are alerts that belong to no pass.
(4) A pass of a participant who is not on the list is a control: an alert within its reach that
    belongs to no pass is a false alert on it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from overt.config.walk_log import WalkPass, Zone
from overt.identifiers import AlertId, CameraId, DeploymentId, SubjectId
from overt.units import Seconds, UtcTime


@dataclass(frozen=True, slots=True)
class Raised:
    alert: AlertId
    subject: SubjectId
    camera: CameraId
    at: UtcTime
    """When the person was before the camera."""


@dataclass(frozen=True, slots=True)
class WalkRun:
    opened_at: UtcTime
    ended_at: UtcTime
    faces: int | None
    """Passages that were counted; None where the run never said."""


@dataclass(frozen=True, slots=True)
class Pause:
    camera: CameraId | None
    """None: every camera."""
    begun_at: UtcTime
    ended_at: UtcTime


@dataclass(frozen=True, slots=True)
class WalkRecord:
    """Everything on record of one walk."""

    deployment: DeploymentId
    place: str
    cameras: tuple[CameraId, ...]
    passes: tuple[WalkPass, ...]
    alerts: tuple[Raised, ...]
    runs: tuple[WalkRun, ...]
    pauses: tuple[Pause, ...]
    listed: Mapping[SubjectId, UtcTime | None]
    """Who was looked for, and until when if they were stood down."""
    withdrawn: int
    """Participants who withdrew: nothing of theirs is here."""


@dataclass(frozen=True, slots=True)
class Reach:
    before: Seconds
    """How long before the logged time an alert may be."""
    after: Seconds


REACH: Final = Reach(Seconds(5.0), Seconds(15.0))


class Standing(Enum):
    """What a pass counts as."""

    FOUND = "found"
    MISSED = "missed"
    CONTROL = "control: not on the list"
    OUTSIDE = "outside the zone"
    UNSURE = "unsure whether through the zone"
    NOT_RUNNING = "while nothing was matched"


@dataclass(frozen=True, slots=True)
class MatchedPass:
    told: WalkPass
    standing: Standing
    alert: Raised | None
    false_alert: bool = False
    """Of a control: an alert that belongs to no pass is within its reach."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Every ambiguity, counted."""

    double_alerts: int
    """A second alert on a pass that has one."""
    alerts_without_pass: int
    """Of a participant who was not logged then: a false alert, or a pass that nobody logged."""
    of_those_near_another: int
    """While another participant passed the same camera: perhaps mistaken for each other."""
    passes_within_one_reach: int
    """Of one person before one camera, so near each other that an alert could be of either."""
    alerted_outside_zone: int
    """Logged as outside the zone, or unsure, and yet alerted."""


@dataclass(frozen=True, slots=True)
class MatchedWalk:
    record: WalkRecord
    passes: tuple[MatchedPass, ...]
    strays: tuple[Raised, ...]
    """Alerts that belong to no pass and are no double."""
    doubts: Doubts

    def count(self, standing: Standing) -> int:
        return sum(each.standing is standing for each in self.passes)


def matched_walk(record: WalkRecord, reach: Reach = REACH) -> MatchedWalk:
    owner = _owners(record, reach)
    taken = {raised.alert for raised in owner.values()}
    left = [raised for raised in record.alerts if raised.alert not in taken]
    doubles = [raised for raised in left if _own_passes(record, raised, reach)]
    strays = [raised for raised in left if raised not in doubles]
    passes = tuple(
        _judged(record, told, owner.get(number), strays, reach)
        for number, told in enumerate(record.passes)
    )
    near = sum(any(_in_reach(told, each, reach) for told in record.passes) for each in strays)
    doubts = Doubts(
        double_alerts=len(doubles),
        alerts_without_pass=len(strays),
        of_those_near_another=near,
        passes_within_one_reach=_crowded(record.passes, reach),
        alerted_outside_zone=sum(
            each.alert is not None and each.standing in {Standing.OUTSIDE, Standing.UNSURE}
            for each in passes
        ),
    )
    return MatchedWalk(record, passes, tuple(strays), doubts)


def _in_reach(told: WalkPass, raised: Raised, reach: Reach) -> bool:
    after = (raised.at - told.at).total_seconds()
    return told.camera == raised.camera and -reach.before <= after <= reach.after


def _own_passes(record: WalkRecord, raised: Raised, reach: Reach) -> list[WalkPass]:
    return [
        told
        for told in record.passes
        if told.participant == raised.subject and _in_reach(told, raised, reach)
    ]


def _owners(record: WalkRecord, reach: Reach) -> dict[int, Raised]:
    """The alert of each pass, by the pass's place: steps (1) and (2)."""
    owner: dict[int, Raised] = {}
    groups = {(told.participant, told.camera) for told in record.passes}
    for participant, camera in sorted(groups):
        passes = [
            (number, told)
            for number, told in enumerate(record.passes)
            if (told.participant, told.camera) == (participant, camera)
        ]
        alerts = [
            each for each in record.alerts if (each.subject, each.camera) == (participant, camera)
        ]
        owner.update(_pairs(passes, alerts, reach))
    return owner


def _pairs(
    passes: Sequence[tuple[int, WalkPass]], alerts: Sequence[Raised], reach: Reach
) -> Iterable[tuple[int, Raised]]:
    from scipy.optimize import linear_sum_assignment  # as in rates/counts

    if not passes or not alerts:
        return
    apart = np.array(
        [[abs((each.at - told.at).total_seconds()) for each in alerts] for _, told in passes]
    )
    possible = np.array(
        [[_in_reach(told, each, reach) for each in alerts] for _, told in passes], bool
    )
    never = (reach.before + reach.after + 1.0) * (min(apart.shape) + 1)
    rows, columns = linear_sum_assignment(np.where(possible, apart, never))
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if possible[row, column]:
            yield passes[row][0], alerts[column]


def _judged(
    record: WalkRecord,
    told: WalkPass,
    alert: Raised | None,
    strays: Sequence[Raised],
    reach: Reach,
) -> MatchedPass:
    false_alert = any(_in_reach(told, each, reach) for each in strays)
    standing = _standing(record, told, alert)
    return MatchedPass(told, standing, alert, standing is Standing.CONTROL and false_alert)


def _standing(record: WalkRecord, told: WalkPass, alert: Raised | None) -> Standing:
    if told.zone is Zone.OUTSIDE:
        return Standing.OUTSIDE
    if told.zone is Zone.UNSURE:
        return Standing.UNSURE
    if alert is None and not _was_matching(record, told):
        return Standing.NOT_RUNNING
    if not _was_listed(record, told):
        return Standing.CONTROL
    return Standing.MISSED if alert is None else Standing.FOUND


def _was_listed(record: WalkRecord, told: WalkPass) -> bool:
    if told.participant not in record.listed:
        return False
    until = record.listed[told.participant]
    return until is None or told.at < until


def _was_matching(record: WalkRecord, told: WalkPass) -> bool:
    running = any(run.opened_at <= told.at <= run.ended_at for run in record.runs)
    return running and not any(
        pause.camera in {None, told.camera} and pause.begun_at <= told.at <= pause.ended_at
        for pause in record.pauses
    )


def _crowded(passes: Sequence[WalkPass], reach: Reach) -> int:
    """How many passes have another of the same person and camera so near that both reach an alert."""
    near = reach.before + reach.after
    times: dict[tuple[SubjectId, CameraId], list[UtcTime]] = {}
    for told in passes:
        times.setdefault((told.participant, told.camera), []).append(told.at)
    close: Counter[tuple[SubjectId, CameraId]] = Counter()
    for key, moments in times.items():
        ordered = sorted(moments)
        for place, moment in enumerate(ordered):
            neighbours = ordered[max(place - 1, 0) : place] + ordered[place + 1 : place + 2]
            close[key] += any(abs((m - moment).total_seconds()) <= near for m in neighbours)
    return close.total()
