"""Whoever nearly resembles somebody is encoded by both sets of points that the detector gives."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from tests.fakes.networks import FakeEncoder, face_at, fake_networks
from tests.fakes.sources import frame

from overt.faces.faces import Face
from overt.faces.zone import WHOLE_PICTURE
from overt.frames.frame import Picture
from overt.identifiers import CameraId, SubjectId
from overt.live.crowd import Crowd
from overt.matches.gallery import gallery_of
from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import rules_for
from overt.units import Pixels, Similarity

FACE = face_at(300, 200)
RISE = MeasuredRise(
    model="fake", lift=1.9, gain=0.1, loss=0.1, found=1, lost=0, subjects=1, thresholds=(0.5,)
)
"""With which nobody is given up."""


@dataclass
class Closer:
    """A detector's second look; it notes whom it was asked for."""

    asked: list[bool] = field(default_factory=list)

    def look(self, picture: Picture, face: Face) -> Face:
        assert picture.width > 0
        self.asked.append(True)
        return face


def seen(*, far: bool, hopeful: bool = True) -> tuple[Crowd, Closer]:
    closer, encoder = Closer(), FakeEncoder()
    reference = np.eye(1, encoder.dimension, dtype=np.float32)
    crowd = Crowd(
        camera=CameraId("north"),
        zone=WHOLE_PICTURE,
        min_eye_distance=Pixels(20),
        networks=replace(fake_networks(), encoder=encoder, closer=closer.look, far=lambda *_: far),
        gallery=gallery_of(encoder.model, [SubjectId("S1")], reference),
        shot_rules=replace(
            rules_for(Similarity(0.9), 2, RISE), hopeful_from=-0.99 if hopeful else 2.0
        ),
    )
    street = np.random.default_rng(1).integers(60, 200, (400, 640, 3), np.uint8)
    for number in range(3):
        at = frame(street.copy(), media_time=0.4 * number)
        scene = crowd.follow(at, FACE)
        list(crowd.compared())
        crowd.compare(scene)
    list(crowd.compared())
    return crowd, closer


def test_a_far_face_in_doubt_is_aligned_by_both_sets_of_points() -> None:
    crowd, closer = seen(far=True)
    assert len(closer.asked) == 3  # every look, once
    assert crowd.counts.encodes == 5  # the first is encoded once: nothing is known of it yet


def test_a_near_face_has_one_set_of_points() -> None:
    crowd, _ = seen(far=False)
    assert crowd.counts.encodes == 3


@pytest.mark.parametrize("far", [True, False])
def test_whoever_is_not_in_doubt_is_encoded_once(far: bool) -> None:
    crowd, _ = seen(far=far, hopeful=False)
    assert crowd.counts.encodes == 3


def test_a_look_is_searched_for_once() -> None:
    crowd, _ = seen(far=True)
    assert crowd.counts.searches == 3
