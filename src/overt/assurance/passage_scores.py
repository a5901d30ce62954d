"""From what the flow made of each passage to a score table with passages as the unit.

A passage's score for somebody on the list is the strongest evidence of theirs that the live rule
could have acted on: they were the most alike and it rested on enough shots. Everybody else
resembled it less than that, and an alert would not have named them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from overt.assurance.listed import EnrolledList
from overt.assurance.passages import ClipOutcome, Failure, PassageOutcome
from overt.assurance.rescore import TakenLook
from overt.assurance.scores import SEVERAL, ScoreTable
from overt.faces.quality import Quality
from overt.identifiers import SubjectId
from overt.rates.unit import Unit
from overt.units import Seconds

LATER = Seconds(float("inf"))


@dataclass(frozen=True, slots=True, eq=False)
class WatchedClip:
    """One recording of the truth, watched at one threshold."""

    number: int
    """As TRUTH.json counts, from 1."""
    listed: EnrolledList
    outcome: ClipOutcome
    looks: tuple[Quality, ...] = ()
    """The best of each passage that was good enough."""
    taken: tuple[TakenLook, ...] = field(default=(), repr=False)
    """Every look that was encoded."""
    ends: Seconds = LATER
    """When the recording ends, on its own clock."""


def strongest_evidence(passage: PassageOutcome) -> Mapping[SubjectId, float]:
    return passage.best


def alerts_raised(passage: PassageOutcome) -> Mapping[SubjectId, float]:
    return passage.alerted


def passage_table(clips: Sequence[WatchedClip], *, alerts_only: bool) -> ScoreTable:
    """One row a passage of the truth; `alerts_only` scores what was alerted at the threshold."""
    told = alerts_raised if alerts_only else strongest_evidence
    lengths = {id(clip.listed): len(clip.listed.subjects) for clip in clips}
    several = len(lengths) > 1
    places: dict[SubjectId, int] = {}
    enrolled: set[SubjectId] = set()
    for clip in clips:
        for subject in clip.listed.subjects:
            name = listed_name(subject, clip.listed.file, several=several)
            places.setdefault(name, len(places))
            if subject in clip.listed.gallery:
                enrolled.add(name)
    rows = [(clip, i, each) for clip in clips for i, each in enumerate(clip.outcome.passages, 1)]
    scores = np.full((len(rows), len(places)), -np.inf, np.float32)
    for row, (clip, _, passage) in enumerate(rows):
        for subject, similarity in told(passage).items():
            name = listed_name(subject, clip.listed.file, several=several)
            scores[row, places[name]] = similarity
    failures = [passage.failure for _, _, passage in rows]
    subjects = [_who(clip, i, passage, several=several) for clip, i, passage in rows]
    return ScoreTable(
        unit=Unit.PASSAGE,
        probe_ids=tuple(f"clip {clip.number}, passage {i}" for clip, i, _ in rows),
        probe_subjects=tuple(subjects),
        gallery_subjects=tuple(places),
        scores=scores,
        not_detected=np.array([f is Failure.NOT_DETECTED for f in failures], np.bool_),
        not_acquired=np.array([f is not None for f in failures], np.bool_),
        not_enrolled=np.array([name not in enrolled for name in places], np.bool_),
        groups=_groups(subjects, [passage for _, _, passage in rows]),
        shortest_list=min(lengths.values()) if several else None,
    )


def _groups(
    subjects: Sequence[SubjectId], passages: Sequence[PassageOutcome]
) -> Mapping[SubjectId, Mapping[str, str]]:
    """What is said of each subject; SEVERAL where two passages say different things."""
    told: dict[SubjectId, dict[str, str]] = {}
    for subject, passage in zip(subjects, passages, strict=True):
        of = told.setdefault(subject, {})
        for column, value in passage.passage.groups.items():
            if of.setdefault(column, value) != value:
                of[column] = SEVERAL
    return told


def listed_name(subject: SubjectId, file: str, *, several: bool) -> SubjectId:
    """Two lists may call two people by one name."""
    return SubjectId(f"{file}: {subject}") if several else subject


def _who(clip: WatchedClip, number: int, passage: PassageOutcome, *, several: bool) -> SubjectId:
    """Whoever is named by nobody is somebody of their own."""
    subject = passage.passage.subject_id
    if subject is None:
        return SubjectId(f"unlisted, clip {clip.number}, passage {number}")
    return listed_name(subject, clip.listed.file, several=several)
