"""Whoever leaves is forgotten while others stay: their templates, and what the encoder held."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from tests.fakes.networks import FakeEncoder, face_at, fake_networks, together
from tests.fakes.sources import frame

from overt.faces.faces import Faces
from overt.faces.zone import Zone
from overt.identifiers import CameraId, SubjectId
from overt.live.crowd import Crowd, UnderWay
from overt.live.encoding import Templates
from overt.live.scene import Scene
from overt.matches.gallery import gallery_of
from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import rules_for
from overt.tracks.follow import Following
from overt.tracks.motion import NO_MOTION
from overt.units import Pixels, Similarity, UInt8

EVERY = 0.08
LEFT, RIGHT = face_at(150, 200), face_at(480, 200)
EVERYWHERE = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


NOBODY = UnderWay(
    Scene(
        frame(np.zeros((4, 4, 3), np.uint8)), together(), np.zeros(0, np.bool_),
        Following((), (), ()), NO_MOTION,
    ),
    (), Templates((), ()),
)  # fmt: skip
"""A scene in which nobody was worth a template."""


def street() -> UInt8:
    """A picture that is sharp and bright enough everywhere."""
    return np.random.default_rng(1).integers(60, 200, (400, 640, 3), np.uint8)


@dataclass
class Street:
    """Two people may be seen; the encoder of this street counts how often it is scrubbed."""

    encoder: FakeEncoder = field(default_factory=FakeEncoder)
    crowd: Crowd = field(init=False)
    scrubbed_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        reference = np.zeros((1, self.encoder.dimension), np.float32)
        reference[0, 0] = 1
        self.crowd = Crowd(
            camera=CameraId("north"),
            zone=EVERYWHERE,
            min_eye_distance=Pixels(20),
            networks=replace(fake_networks(), encoder=self.encoder),
            gallery=gallery_of(self.encoder.model, [SubjectId("S1")], reference),
        )

    def shows(self, faces: Faces, *, begins: float, ends: float) -> "Street":
        for at in np.arange(begins, ends, EVERY).tolist():
            seen = frame(street(), media_time=at)
            scene = self.crowd.follow(seen, faces)
            list(self.crowd.compared())
            self.crowd.compare(scene)
            if self.encoder.scrubbed > len(self.scrubbed_at):
                self.scrubbed_at.append(at)
        return self


@pytest.mark.requirement("R50")
def test_somebody_who_leaves_is_scrubbed_within_two_seconds_though_another_stays() -> None:
    one = Street().shows(together(LEFT, RIGHT), begins=0.0, ends=1.0)
    one.shows(RIGHT, begins=1.0, ends=2.9)
    assert len(one.crowd._templates) == 1
    assert len(one.scrubbed_at) == 1


@pytest.mark.requirement("R50")
def test_several_who_leave_one_after_the_other_are_scrubbed_in_time() -> None:
    busy = Street().shows(together(LEFT, RIGHT), begins=0.0, ends=0.9)
    busy.shows(
        together(face_at(150, 60), RIGHT), begins=0.9, ends=1.1
    )  # LEFT was last seen at 0.88
    busy.shows(RIGHT, begins=1.1, ends=3.0)  # and the other at 1.04
    assert len(busy.crowd._templates) == 1
    assert [at for at in busy.scrubbed_at if at <= 0.88 + 2]
    assert [at for at in busy.scrubbed_at if 1.04 + 1 < at <= 1.04 + 2]


def test_a_face_that_was_never_encoded_costs_no_scrub() -> None:
    far_away = face_at(150, 200, eye_distance=12.0)
    walked = Street().shows(together(far_away, RIGHT), begins=0.0, ends=1.0)
    walked.shows(RIGHT, begins=1.0, ends=2.9)
    assert walked.scrubbed_at == []


@pytest.mark.requirement("R50")
def test_an_empty_street_is_scrubbed_once() -> None:
    emptied = Street().shows(LEFT, begins=0.0, ends=1.0)
    emptied.shows(together(), begins=1.0, ends=4.0)
    assert len(emptied.scrubbed_at) == 1
    assert emptied.scrubbed_at[0] <= 0.96 + 2


@dataclass
class CountedPass:
    """A first pass that never pays, of a list that is searched without."""

    scrubbed: int = 0

    def pays(self, rows: int, probes: int) -> bool:
        return False

    def scrub_inside(self) -> None:
        self.scrubbed += 1


@pytest.mark.requirement("R50")
def test_what_a_search_of_a_long_list_holds_is_scrubbed_with_the_networks() -> None:
    first_pass = CountedPass()
    one = Street()
    one.crowd.gallery = replace(one.crowd.gallery, first_pass=first_pass)  # type: ignore[arg-type]  # it stands in for one
    one.shows(together(LEFT, RIGHT), begins=0.0, ends=1.0).shows(RIGHT, begins=1.0, ends=2.9)
    assert first_pass.scrubbed == len(one.scrubbed_at) == 1
    one.shows(together(), begins=2.9, ends=5.0)
    assert first_pass.scrubbed == 2


@pytest.mark.requirement("R50")
def test_somebody_who_is_gone_by_the_next_frame_is_compared_and_then_forgotten() -> None:
    crowd = Street().crowd
    crowd.compare(crowd.follow(frame(street(), media_time=0.0), LEFT))
    later = crowd.follow(frame(street(), media_time=1.5), RIGHT)
    assert len(list(crowd.compared(leaving=1, scene=later))) == 1
    assert len(crowd._templates) == 1
    crowd.compare(later)
    assert len(crowd._templates) == 0
    assert len(list(crowd.compared())) == 1
    assert len(crowd._templates) == 1


@pytest.mark.requirement("R50")
def test_what_is_under_way_when_a_pause_begins_is_overwritten_and_tells_nothing() -> None:
    crowd, pixels = Street().crowd, street()
    seen = frame(pixels, media_time=0.0)
    crowd.compare(crowd.follow(seen, LEFT))
    crowd.disperse()
    assert list(crowd.compared()) == []
    assert len(crowd._templates) == 0
    assert not pixels.any()
    assert not any(block.any() for block in crowd._encoding.blocks())


def test_while_the_encoder_is_behind_whoever_was_given_up_waits_and_the_first_look_does_not() -> (
    None
):
    one = Street()
    rise = MeasuredRise(
        model="m", lift=0.1, gain=0.3, loss=0.01, found=1, lost=0, subjects=1, thresholds=(0.9,)
    )
    one.crowd = replace(one.crowd, shot_rules=rules_for(Similarity(0.99), 2, rise))
    one.shows(LEFT, begins=0.0, ends=0.05)
    list(one.crowd.compared())

    def encoded(at: float, *, behind: bool) -> int:
        one.crowd._under_way.extend([NOBODY] if behind else [])
        before = one.crowd.counts.encodes
        scene = one.crowd.follow(frame(street(), media_time=at), together(LEFT, RIGHT))
        one.crowd.compare(scene, hurried=True)
        list(one.crowd.compared())
        return one.crowd.counts.encodes - before

    assert encoded(0.9, behind=True) == 1  # RIGHT, for the first time
    assert encoded(1.0, behind=False) == 1  # LEFT, again
