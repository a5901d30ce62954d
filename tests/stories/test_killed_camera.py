"""A camera's process is killed in the middle of a run: it comes back, and alerts again."""

import os
import signal
from pathlib import Path

import pytest
from tests.fakes.camera_pids import camera_pids

from overt.demo.rehearsal import Listed, Rehearsal
from overt.gate.gate import open_gate
from overt.live.run import Run, run_deployment
from overt.live.supervise import Event
from overt.models.library import search_folders
from overt.units import Clock

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quickest_pack")]


def test_a_camera_killed_after_an_alert_comes_back_and_alerts_again(tmp_path: Path) -> None:
    seen: list[Event] = []

    def show(event: Event) -> None:
        if event["event"] == "alert" and not any(e["event"] == "alert" for e in seen):
            (camera,) = camera_pids(os.getpid())
            os.kill(camera, signal.SIGKILL)
        seen.append(event)

    # She crosses twice: one process alerts the first crossing, the next one the second.
    story = Rehearsal(tmp_path, search_folders(), Listed.HOPPER, lambda _: None, show)
    clock = Clock()
    with open_gate(story.home, clock) as gate:
        actor = gate.whoami()
        story.prepare(gate, actor, clock.now())
        run = Run(deployment=story.deployment, home=story.home, models=story.models, show=show)
        summary = run_deployment(gate, actor, clock, run)
        alerts = [event for event in seen if event["event"] == "alert"]
        assert {str(case.alert.id) for case in gate.alerts(actor)} == {a["id"] for a in alerts}
    assert len({alert["passage"] for alert in alerts}) == len(alerts) >= 2
    assert alerts[-1]["media_time"] > 5.6  # the second crossing
    states = [event["state"] for event in seen if event["event"] == "camera"]
    assert states == ["lost", "back"]
    assert summary["restarts"] == 1
