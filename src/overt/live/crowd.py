"""Everybody in view of one camera, and nobody else: tracks, shots and templates until they leave.

What is known of a person here is where they are, how clearly they were seen and, for as long as
they are in view, templates in one block of memory. When their track ends it is overwritten (R50).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from overt.alerts.track_evidence import Hold, TrackEvidence, why_not_matched
from overt.faces.faces import NO_FACES, Face, Faces
from overt.faces.quality import (
    LIVE,
    Quality,
    QualityRules,
    Rejection,
    assess,
    face_region,
    most_worth,
)
from overt.faces.zone import Zone
from overt.frames.frame import Frame
from overt.identifiers import CameraId, TrackId
from overt.live.counts import CameraCounts, Stage
from overt.live.envelope_watch import EnvelopeWatch
from overt.live.templates_in_view import TemplatesInView
from overt.matches.gallery import Gallery
from overt.matches.resemblance import resemblance
from overt.templates.load import Networks
from overt.tracks.best_shots import (
    DEFAULT_RULES,
    NO_SHOTS,
    ShotRules,
    Shots,
    choose,
    due,
    hopeful,
)
from overt.tracks.follow import Following, TrackBook, end_all, follow
from overt.tracks.passage import Standing, passage_id, standing
from overt.tracks.track import EndedTrack
from overt.units import Float32, Pixels, Seconds, UInt8

AT_ONCE: Final = 8
"""Faces that are encoded together, before any of them is compared."""
SCRUB_APART: Final = Seconds(0.5)
"""Between two scrubs of the encoder while others are in view: with the track's patience, nothing
of somebody who has left outlives their last look by two seconds."""
GROWN: Final = 1.15
"""How much larger than at the last taken look a face must be to be looked at before its time."""


@dataclass(slots=True)
class Person:
    """What is known of one track beside its templates; no picture."""

    shots: Shots = NO_SHOTS
    taken_eye_distance: float = 0.0
    rejections: Counter[Rejection] = field(default_factory=Counter)
    hold: Hold | None = None
    alerted: bool = False
    clearest: Quality | None = None
    """The best look so far that was good enough: numbers, no picture."""
    usable_since: float | None = None
    """`time.monotonic()` when the first good look was decoded."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One face of this frame that is worth a template."""

    track: TrackId
    row: int
    """Of the frame's faces."""
    face: Face
    slot: int
    worth: float


@dataclass(slots=True)
class Crowd:
    camera: CameraId
    zone: Zone
    min_eye_distance: Pixels
    networks: Networks
    gallery: Gallery
    restarts: int = 0
    """How often this camera's process was started before in this run."""
    shot_rules: ShotRules = DEFAULT_RULES
    counts: CameraCounts = field(default_factory=CameraCounts)
    envelope: EnvelopeWatch = field(default_factory=EnvelopeWatch)
    book: TrackBook = field(default_factory=TrackBook)
    _people: dict[TrackId, Person] = field(default_factory=dict)
    _rules: QualityRules = field(init=False)
    _templates: TemplatesInView = field(init=False)
    _chip: UInt8 = field(init=False, repr=False)
    _fresh: Float32 = field(init=False, repr=False)
    _scrubbed: bool = True
    """The networks hold nobody."""
    _left: bool = False
    """Somebody has left whose face the encoder may still hold."""
    _encoder_scrubbed_at: float = float("-inf")

    def __post_init__(self) -> None:
        encoder = self.networks.encoder
        self._rules = replace(LIVE, min_eye_distance_px=float(self.min_eye_distance))
        self._templates = TemplatesInView(
            encoder.model, encoder.dimension, shots=self.shot_rules.slots
        )
        self._chip = np.zeros((*encoder.chip_size, 3), np.uint8)
        self._fresh = np.zeros((AT_ONCE, encoder.dimension), np.float32)

    def biometrics(self) -> Iterator[NDArray[Any]]:
        """Every block of memory that holds a face or a template for longer than one call."""
        yield self._chip
        yield self._fresh
        yield from self._templates.blocks()
        yield from self.gallery.blocks()

    def follow(self, frame: Frame, faces: Faces) -> list[Look]:
        """Enter the faces of a frame; forget who has gone; the looks worth a template."""
        with self.counts.timing(Stage.TRACKING):
            return self._follow(frame, faces)

    def _follow(self, frame: Frame, faces: Faces) -> list[Look]:
        picture = frame.picture
        in_zone = self.zone.holds_centres(faces.boxes, picture.width, picture.height)
        self.book, news = follow(self.book, faces, frame.media_time, in_zone=in_zone)
        self._forget(news.ended)
        self.counts.detections += 1
        self.counts.faces += len(faces)
        looks = (
            self._worth_a_template(frame, faces[row], row, track)
            for row, (track, inside) in enumerate(zip(news.tracks, in_zone.tolist(), strict=True))
            if track is not None and inside  # (R11) outside the zone nothing is templated
        )
        return [look for look in looks if look is not None]

    def wait(self, until: Seconds) -> None:
        """Let time pass without a picture."""
        nobody = Following((), (), ())
        if until > self.book.at:
            self.book, nobody = follow(self.book, NO_FACES, until, in_zone=np.zeros(0, np.bool_))
        self._forget(nobody.ended)

    def compare(self, looks: Sequence[Look], frame: Frame) -> list[tuple[TrackEvidence, Look]]:
        """Make a template of each look, and compare its track's with the list.

        Aligned faces and fresh templates are overwritten before this returns.
        """
        evidence: list[tuple[TrackEvidence, Look]] = []
        for start in range(0, len(looks), AT_ONCE):
            batch = looks[start : start + AT_ONCE]
            with self.counts.timing(Stage.ENCODING):
                self._encode(batch, frame)
            with self.counts.timing(Stage.SEARCH):
                evidence += [
                    (found, look) for look in batch if (found := self._search(look, frame))
                ]
        return evidence

    def person(self, track: TrackId) -> Person:
        return self._people.setdefault(track, Person())

    @property
    def hopeful(self) -> bool:
        """Whether the next frame may settle whom somebody in view resembles."""
        return any(hopeful(person.shots, self.shot_rules) for person in self._people.values())

    def hidden_boxes(self, row: int, faces: Faces) -> Float32:
        """Every face but this one: those seen now and those whose tracks go on unseen (R44)."""
        seen = np.delete(faces.boxes, row, axis=0)
        box = self.book.motion.box
        expected = np.concatenate([box[:, :2] - box[:, 2:] / 2, box[:, :2] + box[:, 2:] / 2], 1)
        x, y = faces.boxes[row, :2] / 2 + faces.boxes[row, 2:] / 2
        shown = (
            (expected[:, 0] < x)
            & (x < expected[:, 2])
            & (expected[:, 1] < y)
            & (y < expected[:, 3])
        )
        return np.concatenate([seen, expected[~shown].astype(np.float32)])

    def disperse(self) -> None:
        """The camera or the deployment ends: everybody is forgotten now."""
        self.book, ended = end_all(self.book)
        self._forget(ended)
        self._templates.forget_everybody()
        self._scrub_networks()

    def _worth_a_template(self, frame: Frame, face: Face, row: int, track: TrackId) -> Look | None:
        person = self.person(track)
        eye_distance = face.eye_distance
        if eye_distance < self._rules.min_eye_distance_px:
            self._reject(person, [Rejection.TOO_SMALL])  # never templated (R28)
            return None
        nearer = eye_distance >= GROWN * person.taken_eye_distance
        if not nearer and not due(person.shots, frame.media_time, self.shot_rules):
            return None
        if person.shots.kept and self._slot(person, frame, most_worth(face)) is None:
            return None  # no light would make it worth taking
        part = frame.picture.around(face.box)
        shown = face_region(part.pixels, face.seen_from(part.corner).box)
        quality = assess(face, shown, self._rules)
        if not quality.good_enough:
            self._reject(person, quality.reasons)
            return None
        if person.usable_since is None:
            person.usable_since = frame.arrived
        if person.clearest is None or quality.score > person.clearest.score:
            person.clearest = quality
        slot = self._slot(person, frame, quality.score)
        if slot is None or not self._templates.has_room_for(track):
            return None
        return Look(track, row, face, slot, quality.score)

    def _reject(self, person: Person, reasons: Iterable[Rejection]) -> None:
        person.rejections.update(reasons)
        self.counts.rejected(reason.value for reason in reasons)

    def _slot(self, person: Person, frame: Frame, worth: float) -> int | None:
        return choose(person.shots, frame.media_time, worth, self.shot_rules)

    def _encode(self, looks: Sequence[Look], frame: Frame) -> None:
        many = len(looks)
        self.networks.encoder.encode(self._aligned(looks, frame), self._fresh[:many])
        self.counts.encodes += many
        for vector, look in zip(self._fresh, looks, strict=False):
            person = self.person(look.track)
            person.shots = person.shots.with_shot(
                look.slot, frame.media_time, look.worth, self.shot_rules
            )
            person.taken_eye_distance = look.face.eye_distance
            self._templates.keep(look.track, look.slot, vector, weight=look.worth)
        self._chip.fill(0)
        self._fresh[:many].fill(0)
        self._scrubbed = False

    def _aligned(self, looks: Sequence[Look], frame: Frame) -> Iterator[UInt8]:
        """Align one face after the other in the same memory, while the last one is encoded."""
        for look in looks:
            closer = self.networks.look_closer(frame.picture, look.face)
            part = frame.picture.around(look.face.box)
            self.networks.encoder.align(part.pixels, closer.landmarks - part.corner, self._chip)
            yield self._chip

    def _search(self, look: Look, frame: Frame) -> TrackEvidence | None:
        person, fused = self.person(look.track), self._templates.fused
        kept = self._templates.kept(look.track)
        self.counts.searches += 1
        found = resemblance(person.shots, kept, fused, self.gallery, self.shot_rules)
        self._templates.scrub()
        if found is None:
            person.hold = Hold.NOBODY_LISTED
            return None
        person.shots = found.compared
        return TrackEvidence(
            passage=passage_id(self.camera, look.track, self.restarts),
            camera=self.camera,
            match=found.match,
            shots=found.shots,
            list_size=self.gallery.size,
            captured_at=frame.captured_at,
            media_time=frame.media_time,
        )

    def _forget(self, ended: Iterable[EndedTrack]) -> None:
        for track in ended:
            person = self._people.pop(track.id, Person())
            self._templates.forget(track.id)
            self._left = self._left or bool(person.shots.kept)
            self._count(track, person)
        if not len(self.book):
            self._scrub_networks()
        elif self._left and self.book.at - self._encoder_scrubbed_at >= SCRUB_APART:
            self.networks.encoder.scrub()
            self.gallery.scrub()
            self._left, self._encoder_scrubbed_at = False, self.book.at

    def _count(self, track: EndedTrack, person: Person) -> None:
        was = standing(track.looks, self.min_eye_distance)
        self.counts.tracks += 1
        if was is Standing.PASSAGE:
            self.counts.passages += 1
            self.envelope.take(person.clearest, person.rejections)
            self.counts.outside_validated = dict(self.envelope.outside)
        self.counts.too_small += was is Standing.TOO_SMALL
        self.counts.out_of_zone += was is Standing.OUT_OF_ZONE
        if not person.alerted:
            reason = why_not_matched(was, person.rejections.elements(), person.hold)
            if reason is not None:
                self.counts.because(reason)

    def _scrub_networks(self) -> None:
        """Once the street is empty, overwrite what networks and search hold of the last face."""
        if not self._scrubbed:
            self.networks.scrub()
            self.gallery.scrub()
            self._scrubbed, self._left = True, False
