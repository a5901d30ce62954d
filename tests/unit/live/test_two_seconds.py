"""How long an alert takes by the rules alone, whatever the machine: far less than two seconds.

The clock is the camera's own. What a machine adds is measured in every run (`latency_ms`); this
part no machine makes faster, and it must leave room for the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pytest
from tests.fakes.networks import FakeEncoder, face_at, fake_networks
from tests.fakes.sources import frame

from overt.alerts.alert import Alert
from overt.alerts.raising import AlertBook, RaiseAlert, RaisingRules, consider
from overt.alerts.track_evidence import TrackEvidence
from overt.faces.faces import Faces
from overt.faces.zone import Zone
from overt.frames.frame import CameraBack, CameraLost, Frame, Picture
from overt.identifiers import CameraId, RunId, SubjectId
from overt.live.crowd import Crowd, Look
from overt.live.glances import Glance
from overt.live.rhythm import LIVE, RECORDED, Tempo
from overt.live.scene import Scene
from overt.live.watch import watch
from overt.matches.gallery import Gallery, gallery_of
from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import rules_for
from overt.units import Clock, Pixels, Seconds, Similarity, UInt8

TWO_SECONDS: Final = 2.0
LEFT_FOR_THE_MACHINE: Final = 1.0
THRESHOLD: Final = Similarity(0.5)
USABLE_FROM: Final = 1.0
"""Before that the person is too small to be looked at."""
NEAR, FAR = face_at(320, 200), face_at(320, 200, eye_distance=12.0)
EVERYWHERE: Final = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
AT_ITS_SLOWEST: Final = Tempo(ahead=LIVE.ahead, beside=LIVE.beside, prompt=False)
"""Live watching on a machine whose encoder is never done before the next frame."""


STREET: Final[UInt8] = np.random.default_rng(1).integers(60, 200, (400, 640, 3), np.uint8)


def listed(encoder: FakeEncoder) -> Gallery:
    """A list of one, whom the person in the street resembles."""
    chip = np.zeros((1, *encoder.chip_size, 3), np.uint8)
    vector = np.zeros((1, encoder.dimension), np.float32)
    encoder.align(STREET, NEAR.landmarks[0], chip[0])
    encoder.encode(chip, vector)
    return gallery_of(encoder.model, [SubjectId("S1")], vector)


NOT_YET: Final = Seconds(0.0)


@dataclass(slots=True)
class Stopwatch:
    """The port Outlet: notes on which frame the flow stood when the alert was decided."""

    book: AlertBook = field(default_factory=lambda: AlertBook(RunId("r")))
    now: Seconds = NOT_YET
    raised: list[tuple[Seconds, Alert]] = field(default_factory=list)
    paused: bool = False

    def open(self, crowd: Crowd) -> bool:
        return True

    def passes_over(self, frame: Frame, crowd: Crowd) -> bool:
        self.now = frame.media_time
        return False

    def consider(self, evidence: TrackEvidence, look: Look, scene: Scene, crowd: Crowd) -> None:
        rules, at = RaisingRules(THRESHOLD), Clock(wall=lambda: 0.0).now()
        self.book, news = consider(self.book, evidence, rules, at, now=scene.frame.media_time)
        if isinstance(news, RaiseAlert):
            self.raised.append((self.now, news.alert))

    def settle(self) -> None:
        """Nothing is on its way."""

    def tell_of_camera(self, news: CameraLost | CameraBack) -> None:
        """This camera is always there."""

    def count(self, glance: Glance, crowd: Crowd) -> None:
        """Nobody asks."""


def passing(rate: float) -> Iterator[Frame]:
    """Three seconds of the street; the first pixel says whether the person is near by now."""
    for number in range(int(3 * rate)):
        image = STREET.copy()
        image[0, 0] = 255 if number / rate >= USABLE_FROM else 0
        yield frame(image, number=number, media_time=number / rate)


class NearOrFar:
    """Finds the person in every picture that it is shown."""

    def find(self, picture: Picture) -> Faces:
        return NEAR if picture.bgr()[0, 0, 0] == 255 else FAR

    def scrub(self) -> None:
        """It holds nothing."""


def watched(rate: float, tempo: Tempo, rise: MeasuredRise | None) -> list[tuple[Seconds, Alert]]:
    encoder, stopwatch = FakeEncoder(), Stopwatch()
    crowd = Crowd(
        camera=CameraId("north"),
        zone=EVERYWHERE,
        min_eye_distance=Pixels(20),
        networks=replace(fake_networks(), encoder=encoder, detector=NearOrFar()),
        gallery=listed(encoder),
        shot_rules=rules_for(THRESHOLD, 2, rise),
    )
    watch(passing(rate), crowd, stopwatch, tempo)
    return stopwatch.raised


MEASURED: Final = MeasuredRise(
    model="fake", lift=0.1, gain=0.1, loss=0.01, found=100, lost=1, subjects=100, thresholds=(0.5,)
)


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("rise", [None, MEASURED], ids=["nothing measured", "measured"])
@pytest.mark.parametrize("tempo", [AT_ITS_SLOWEST, RECORDED], ids=["live", "recorded"])
@pytest.mark.parametrize("rate", [5.0, 10.0, 12.5, 25.0, 30.0])
def test_an_alert_takes_under_half_of_two_seconds_of_the_cameras_time(
    rate: float, tempo: Tempo, rise: MeasuredRise | None
) -> None:
    ((decided_at, alert),) = watched(rate, tempo, rise)
    assert decided_at - USABLE_FROM <= TWO_SECONDS - LEFT_FOR_THE_MACHINE
    assert alert.evidence_took is not None
    assert alert.media_time - alert.evidence_took == pytest.approx(USABLE_FROM, abs=0.1)
    assert 0 < alert.evidence_took <= decided_at - USABLE_FROM
