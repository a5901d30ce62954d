"""One process per camera: a death is survived, a fault stops the run, a stop is clean."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.errors import Fault, Refused
from overt.gate.open_deployment import Standing
from overt.identifiers import CameraId
from overt.live.counts import CameraCounts
from overt.live.events import EventLog
from overt.live.supervise import Start, Supervisor
from overt.live.wire import Counted, Done, Failed, News, Ready, to_line
from overt.units import Clock, UtcTime

NORTH, SOUTH = CameraId("north"), CameraId("south")
NEXT_YEAR = UtcTime(datetime.now(UTC) + timedelta(days=365))
READY = to_line(Ready("open", "f32", "engine", "locked")).decode()
DONE = to_line(Done()).decode()
WAIT_FOR_STOP = "import sys; sys.stdin.readline()"


def says(*lines: str, then: str = "") -> list[str]:
    told = "".join(lines)
    return [sys.executable, "-c", f"import sys; print({told!r}, end='', flush=True); {then}"]


def supervisor(
    command: Callable[[CameraId, Start], Sequence[str]],
    seen: list[dict[str, Any]],
    *,
    cameras: Sequence[CameraId] = (NORTH,),
    closes_at: UtcTime = NEXT_YEAR,
    leave: Callable[[], str | None] = lambda: None,
    events: EventLog | None = None,
) -> Supervisor:
    return Supervisor(
        cameras=cameras,
        start=lambda camera, start: subprocess.Popen(
            command(camera, start), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ),
        closes_at=closes_at,
        ask=lambda _: Standing(leave(), None, frozenset()),
        clock=Clock(),
        events=events or EventLog(None),
        show=lambda event: seen.append(dict(event)),
        started={"deployment": "d"},
    )


def kinds(seen: list[dict[str, Any]]) -> list[str]:
    return [event["event"] for event in seen]


def test_a_run_begins_with_started_and_ends_with_its_summary() -> None:
    seen: list[dict[str, Any]] = []
    summary = supervisor(lambda *_: says(READY, DONE), seen).run()
    assert kinds(seen) == ["started", "summary"]
    assert summary["ended_because"] == "the sources ended"
    assert summary["engine"] == "engine"


def test_an_alert_is_in_the_file_before_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    alert = to_line(News({"event": "alert", "id": "a1"}, time.monotonic())).decode()
    on_disk_when_shown: list[bool] = []
    with EventLog(path) as events:
        watched = supervisor(lambda *_: says(READY, alert, DONE), [], events=events)
        watched.show = lambda event: on_disk_when_shown.append(
            event["event"] in path.read_text().splitlines()[-1]
        )
        watched.run()
    assert on_disk_when_shown == [True, True, True]
    assert "a1" in [json.loads(line).get("id") for line in path.read_text().splitlines()]


def test_a_process_that_is_killed_starts_again_and_the_other_goes_on() -> None:
    seen: list[dict[str, Any]] = []
    starts = {NORTH: 0, SOUTH: 0}

    def command(camera: CameraId, _: Start) -> list[str]:
        starts[camera] += 1
        if camera == NORTH and starts[NORTH] == 1:
            return says(READY, then="import os; os.kill(os.getpid(), 9)")
        return says(READY, DONE)

    summary = supervisor(command, seen, cameras=(NORTH, SOUTH)).run()
    assert starts == {NORTH: 2, SOUTH: 1}
    assert summary["restarts"] == 1
    assert [e["reason"] for e in seen if e.get("state") == "lost"] == [
        "its process ended (killed by signal 9); starting again"
    ]


def test_a_camera_whose_process_starts_again_is_back() -> None:
    seen: list[dict[str, Any]] = []

    def command(_: CameraId, start: Start) -> list[str]:
        kill = "import os; os.kill(os.getpid(), 9)"
        return says(READY, DONE) if start.restarts else says(READY, then=kill)

    supervisor(command, seen).run()
    news = [event for event in seen if event["event"] == "camera"]
    assert [event["state"] for event in news] == ["lost", "back"]
    assert news[1]["after_seconds"] > 0


def test_a_process_is_told_how_often_and_how_far_others_came_before_it() -> None:
    starts: list[Start] = []
    counted = to_line(Counted(CameraCounts(frames=50, media_time=2.0))).decode()

    def command(_: CameraId, start: Start) -> list[str]:
        starts.append(start)
        kill = "import os; os.kill(os.getpid(), 9)"
        return says(READY, DONE) if start.restarts else says(READY, counted, then=kill)

    supervisor(command, []).run()
    assert starts == [Start(0, 0.0), Start(1, 2.0)]


@pytest.mark.requirement("R27")
def test_a_process_goes_on_from_what_those_before_it_saw_the_faces_to_be_like() -> None:
    starts: list[Start] = []
    so_far = {"brightness 60.0 200.0": ((0.5, 9.25), 30, 12)}
    counted = to_line(Counted(CameraCounts(), so_far)).decode()

    def command(_: CameraId, start: Start) -> list[str]:
        starts.append(start)
        kill = "import os; os.kill(os.getpid(), 9)"
        told = (READY, counted) if not start.restarts else (READY,)
        return says(READY, DONE) if start.restarts == 2 else says(*told, then=kill)

    supervisor(command, []).run()
    assert [start.envelope for start in starts] == [{}, so_far, so_far]


def test_nothing_is_told_before_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overt.live.supervise.STATS_EVERY", 0.05)
    seen: list[dict[str, Any]] = []
    slow = f"import time; time.sleep(0.5); print({READY + DONE!r}, end='', flush=True)"
    supervisor(lambda *_: says(then=slow), seen).run()
    assert kinds(seen)[0] == "started"


def test_a_fault_of_one_process_stops_all_and_is_loud() -> None:
    seen: list[dict[str, Any]] = []
    fault = to_line(Failed("the records cannot be written", refused=False)).decode()

    def command(camera: CameraId, _: Start) -> list[str]:
        return says(READY, fault) if camera == NORTH else says(READY, then=WAIT_FOR_STOP)

    watched = supervisor(command, seen, cameras=(NORTH, SOUTH))
    summary = watched.run()
    assert "the records cannot be written" in summary["ended_because"]
    with pytest.raises(Fault, match="the records cannot be written"):
        watched.raise_failures()


def test_a_camera_that_is_refused_does_not_stop_the_others() -> None:
    seen: list[dict[str, Any]] = []
    refused = to_line(Failed("no such file", refused=True)).decode()

    def command(camera: CameraId, _: Start) -> list[str]:
        return says(refused) if camera == NORTH else says(READY, DONE)

    watched = supervisor(command, seen, cameras=(NORTH, SOUTH))
    assert watched.run()["ended_because"] == "the sources ended"
    with pytest.raises(Refused, match="no such file"):
        watched.raise_failures()


def test_where_no_camera_can_be_opened_the_refusal_is_all_that_is_shown(tmp_path: Path) -> None:
    seen: list[dict[str, Any]] = []
    refused = to_line(Failed("no such file", refused=True)).decode()
    with EventLog(tmp_path / "events.jsonl") as events:
        watched = supervisor(lambda *_: says(refused), seen, events=events)
        watched.run()
    assert watched.came_to_nothing
    assert seen == []
    written = (tmp_path / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in written] == ["refused", "summary"]
    with pytest.raises(Refused, match="no such file"):
        watched.raise_failures()


def test_a_camera_that_saw_something_before_it_was_refused_came_to_something() -> None:
    seen: list[dict[str, Any]] = []
    counted = to_line(Counted(CameraCounts(frames=50))).decode()
    refused = to_line(Failed("it changed", refused=True)).decode()
    supervisor(lambda *_: says(READY, counted, refused), seen).run()
    assert kinds(seen) == ["started", "refused", "summary"]


@pytest.mark.requirement("R3")
def test_the_run_stops_by_itself_when_its_window_closes() -> None:
    soon = UtcTime(datetime.now(UTC) + timedelta(seconds=1))
    summary = supervisor(lambda *_: says(READY, then=WAIT_FOR_STOP), [], closes_at=soon).run()
    assert summary["ended_because"] == "the authorised window closed"


def test_a_stop_request_in_the_records_ends_the_run() -> None:
    summary = supervisor(
        lambda *_: says(READY, then=WAIT_FOR_STOP), [], leave=lambda: "stopped by the officer"
    ).run()
    assert summary["ended_because"] == "stopped by the officer"


def test_a_signal_ends_the_run_with_its_summary() -> None:
    watched = supervisor(lambda *_: says(READY, then=WAIT_FOR_STOP), [])
    threading.Timer(0.5, watched.stop, ["a signal"]).start()
    assert watched.run()["ended_because"] == "a signal"


def test_a_signal_that_comes_while_the_records_are_asked_ends_the_run_too() -> None:
    def asked() -> None:
        watched.stop("SIGTERM")

    watched = supervisor(lambda *_: says(READY, then=WAIT_FOR_STOP), [], leave=asked)
    assert watched.run()["ended_because"] == "SIGTERM"


def test_when_nobody_reads_what_it_prints_the_run_ends_with_its_summary(tmp_path: Path) -> None:
    def closed(_: Mapping[str, Any]) -> None:
        raise BrokenPipeError

    path = tmp_path / "events.jsonl"
    with EventLog(path) as events:
        watched = supervisor(lambda *_: says(READY, then=WAIT_FOR_STOP), [], events=events)
        watched.show = closed
        watched.run()
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == [
        "started",
        "summary",
    ]
    with pytest.raises(BrokenPipeError):
        watched.raise_failures()


def test_a_camera_whose_process_always_dies_is_given_up_and_the_others_go_on() -> None:
    seen: list[dict[str, Any]] = []
    killed = "import os; os.kill(os.getpid(), 9)"

    def command(camera: CameraId, *_: object) -> list[str]:
        return says("", then=killed) if camera == NORTH else says(READY, DONE)

    watched = supervisor(command, seen, cameras=(NORTH, SOUTH))
    assert watched.run()["ended_because"] == "the sources ended"
    assert [event["camera"] for event in seen if event["event"] == "fault"] == [NORTH]
    with pytest.raises(Fault, match="keeps ending"):
        watched.raise_failures()


def test_figures_that_cannot_be_kept_end_the_run_as_a_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overt.live.supervise.STATS_EVERY", 0.05)
    seen: list[dict[str, Any]] = []
    watched = supervisor(lambda *_: says(READY, then=WAIT_FOR_STOP), seen)

    def full(_: Mapping[str, Any]) -> None:
        raise Fault("the records cannot be written")

    watched.keep = full
    summary = watched.run()
    assert summary["ended_because"] == "fault: the records cannot be written"
    with pytest.raises(Fault, match="cannot be written"):
        watched.raise_failures()


@pytest.mark.requirement("R33")
def test_the_gauge_of_false_alerts_is_told_with_the_figures_and_in_the_summary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("overt.live.supervise.STATS_EVERY", 0.05)
    seen: list[dict[str, Any]] = []
    counted = to_line(Counted(CameraCounts(passages=12))).decode()
    watched = supervisor(lambda *_: says(READY, counted, then=WAIT_FOR_STOP), seen)
    asked: list[int] = []

    def gauges(faces: int) -> Mapping[str, Any]:
        asked.append(faces)
        if len(asked) > 2:
            watched.stop("enough")
            raise Refused("it is over")
        return {"false_alerts": {"faces": faces, "false_alerts": len(asked)}}

    watched.gauges = gauges
    summary = watched.run()
    assert asked[-1] == 12
    assert summary["false_alerts"]["false_alerts"] == 2, "what was told last stands"
    assert any("false_alerts" in event for event in seen if event["event"] == "stats")
    assert watched.at_present().false_alerts == summary["false_alerts"]
    watched.raise_failures()


def test_a_gauge_that_cannot_be_read_ends_the_run_as_a_fault() -> None:
    watched = supervisor(lambda *_: says(READY, DONE), [])

    def broken(_: int) -> Mapping[str, Any]:
        raise Fault("the records cannot be read")

    watched.gauges = broken
    watched.run()
    with pytest.raises(Fault, match="cannot be read"):
        watched.raise_failures()
