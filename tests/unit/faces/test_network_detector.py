"""From a network's finds to faces in the full picture."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from tests.fakes.networks import PaintedPicture, face_at, together

from overt.faces.faces import Face
from overt.faces.network_detector import MOST_NETWORKS, Finds, NetworkDetector
from overt.models.engines import FixedNetwork
from overt.models.manifest import DetectorFacts, DetectorKind
from overt.units import Float32, UInt8

FACTS = DetectorFacts(
    kind=DetectorKind.PLAIN, network="x", long_side=64, stride=32, second_look=32, score_floor=0.5
)
NONE = Finds(np.zeros((0, 4), np.float32), np.zeros((0, 5, 2), np.float32), np.zeros(0, np.float32))


@dataclass
class _Network:
    pixels: UInt8
    outputs: dict[str, Float32] = field(default_factory=dict)
    seen: list[UInt8] = field(default_factory=list)
    scrubbed: int = 0

    def run(self) -> None:
        self.seen.append(self.pixels[0].copy())

    def scrub(self) -> None:
        self.scrubbed += 1


@dataclass
class _Stage:
    """A detector whose network sees everything and finds what the test says."""

    finds: Finds = NONE
    networks: list[_Network] = field(default_factory=list)
    second: _Network = field(default_factory=lambda: _Network(np.zeros((1, 32, 32, 3), np.uint8)))

    def compile(self, height: int, width: int) -> FixedNetwork:
        self.networks.append(_Network(np.zeros((1, height, width, 3), np.uint8)))
        return self.networks[-1]

    def detector(self, facts: DetectorFacts = FACTS) -> NetworkDetector:
        detector = NetworkDetector(facts, lambda _network, _floor: self.finds, self.compile)
        detector.second = self.second
        return detector


def _finds(*faces: tuple[float, float, float, float]) -> Finds:
    all_ = together(*(face_at(x, y, eye_distance=e, score=s) for x, y, e, s in faces))
    return Finds(all_.boxes, all_.landmarks, all_.scores)


def _picture(width: int, height: int, light: int = 9) -> PaintedPicture:
    return PaintedPicture(np.full((height, width, 3), light, np.uint8))


def test_finds_are_told_in_pixels_of_the_full_picture() -> None:
    stage = _Stage(_finds((30, 20, 8, 0.9)))
    (face,) = stage.detector().find(_picture(256, 128))
    assert face.landmarks == pytest.approx(face_at(120, 80, eye_distance=32).landmarks[0])
    assert face.box == pytest.approx(face_at(120, 80, eye_distance=32).boxes[0])


def test_what_the_picture_does_not_fill_is_black_for_every_picture() -> None:
    stage = _Stage()
    detector = stage.detector()
    detector.find(_picture(64, 64, light=200))
    detector.find(_picture(60, 50, light=100))
    (network,) = stage.networks
    assert network.pixels.shape == (1, 64, 64, 3)
    shown = network.seen[1]
    assert (shown[:50, :60] == 100).all()
    assert not shown[50:].any()
    assert not shown[:, 60:].any()


def test_of_overlapping_finds_the_best_stays() -> None:
    stage = _Stage(_finds((30, 20, 8, 0.7), (31, 20, 8, 0.9), (30, 50, 8, 0.8)))
    faces = stage.detector().find(_picture(64, 64))
    assert list(faces.scores) == pytest.approx([0.9, 0.8])


def test_the_number_of_faces_is_bounded_by_the_best() -> None:
    stage = _Stage(_finds(*((8 * i, 8 * j, 2, 0.6 + 0.01 * i) for i in range(8) for j in range(8))))
    facts = FACTS.model_copy(update={"most_faces": 5})
    faces = stage.detector(facts).find(_picture(64, 64))
    assert len(faces) == 5
    assert min(faces.scores) == pytest.approx(0.67)


def test_a_find_that_cannot_be_a_face_is_dropped() -> None:
    finds = _finds((30, 20, 8, 0.9))
    upside_down = Finds(finds.boxes, finds.landmarks[:, [1, 0, 2, 3, 4]], finds.scores)
    assert len(_Stage(upside_down).detector().find(_picture(64, 64))) == 0


def test_the_first_picture_of_the_expected_shape_is_not_held_up_by_compiling() -> None:
    stage = _Stage()
    detector = stage.detector()
    detector.expect(1920, 1080)
    (ready,) = stage.networks
    detector.find(_picture(1280, 720))
    assert stage.networks == [ready]
    assert [picture.any() for picture in ready.seen] == [False, True]


def test_networks_for_many_shapes_are_bounded_and_scrubbed() -> None:
    stage = _Stage()
    detector = stage.detector()
    for height in (32, 64, 96, 128, 160, 192):
        detector.find(PaintedPicture(np.zeros((height, 2 * height, 3), np.uint8)))
        detector.find(PaintedPicture(np.zeros((2 * height, height, 3), np.uint8)))
    alive = [network for network in stage.networks if not network.scrubbed]
    assert len(alive) <= MOST_NETWORKS


def test_a_second_look_sees_the_face_in_full_size() -> None:
    stage = _Stage(_finds((16, 14, 6, 0.9)))
    first = face_at(200, 100, eye_distance=30)
    (face,) = first
    closer = stage.detector().look_closer(_picture(256, 256), face)
    scale = 32 / (1.5 * 3.0 * 30)  # square of 32 px over one and a half boxes of 3 eye distances
    middle = np.array([200.0, 109.0])  # of the box: 1.2 above to 1.8 below the eyes
    expected = (face_at(16, 14, eye_distance=6).landmarks[0] - 16) / scale + middle
    assert closer.landmarks == pytest.approx(expected, abs=1e-3)
    assert closer.box is face.box
    assert closer.score == face.score


@pytest.mark.parametrize("finds", [NONE, _finds((2, 2, 6, 0.9))])
def test_a_second_look_that_sees_no_face_or_another_changes_nothing(finds: Finds) -> None:
    (face,) = face_at(200, 100, eye_distance=30)
    assert _Stage(finds).detector().look_closer(_picture(256, 256), face) is face


def test_a_large_face_needs_no_second_look() -> None:
    stage = _Stage()
    (face,) = face_at(128, 128, eye_distance=100)
    assert stage.detector().look_closer(_picture(256, 256), face) is face
    assert not stage.second.seen


@pytest.mark.requirement("R50")
def test_a_scrub_reaches_every_network() -> None:
    stage = _Stage(_finds((16, 14, 6, 0.9)))
    detector = stage.detector()
    detector.find(_picture(64, 64))
    (face,) = face_at(32, 32, eye_distance=10)
    assert isinstance(detector.look_closer(_picture(64, 64), face), Face)
    detector.scrub()
    assert [network.scrubbed for network in (*stage.networks, stage.second)] == [1, 1]
