"""An alert that the records refuse at the last moment is taken back, and the flow goes on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.networks import face_at, fake_networks
from tests.fakes.opened_deployments import Opened, opened_copy, signed_deployment
from tests.fakes.sources import frame

from overt.alerts.raising import RaisingRules
from overt.faces.zone import WHOLE_PICTURE
from overt.frames.frame import Sight, SourceCounts
from overt.identifiers import SubjectId
from overt.live import desk as desk_module
from overt.live.crowd import Crowd
from overt.live.desk import Desk
from overt.live.rhythm import ONE_BY_ONE
from overt.live.watch import watch
from overt.live.wire import News, Told
from overt.matches.gallery import gallery_of
from overt.tracks.best_shots import rules_for
from overt.units import Pixels, Seconds, UInt8

FACE = face_at(150, 200)
SOUGHT = SubjectId("S1")


def street() -> UInt8:
    return np.random.default_rng(1).integers(60, 200, (400, 640, 3), np.uint8)


class Street:
    """The person on the list stands in view for as long as anybody watches."""

    def __init__(self, opened: Opened) -> None:
        networks = fake_networks([FACE] * 200)
        encoder = networks.encoder
        chip = np.zeros((*encoder.chip_size, 3), np.uint8)
        reference = np.zeros((1, encoder.dimension), np.float32)
        encoder.align(street(), FACE.landmarks[0], chip)
        encoder.encode((chip,), reference)
        rules = RaisingRules(threshold=opened.deployment.threshold)
        self.opened = opened
        self.told: list[Told] = []
        self.crowd = Crowd(
            camera=opened.deployment.cameras[0].id,
            zone=WHOLE_PICTURE,
            min_eye_distance=Pixels(20),
            networks=networks,
            gallery=gallery_of(networks.model, [SOUGHT], reference),
            shot_rules=rules_for(rules.threshold, rules.min_shots),
        )
        self.desk = Desk(
            gate=opened.gate,
            deployment=opened.deployment,
            camera=self.crowd.camera,
            rules=rules,
            clock=opened.hands.clock(),
            source=SourceCounts(),
            say=self.told.append,
        )

    def shows(self, count: int, begins: float = 0.0) -> Iterator[Sight]:
        for number in range(count):
            yield replace(frame(street()), media_time=Seconds(begins + 0.1 * number))

    @property
    def alerts(self) -> list[str]:
        news = [told.event for told in self.told if isinstance(told, News)]
        return [event["subject_id"] for event in news if event["event"] == "alert"]


@pytest.fixture
def here(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Street]:
    signed = signed_deployment(tmp_path_factory.mktemp("signed"), monkeypatch)
    monkeypatch.setattr(desk_module, "ASK_EVERY", 1e9)  # only before the first frame
    with opened_copy(signed, tmp_path / "copy", monkeypatch) as opened:
        yield Street(opened)


def test_the_person_in_view_is_alerted_once(here: Street) -> None:
    watch(here.shows(20), here.crowd, here.desk, ONE_BY_ONE)
    assert here.alerts == [SOUGHT]
    assert here.crowd.counts.alerts == 1


@pytest.mark.requirement("R31")
@pytest.mark.requirement("R33")
def test_a_face_is_counted_no_later_than_its_first_alert_and_once(here: Street) -> None:
    counts, seen = here.crowd.counts, []

    def sights() -> Iterator[Sight]:
        for sight in here.shows(20):
            yield sight
            seen.append((counts.alerts, counts.passages))

    watch(sights(), here.crowd, here.desk, ONE_BY_ONE)
    assert (1, 1) in seen  # the person is still in view
    assert all(alerts <= passages for alerts, passages in seen)
    assert (counts.alerts, counts.passages, counts.tracks) == (1, 1, 1)


@pytest.mark.requirement("R17")
def test_whoever_is_stood_down_meanwhile_is_not_alerted(here: Street) -> None:
    def sights() -> Iterator[Sight]:
        yield from here.shows(1)
        gate = here.opened.gate
        gate.stand_down(gate.whoami(), here.opened.deployment.watchlist, SOUGHT, reason="cleared")
        yield from here.shows(20, begins=0.1)

    watch(sights(), here.crowd, here.desk, ONE_BY_ONE)
    assert here.alerts == []
    assert here.crowd.counts.alerts == 0
    assert SOUGHT not in here.crowd.gallery
    assert not here.desk.book.raised
    assert here.crowd.counts.not_matched_because  # the passage counts as one without an alert
