"""Watch a recording with the flow itself, and write down what its rule made of every track.

The same `watch`, the same crowd and the same raising rule as `overt run`, so that what is
measured is what will run. In place of the gate stands a notebook: nothing is raised, kept or
sent, and what comes back holds no image, template or position.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from overt.alerts.raising import (
    AlertBook,
    Held,
    RaiseAlert,
    RaisingRules,
    UpdateAlert,
    consider,
    margin_for,
)
from overt.alerts.track_evidence import TrackEvidence
from overt.assurance.passages import SeenTrack
from overt.assurance.remembered import RememberedNetworks
from overt.assurance.rescore import TakenLook
from overt.faces.quality import Quality
from overt.faces.zone import WHOLE_PICTURE
from overt.frames.frame import CameraBack, CameraLost, Frame
from overt.frames.open_source import Pace, open_source
from overt.identifiers import CameraId, ModelId, RunId, SubjectId, TrackId
from overt.live.crowd import Crowd, Look, UnderWay
from overt.live.glances import Glance
from overt.live.scene import Scene
from overt.live.watch import watch
from overt.matches.gallery import Gallery
from overt.models.rise import rise_of
from overt.tracks.best_shots import ShotRules, rules_for
from overt.tracks.follow import START
from overt.tracks.passage import passage_id, standing
from overt.tracks.track import Looks
from overt.units import Clock, Pixels, Seconds, Similarity

MEASURED: RunId = RunId("measured")


@dataclass(frozen=True, slots=True)
class MeasuredCamera:
    """What stands in a deployment for a real one."""

    id: CameraId
    recording: Path
    min_eye_distance: Pixels
    threshold: Similarity


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """Everybody whom the flow tracked in a recording, in the order of their numbers."""

    tracks: list[SeenTrack]
    taken: tuple[TakenLook, ...]
    """Every look that was encoded, to be scored against other lists."""
    ends: Seconds
    """When the last frame was, on the recording's clock."""


def rules_at(threshold: Similarity) -> RaisingRules:
    return RaisingRules(threshold, ambiguous_margin=margin_for(threshold))


def shot_rules_at(threshold: Similarity, model: ModelId) -> ShotRules:
    return rules_for(threshold, rules_at(threshold).min_shots, rise_of(model))


def watch_recording(
    camera: MeasuredCamera, remembered: RememberedNetworks, gallery: Gallery, clock: Clock
) -> Watched:
    """Watch it to its end with the flow itself."""
    rules = rules_at(camera.threshold)
    crowd = NotedCrowd(
        camera=camera.id,
        zone=WHOLE_PICTURE,
        min_eye_distance=camera.min_eye_distance,
        networks=remembered.networks,
        gallery=gallery,
        shot_rules=shot_rules_at(camera.threshold, remembered.networks.model),
    )
    notebook = Notebook(rules, clock)
    recording = camera.recording.absolute()
    source = open_source(recording.name, clock=clock, pace=Pace.FAST, base=recording.parent)
    watch(remembered.at.pointing(source.sights()), crowd, notebook)
    return Watched(notebook.seen(camera), tuple(crowd.taken), notebook.ends)


@dataclass(slots=True)
class NotedCrowd(Crowd):
    """The crowd of the flow, which writes down each look that it has encoded."""

    taken: list[TakenLook] = field(default_factory=list, repr=False)

    def enter(self, one: UnderWay) -> None:
        for vector, look in zip(one.templates.vectors, one.looks, strict=True):
            if not look.closer:  # the same look once more, by its first points
                self.taken[-1] = replace(self.taken[-1], second=vector.copy())
                continue
            self.taken.append(
                TakenLook(
                    track=passage_id(self.camera, look.track),
                    since=self.person(look.track).since,
                    at=one.scene.frame.media_time,
                    captured_at=one.scene.frame.captured_at,
                    eye_distance=look.face.eye_distance,
                    worth=look.worth,
                    vector=vector.copy(),
                    beside=self.beside(one.scene, look.track),
                )
            )
        Crowd.enter(self, one)  # by name: a class with slots is not the one that super() knows


@dataclass(slots=True)
class _Noted:
    looks: Looks
    compared: bool = False
    best: dict[SubjectId, float] = field(default_factory=dict)
    alerted: dict[SubjectId, float] = field(default_factory=dict)
    clearest: Quality | None = None


@dataclass(slots=True)
class Notebook:
    """The port Outlet: what a desk would have raised, written down."""

    rules: RaisingRules
    clock: Clock
    book: AlertBook = field(default_factory=lambda: AlertBook(MEASURED))
    ends: Seconds = START
    _tracks: dict[TrackId, _Noted] = field(default_factory=dict)

    @property
    def paused(self) -> bool:
        return False

    def passes_over(self, frame: Frame, crowd: Crowd) -> bool:  # noqa: ARG002  likewise
        return False

    def open(self, crowd: Crowd) -> bool:  # noqa: ARG002  a recording is watched to its end
        return True

    def consider(self, evidence: TrackEvidence, look: Look, scene: Scene, crowd: Crowd) -> None:
        """Ask the rule as the desk does, and tell the crowd as the desk does."""
        person = crowd.person(look.track)
        noted = self._note(look.track, crowd)
        noted.compared = True
        subject, alike = evidence.match.subject_id, float(evidence.match.similarity)
        if evidence.shots >= self.rules.min_shots:
            noted.best[subject] = max(alike, noted.best.get(subject, -1.0))
        self.book, news = consider(
            self.book, evidence, self.rules, self.clock.now(), now=scene.frame.media_time
        )
        match news:
            case Held(reason):
                person.hold = reason
            case RaiseAlert(alert) | UpdateAlert(alert):
                noted.alerted.setdefault(alert.subject_id, float(alert.similarity))
                person.alerted = True
                person.shots = person.shots.alerted()

    def tell_of_camera(self, news: CameraLost | CameraBack) -> None:
        """Recordings are neither lost nor back."""

    def count(self, glance: Glance, crowd: Crowd) -> None:
        """Note who is in view, before they are forgotten."""
        if isinstance(glance.sight, Frame):
            self.ends = glance.sight.media_time
        for track in crowd.book.open_tracks:
            noted = self._note(track.id, crowd)
            noted.looks, noted.clearest = track.looks, crowd.person(track.id).clearest

    def settle(self) -> None:
        """Nothing is on its way: it was written down at once."""

    def seen(self, camera: MeasuredCamera) -> list[SeenTrack]:
        return [
            SeenTrack(
                id=passage_id(camera.id, number),
                first_seen=noted.looks.first_seen,
                last_seen=noted.looks.last_seen,
                standing=standing(noted.looks, camera.min_eye_distance),
                compared=noted.compared,
                best=noted.best,
                alerted=noted.alerted,
                clearest=noted.clearest,
            )
            for number, noted in sorted(self._tracks.items())
        ]

    def _note(self, number: TrackId, crowd: Crowd) -> _Noted:
        if number not in self._tracks:
            self._tracks[number] = _Noted(crowd.book.track(number).looks)
        return self._tracks[number]
