"""Everybody in view of one camera, and nobody else: tracks, shots and templates until they leave.

What is known of a person here is where they are, how clearly they were seen and, for as long as
they are in view, templates in one block of memory. When their track ends it is overwritten (R50).
"""

from collections import Counter, deque
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
from overt.identifiers import CameraId, PassageId, TrackId
from overt.live.counts import CameraCounts, Stage
from overt.live.encoding import Aim, Encoding, Templates
from overt.live.envelope_watch import EnvelopeWatch
from overt.live.scene import Scene
from overt.live.templates_in_view import TemplatesInView
from overt.matches.gallery import Gallery
from overt.matches.resemblance import resemblance
from overt.templates.load import Networks
from overt.tracks.best_shots import (
    DEFAULT_RULES,
    GROWN,
    NO_SHOTS,
    ShotRules,
    Shots,
    choose,
    due,
    hopeful,
    second_slot,
)
from overt.tracks.follow import START, Following, TrackBook, end_all, follow
from overt.tracks.heading import Placed, heading, placed
from overt.tracks.passage import Standing, passage_id, standing
from overt.tracks.track import EndedTrack
from overt.units import Pixels, Seconds

SCRUB_APART: Final = Seconds(0.5)
"""Between two scrubs of the encoder while others are in view: with the track's patience, nothing
of somebody who has left outlives their last look by two seconds."""
NEVER_AGAIN: Final = Seconds(float("inf"))


@dataclass(slots=True)
class Person:
    """What is known of one track beside its templates; no picture."""

    since: Seconds = START
    came: Placed | None = None
    """Where they were first seen in the zone."""
    shots: Shots = NO_SHOTS
    taken_eye_distance: float = 0.0
    rejections: Counter[Rejection] = field(default_factory=Counter)
    hold: Hold | None = None
    alerted: bool = False
    counted: bool = False
    """As a passage: when it ends, or when it is alerted on before."""
    clearest: Quality | None = None
    """The best look so far that was good enough: numbers, no picture."""
    usable_since: float | None = None
    """`time.monotonic()` when the first good look was decoded."""
    usable_at: Seconds | None = None
    """Its time on the source's own clock."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """One face of this frame that is worth a template."""

    track: TrackId
    row: int
    """Of the frame's faces."""
    face: Face
    slot: int
    worth: float
    far: bool
    """Whether its points can be found better by a second look."""
    closer: bool = True
    """Whether they are; else it is aligned as it was found."""


@dataclass(frozen=True, slots=True, eq=False)
class UnderWay:
    """A scene whose looks are being encoded."""

    scene: Scene
    looks: Sequence[Look]
    templates: Templates


Evidence = tuple[TrackEvidence, Look, Scene]


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
    _in_a_hurry: ShotRules = field(init=False)
    _templates: TemplatesInView = field(init=False)
    _encoding: Encoding = field(init=False)
    _under_way: deque[UnderWay] = field(default_factory=deque)
    _eager: bool = False
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
        self._in_a_hurry = replace(self.shot_rules, again_apart=NEVER_AGAIN)
        self._encoding = Encoding(self.networks)

    def biometrics(self) -> Iterator[NDArray[Any]]:
        """Every block of memory that holds a face or a template for longer than one call."""
        yield from self._encoding.blocks()
        yield from self._templates.blocks()
        yield from self.gallery.blocks()

    def follow(self, frame: Frame, faces: Faces) -> Scene:
        """Enter the faces of a frame: whose each of them is. Nobody is looked at yet."""
        with self.counts.timing(Stage.TRACKING):
            picture = frame.picture
            in_zone = self.zone.holds_centres(faces.boxes, picture.width, picture.height)
            self.book, news = follow(self.book, faces, frame.media_time, in_zone=in_zone)
        self.counts.detections += 1
        self.counts.faces += len(faces)
        return Scene(frame, faces, in_zone, news, self.book.motion)

    def wait(self, until: Seconds) -> None:
        """Let time pass without a picture."""
        nobody = Following((), (), ())
        if until > self.book.at:
            self.book, nobody = follow(self.book, NO_FACES, until, in_zone=np.zeros(0, np.bool_))
        self._forget(nobody.ended)

    def compare(self, scene: Scene, *, hurried: bool = False) -> None:
        """Forget who has gone, and begin a template of each look that is worth one.

        What was to be taken before (`compared`) was taken. While the encoder is behind, nobody
        who was given up is looked at again, if we may be `hurried`: that would put it further
        behind, and it is the first looks that must not wait.
        """
        rules = self._in_a_hurry if hurried and self._under_way else self.shot_rules
        with self.counts.timing(Stage.TRACKING):
            self._forget(scene.following.ended)
            looks = self._worth_a_template(scene, rules)
            self._eager = any(
                hopeful(each.shots, self.shot_rules) for each in self._people.values()
            )
        aims = [Aim(look.face, look.closer) for look in looks]
        begun = self._encoding.begin(scene.frame.picture, aims)
        self._under_way.append(UnderWay(scene, looks, begun))

    def compared(
        self, *, leaving: int = 0, prompt: bool = False, scene: Scene | None = None
    ) -> Iterator[Evidence]:
        """What looks have told of their tracks, scene by scene; then each picture is forgotten.

        The last `leaving` scenes are left to the encoder, unless it is done with them and `prompt`,
        or somebody in them has gone since, as `scene` shows: they are forgotten next.
        """
        gone = () if scene is None else {track.id for track in scene.following.ended}
        while self._under_way and (
            len(self._under_way) > leaving
            or (prompt and self._under_way[0].templates.made)
            or any(look.track in gone for one in self._under_way for look in one.looks)
        ):
            yield from self._evidence(self._under_way.popleft())

    def _evidence(self, one: UnderWay) -> Iterator[Evidence]:
        scene = one.scene
        try:
            self.counts.took(Stage.ENCODING, one.templates.wait())
            with self.counts.timing(Stage.SEARCH):
                self.enter(one)
                one_each = [look for look in one.looks if look.closer]
                found = [(self._search(look, scene), look) for look in one_each]
            yield from ((evidence, look, scene) for evidence, look in found if evidence is not None)
        finally:
            scene.forget()

    def person(self, track: TrackId) -> Person:
        return self._people.setdefault(track, Person())

    @property
    def hopeful(self) -> bool:
        """Whether the next frame may settle whom somebody in view resembles.

        As it was when the last scene was begun: what a recording gives must not depend on when
        the encoder is done.
        """
        return self._eager

    def disperse(self) -> None:
        """The camera or the deployment ends, or pauses: everybody is forgotten now."""
        while self._under_way:
            one = self._under_way.popleft()
            self._encoding.take_back(one.templates)
            one.scene.forget()
        self._encoding.close()
        self.book, ended = end_all(self.book)
        self._forget(ended)
        self._templates.forget_everybody()
        self._scrub_networks()

    def _worth_a_template(self, scene: Scene, rules: ShotRules) -> list[Look]:
        """The looks of this scene that are worth a template; one a person."""
        looks: list[Look] = []
        eyes = scene.faces.eye_distances.tolist()
        under_way = {look.track for one in self._under_way for look in one.looks}
        for row, (track, inside) in enumerate(
            zip(scene.tracks, scene.in_zone.tolist(), strict=True)
        ):
            if track is None or not inside:  # (R11) outside the zone nothing is templated
                continue
            if track in under_way:
                continue  # what the last look tells says whether another is worth it
            if track not in self._people:
                at = scene.frame.media_time
                self._people[track] = Person(since=at, came=placed(scene.faces.boxes[row], at))
            person = self._people[track]
            if eyes[row] < self._rules.min_eye_distance_px:
                self._reject(person, [Rejection.TOO_SMALL])  # never templated (R28)
            elif eyes[row] >= GROWN * person.taken_eye_distance or due(
                person.shots, scene.frame.media_time, rules
            ):
                look = self._look(scene, row, track, person)
                if look is not None and len(looks) < self._encoding.room - 1:
                    looks.append(look)
                    if look.far and hopeful(person.shots, rules):
                        looks.append(self._as_first_found(look, person))
        return looks

    def _as_first_found(self, look: Look, person: Person) -> Look:
        """The same look, aligned by the points that the first search gave."""
        slot = second_slot(person.shots, look.slot, self.shot_rules)
        return replace(look, slot=slot, closer=False)

    def _look(self, scene: Scene, row: int, track: TrackId, person: Person) -> Look | None:
        frame, face = scene.frame, scene.faces[row]
        if person.shots.kept and self._slot(person, frame, most_worth(face)) is None:
            return None  # no light would make it worth taking
        part = frame.picture.around(face.box)
        shown = face_region(part.pixels, face.seen_from(part.corner).box)
        quality = assess(face, shown, self._rules)
        if not quality.good_enough:
            self._reject(person, quality.reasons)
            return None
        if person.usable_since is None:
            person.usable_since, person.usable_at = frame.arrived, frame.media_time
        if person.clearest is None or quality.score > person.clearest.score:
            person.clearest = quality
        slot = self._slot(person, frame, quality.score)
        if slot is None or not self._templates.has_room_for(track):
            return None
        far = self.networks.looks_closer(frame.picture, face)
        return Look(track, row, face, slot, quality.score, far)

    def _reject(self, person: Person, reasons: Iterable[Rejection]) -> None:
        person.rejections.update(reasons)
        self.counts.rejected(reason.value for reason in reasons)

    def _slot(self, person: Person, frame: Frame, worth: float) -> int | None:
        return choose(person.shots, frame.media_time, worth, self.shot_rules)

    def enter(self, one: UnderWay) -> None:
        """Keep each look's template with its track's, and overwrite what it was made in."""
        self.counts.encodes += len(one.looks)
        self.counts.second_looks += sum(look.closer and look.far for look in one.looks)
        for vector, look in zip(one.templates.vectors, one.looks, strict=True):
            person = self.person(look.track)
            person.shots = person.shots.with_shot(
                look.slot, one.scene.frame.media_time, look.worth, self.shot_rules
            )
            person.taken_eye_distance = look.face.eye_distance
            self._templates.keep(look.track, look.slot, vector, weight=look.worth)
        self._encoding.take_back(one.templates)
        self._scrubbed = self._scrubbed and not one.looks

    def _search(self, look: Look, scene: Scene) -> TrackEvidence | None:
        frame = scene.frame
        person, fused = self.person(look.track), self._templates.fused
        kept = self._templates.kept(look.track)
        self.counts.searches += 1
        found = resemblance(person.shots, kept, fused, self.gallery, self.shot_rules)
        self._templates.scrub()
        if found is None:
            person.hold = Hold.NOBODY_LISTED
            return None
        person.shots = found.compared
        if found.match is None:
            person.hold = Hold.BELOW_THRESHOLD
            return None
        return TrackEvidence(
            passage=self._passage(look.track),
            camera=self.camera,
            match=found.match,
            shots=found.shots,
            list_size=self.gallery.size,
            since=person.since,
            captured_at=frame.captured_at,
            media_time=frame.media_time,
            usable_at=person.usable_at,
            heading=heading(person.came, placed(look.face.box, frame.media_time)),
            beside=self.beside(scene, look.track),
        )

    def beside(self, scene: Scene, track: TrackId) -> frozenset[PassageId]:
        """The passages of everybody else who was seen in this picture."""
        seen = {other for other in scene.tracks if other is not None and other != track}
        return frozenset(self._passage(other) for other in seen)

    def _passage(self, track: TrackId) -> PassageId:
        return passage_id(self.camera, track, self.restarts)

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
        seen = standing(track.looks, self.min_eye_distance)
        was = Standing.PASSAGE if person.counted else seen
        self.counts.tracks += 1
        if was is Standing.PASSAGE:
            self.count_passage(person)
            self.envelope.take(person.clearest, person.rejections)
            self.counts.outside_validated = dict(self.envelope.outside)
        self.counts.too_small += was is Standing.TOO_SMALL
        self.counts.out_of_zone += was is Standing.OUT_OF_ZONE
        self.counts.glimpses += was is Standing.GLIMPSE
        if not person.alerted:
            reason = why_not_matched(was, person.rejections.elements(), person.hold)
            if reason is not None:
                self.counts.because(reason)

    def count_passage(self, person: Person) -> None:
        """Count a face seen, once: from its first alert, so that no rate of alerts is above one."""
        self.counts.passages += not person.counted
        person.counted = True

    def _scrub_networks(self) -> None:
        """Once the street is empty, overwrite what networks and search hold of the last face."""
        if not self._scrubbed:
            self.networks.scrub()
            self.gallery.scrub()
            self._scrubbed, self._left = True, False
