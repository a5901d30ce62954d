"""While matching is paused nobody is looked at, whoever was in view is forgotten, and it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.networks import FakeDetector, face_at, fake_networks
from tests.fakes.opened_deployments import Opened, opened_copy, signed_deployment
from tests.fakes.sources import frame

from overt.alerts.raising import RaisingRules
from overt.faces.image_conditions import LEAST, Bounds, Conditions
from overt.faces.quality import Rejection
from overt.faces.zone import Zone
from overt.frames.frame import Frame, Sight, SourceCounts
from overt.identifiers import SubjectId
from overt.live import desk as desk_module
from overt.live.crowd import Crowd
from overt.live.desk import Desk
from overt.live.envelope_watch import EnvelopeWatch
from overt.live.rhythm import ONE_BY_ONE
from overt.live.watch import watch
from overt.live.wire import News, Told
from overt.matches.gallery import gallery_of
from overt.rates.drift import Envelope
from overt.units import Pixels, Seconds, Similarity

FACE = face_at(150, 200)
ZONE = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def street(light: int = 130) -> Frame:
    pixels = np.random.default_rng(1).integers(max(0, light - 70), light + 70, (400, 640, 3))
    return frame(pixels.astype(np.uint8))


def walk(count: int, *, begins: float = 0.0, light: int = 130) -> list[Sight]:
    """Each frame has a picture of its own, which is forgotten once it was looked at."""
    times = (Seconds(begins + 0.08 * i) for i in range(count))
    return [replace(street(light), media_time=at) for at in times]


@dataclass
class Watched:
    opened: Opened
    desk: Desk
    crowd: Crowd
    told: list[Told]

    @property
    def looked(self) -> int:
        detector = self.crowd.networks.detector
        assert isinstance(detector, FakeDetector)
        return detector.at

    def events(self) -> list[str]:
        return [told.event["event"] for told in self.told if isinstance(told, News)]


@pytest.fixture
def watched(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    signed = signed_deployment(tmp_path_factory.mktemp("signed"), monkeypatch)
    monkeypatch.setattr(desk_module, "ASK_EVERY", 0.0)
    monkeypatch.setattr(desk_module, "WEIGH_EVERY", 0.0)
    monkeypatch.setattr(desk_module, "COUNT_EVERY", 0.0)
    with opened_copy(signed, tmp_path / "copy", monkeypatch) as opened:
        networks = fake_networks([FACE] * 200)
        reference = np.eye(1, networks.encoder.dimension, dtype=np.float32)
        crowd = Crowd(
            camera=opened.deployment.cameras[0].id,
            zone=ZONE,
            min_eye_distance=Pixels(20),
            networks=networks,
            gallery=gallery_of(networks.model, [SubjectId("S1")], reference),
        )
        told: list[Told] = []
        desk = Desk(
            gate=opened.gate,
            deployment=opened.deployment,
            camera=opened.deployment.cameras[0].id,
            rules=RaisingRules(threshold=Similarity(0.99)),
            clock=opened.hands.clock(),
            source=SourceCounts(),
            say=told.append,
        )
        yield Watched(opened, desk, crowd, told)


@pytest.mark.requirement("R10")
def test_a_suspended_deployment_looks_at_no_face_until_it_goes_on(watched: Watched) -> None:
    gate, who, id_ = watched.opened.gate, watched.opened.gate.whoami(), watched.opened.deployment.id
    watch(walk(10), watched.crowd, watched.desk, ONE_BY_ONE)
    before = watched.looked
    assert before > 0
    gate.suspend_deployment(who, id_, reason="the team has left")
    watch(walk(10, begins=1.0), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.looked == before
    assert len(watched.crowd.book) == 0
    assert watched.crowd.counts.paused_frames == 10
    gate.resume_deployment(who, id_, reason="the team is back")
    watch(walk(10, begins=2.0), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.looked > before


@pytest.mark.requirement("R27")
def test_a_dark_picture_is_weighed_and_nobody_in_it_is_looked_at(watched: Watched) -> None:
    watched.desk.conditions = Conditions(
        Bounds(darkest=100, lightest=205, flattest=10, least_detail=5)
    )
    watch(walk(20, light=80), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.looked <= LEAST + 1  # one frame was on its way when the verdict fell
    assert watched.events() == ["paused"]
    watch(walk(20, begins=3.0), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.events() == ["paused", "went_on"]
    gate = watched.opened.gate
    told = [line.event for line in gate.audit_lines(gate.whoami(), None)]
    assert [event for event in told if event.startswith("matching-")] == [
        "matching-paused", "matching-went-on",
    ]  # fmt: skip


@pytest.mark.requirement("R27")
def test_faces_that_have_left_what_was_tested_suspend_it(watched: Watched) -> None:
    watched.crowd.envelope = EnvelopeWatch((Envelope("brightness", 60.0, 200.0, 500),))
    for _ in range(60):
        watched.crowd.envelope.take(None, [Rejection.TOO_DARK])
    watch(walk(3), watched.crowd, watched.desk, ONE_BY_ONE)
    gate, deployment = watched.opened.gate, watched.opened.deployment
    why = "camera north: 60 of 60 passages outside what was tested (brightness from 60 to 200)"
    assert gate.standing(deployment.actor, deployment).paused_because == why
    assert watched.desk.held == why
    assert len(watched.crowd.book) == 0
    before = watched.looked
    watch(walk(10, begins=1.0), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.looked == before
    gate.resume_deployment(gate.whoami(), deployment.id, reason="the lamps are on")
    watch(walk(10, begins=2.0), watched.crowd, watched.desk, ONE_BY_ONE)
    assert watched.looked > before


@pytest.mark.requirement("R11")
def test_a_face_outside_the_zone_is_never_templated(watched: Watched) -> None:
    watch(walk(20), watched.crowd, watched.desk)
    templated = watched.crowd.counts.encodes
    assert templated > 0
    watched.crowd.zone = Zone(((0.7, 0.0), (1.0, 0.0), (1.0, 1.0), (0.7, 1.0)))
    watch(walk(20, begins=10.0), watched.crowd, watched.desk)
    assert watched.crowd.counts.faces == 40
    assert watched.crowd.counts.encodes == templated
