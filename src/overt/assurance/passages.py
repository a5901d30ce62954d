"""Which track was whose passage, and what the live rule made of each passage of the truth.

Pure: tracks as the flow saw them and passages as somebody wrote them down go in. The truth says
when somebody passed, not where in the picture; so where several pass at once,
(1) a track that raised an alert for somebody who was passing then is theirs;
(2) the others are paired so that their times agree best, one to one;
(3) what is left over, pieces of torn tracks, goes to the passage that it overlaps most;
(4) a track that overlaps no passage belongs to none: its alerts are counted apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from overt.assurance.rescore import Told
from overt.assurance.truth import TruePassage
from overt.faces.quality import Quality
from overt.identifiers import PassageId, SubjectId
from overt.tracks.passage import Standing
from overt.units import Seconds

SLACK: Final = Seconds(1.0)
"""Seconds around a passage in which a track still belongs to it: truths are written by hand, and
an alert may come after the last look."""
A_LOOK: Final = 0.001
"""What a single look shares with a passage, in seconds."""
NAMED: Final = 2.0
"""What a right name weighs beside the agreement of times, which is at most 1."""


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """One track, as the flow followed it. No image, template or position."""

    id: PassageId
    first_seen: Seconds
    last_seen: Seconds
    standing: Standing
    compared: bool
    """At least one template of it was compared with the list."""
    best: Mapping[SubjectId, float]
    """The strongest evidence that rested on enough shots, for everybody it resembled most."""
    alerted: Mapping[SubjectId, float]
    """Alerts that the rule raised at the run's threshold, and their first similarity."""
    clearest: Quality | None = None
    """Its best look: numbers, no picture. None where none was good enough."""


class Failure(Enum):
    """Why nothing of a passage could be compared; the value is what reports say."""

    NOT_DETECTED = "failure to detect"
    """No track at all."""
    NOT_ACQUIRED = "failure to acquire"
    """Tracked, but never large, clear and long enough in view to be compared."""


@dataclass(frozen=True, slots=True)
class PassageOutcome:
    passage: TruePassage
    tracks: tuple[PassageId, ...]
    best: Mapping[SubjectId, float]
    alerted: Mapping[SubjectId, float]
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    passages: tuple[PassageOutcome, ...]
    stray_tracks: int
    """Tracks of three looks or more that belong to no passage of the truth."""
    stray_alerts: int
    """Alerts of such tracks: false, and outside every rate by passage."""


def judge_clip(tracks: Sequence[SeenTrack], truth: Sequence[TruePassage]) -> ClipOutcome:
    owners = assigned(tracks, truth)
    stray = [t for t, owner in zip(tracks, owners, strict=True) if owner is None]
    return ClipOutcome(
        passages=tuple(
            _outcome(passage, [t for t, o in zip(tracks, owners, strict=True) if o == i])
            for i, passage in enumerate(truth)
        ),
        stray_tracks=sum(track.standing is not Standing.GLIMPSE for track in stray),
        stray_alerts=sum(len(track.alerted) for track in stray),
    )


def assigned(tracks: Sequence[SeenTrack], truth: Sequence[TruePassage]) -> list[int | None]:
    """Name the passage of each track, None for those of nobody in the truth."""
    agreement = np.array(
        [[_agreement(track, passage) for passage in truth] for track in tracks], float
    ).reshape(len(tracks), len(truth))
    owners: list[int | None] = [None] * len(tracks)
    rows, columns = linear_sum_assignment(agreement, maximize=True)  # (1), (2)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        if agreement[row, column] > 0:
            owners[row] = column
    for row, track in enumerate(tracks):  # (3)
        if owners[row] is None and len(truth):
            shared = [_shared(track, passage) + _named(track, passage) for passage in truth]
            owners[row] = int(np.argmax(shared)) if max(shared) > 0 else None  # (4)
    return owners


def _agreement(track: SeenTrack, passage: TruePassage) -> float:
    """Time shared by time of either, and more if the track names whoever passed."""
    shared = _shared(track, passage)
    if shared <= 0:
        return 0.0
    either = max(track.last_seen, passage.end) - min(track.first_seen, passage.start)
    return min(shared / max(either, 1e-9), 1.0) + _named(track, passage)


def _named(track: SeenTrack, passage: TruePassage) -> float:
    right = passage.subject_id is not None and passage.subject_id in track.alerted
    return NAMED if right and _shared(track, passage) > 0 else 0.0


def _shared(track: SeenTrack, passage: TruePassage) -> float:
    """Seconds in both, the passage widened by the slack."""
    first = max(track.first_seen, passage.start - SLACK)
    last = min(track.last_seen, passage.end + SLACK)
    return max(last - first, A_LOOK) if last >= first else 0.0


def _outcome(passage: TruePassage, tracks: Sequence[SeenTrack]) -> PassageOutcome:
    return PassageOutcome(
        passage=passage,
        tracks=tuple(track.id for track in tracks),
        best=_strongest([track.best for track in tracks]),
        alerted=_strongest([track.alerted for track in tracks]),
        failure=_failure(tracks),
    )


def retold(outcome: PassageOutcome, told: Mapping[PassageId, Told]) -> PassageOutcome:
    """The same passage, as its tracks were told against another list."""
    tracks = [told[track] for track in outcome.tracks if track in told]
    return replace(
        outcome,
        best=_strongest([track.best for track in tracks]),
        alerted=_strongest([track.alerted for track in tracks]),
    )


def _failure(tracks: Sequence[SeenTrack]) -> Failure | None:
    if not tracks:
        return Failure.NOT_DETECTED
    return None if any(track.compared for track in tracks) else Failure.NOT_ACQUIRED


def _strongest(each: Sequence[Mapping[SubjectId, float]]) -> Mapping[SubjectId, float]:
    strongest: dict[SubjectId, float] = {}
    for one in each:
        for subject, similarity in one.items():
            strongest[subject] = max(similarity, strongest.get(subject, -1.0))
    return strongest
