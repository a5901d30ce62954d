"""What the live rule makes of looks that were taken, against another list or at another threshold.

The looks of a recording are encoded once. Here the flow's own rules go over them again: which of
them are worth taking, how their templates are fused, whom they resemble, when that is an alert.
Where the rule would have looked more often than it did when they were taken, there is nothing
more to go by; so this tells of lists and thresholds near those that were watched, and of the same
list and threshold exactly what the flow told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from overt.alerts.raising import AlertBook, RaiseAlert, RaisingRules, UpdateAlert, consider
from overt.alerts.track_evidence import TrackEvidence
from overt.identifiers import CameraId, PassageId, RunId, SubjectId
from overt.matches.gallery import Gallery
from overt.matches.resemblance import KeptTemplates, Resemblance, resemblance
from overt.templates.template import Template
from overt.tracks.best_shots import (
    GROWN,
    NO_SHOTS,
    ShotRules,
    Shots,
    choose,
    due,
    hopeful,
    second_slot,
)
from overt.units import Float32, Seconds, UtcTime

RESCORED: RunId = RunId("rescored")


@dataclass(frozen=True, slots=True, eq=False)
class TakenLook:
    """One look of a recording that was encoded, in the order of the flow. No picture."""

    track: PassageId
    since: Seconds
    """When the track began, on the recording's clock; likewise `at`."""
    at: Seconds
    captured_at: UtcTime
    eye_distance: float
    worth: float
    vector: Float32 = field(repr=False)
    second: Float32 | None = field(default=None, repr=False)
    """Of the points that were found first, where the look was encoded by both."""
    beside: frozenset[PassageId] = frozenset()
    """The other tracks in the same picture."""

    def forget(self) -> None:
        self.vector.fill(0)
        if self.second is not None:
            self.second.fill(0)


@dataclass(frozen=True, slots=True)
class Told:
    """What the rule made of one track."""

    best: dict[SubjectId, float] = field(default_factory=dict)
    """The strongest evidence that rested on enough shots, for everybody it resembled most."""
    alerted: dict[SubjectId, float] = field(default_factory=dict)
    """Alerts, and their first similarity."""

    def note(self, subject: SubjectId, similarity: float) -> None:
        self.best[subject] = max(similarity, self.best.get(subject, -1.0))


@dataclass(slots=True)
class _Track:
    """What the flow knows of a person in view."""

    kept: KeptTemplates
    shots: Shots = NO_SHOTS
    taken_eye_distance: float = 0.0
    told: Told = field(default_factory=Told)

    def takes(self, look: TakenLook, rules: ShotRules) -> bool:
        """As the crowd decides; the template goes into the slot that the rules name."""
        nearer = look.eye_distance >= GROWN * self.taken_eye_distance
        if not nearer and not due(self.shots, look.at, rules):
            return False
        slot = choose(self.shots, look.at, look.worth, rules)
        if slot is None:
            return False
        twice = look.second is not None and hopeful(self.shots, rules)
        beside = second_slot(self.shots, slot, rules) if twice else None
        self._enter(slot, look.vector, look, rules)
        if beside is not None and look.second is not None:
            self._enter(beside, look.second, look, rules)
        return True

    def _enter(self, slot: int, vector: Float32, look: TakenLook, rules: ShotRules) -> None:
        self.shots = self.shots.with_shot(slot, look.at, look.worth, rules)
        self.taken_eye_distance = look.eye_distance
        self.kept.vectors[slot], self.kept.weights[slot] = vector, look.worth


def rescored(
    looks: Iterable[TakenLook], gallery: Gallery, rules: RaisingRules, shot_rules: ShotRules
) -> Mapping[PassageId, Told]:
    """Go over the looks of one recording again; every template copied here is overwritten."""
    tracks: dict[PassageId, _Track] = {}
    fused = Template(gallery.model, np.zeros(gallery.vectors.shape[1], np.float32))
    book = AlertBook(RESCORED)
    for look in looks:
        track = tracks.setdefault(look.track, _Track(_room(gallery, shot_rules)))
        if not track.takes(look, shot_rules):
            continue
        found = resemblance(track.shots, track.kept, fused, gallery, shot_rules)
        if found is None:
            continue
        track.shots = found.compared
        book = _consider(book, track, _evidence(look, found, gallery), rules)
    for track in tracks.values():
        track.kept.vectors.fill(0)
    fused.vector.fill(0)
    gallery.scrub()
    return {name: track.told for name, track in tracks.items()}


def _room(gallery: Gallery, rules: ShotRules) -> KeptTemplates:
    return KeptTemplates(
        np.zeros((rules.slots, gallery.vectors.shape[1]), np.float32),
        np.zeros(rules.slots, np.float32),
    )


def _evidence(look: TakenLook, found: Resemblance, gallery: Gallery) -> TrackEvidence | None:
    if found.match is None:
        return None
    return TrackEvidence(
        passage=look.track,
        camera=CameraId(RESCORED),
        match=found.match,
        shots=found.shots,
        list_size=gallery.size,
        since=look.since,
        captured_at=look.captured_at,
        media_time=look.at,
        beside=look.beside,
    )


def _consider(
    book: AlertBook, track: _Track, evidence: TrackEvidence | None, rules: RaisingRules
) -> AlertBook:
    """Ask the rule as the desk does."""
    if evidence is None:
        return book
    subject, alike = evidence.match.subject_id, float(evidence.match.similarity)
    if evidence.shots >= rules.min_shots:
        track.told.note(subject, alike)
    book, news = consider(book, evidence, rules, evidence.captured_at, now=evidence.media_time)
    match news:
        case RaiseAlert(alert) | UpdateAlert(alert):
            track.told.alerted.setdefault(alert.subject_id, float(alert.similarity))
            track.shots = track.shots.alerted()
        case _:
            pass
    return book
