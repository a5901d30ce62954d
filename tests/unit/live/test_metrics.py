"""The counters of a run reach a Prometheus server on loopback, and nothing of anybody does."""

import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from overt.console import run_pages
from overt.errors import Refused
from overt.identifiers import CameraId
from overt.live.counts import CameraCounts, Figures
from overt.live.metrics import COUNTERS, GAUGES, TABLES, metrics_told
from overt.live.supervise import SUMMED
from overt.rates.false_alert_rate import false_alert_rate

NORTH = CameraId("north")
COUNTS = CameraCounts(
    frames=250,
    dropped=3,
    alerts=1,
    waiting=2,
    newest_frame_age=0.04,
    looks_rejected_because={"blurred": 7},
    outside_validated={"brightness": 4},
    seconds={"detection": 1.5},
)


def figures() -> Figures:
    found = false_alert_rate(2, 4_000, 0.001)
    return Figures({NORTH: COUNTS}, (0.25, 0.5), found.as_json())


def told(port: int) -> dict[tuple[str, ...], float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.requirement("R33")
def test_a_server_reads_every_counter_with_the_camera_it_belongs_to() -> None:
    with metrics_told(figures, 0) as port:
        read = told(port)
    assert read["overt_frames_total", "north"] == 250
    assert read["overt_dropped_total", "north"] == 3
    assert read["overt_waiting", "north"] == 2
    assert read["overt_looks_rejected_total", "north", "blurred"] == 7
    assert read["overt_stage_seconds_total", "north", "detection"] == 1.5
    assert read["overt_outside_validated_total", "north", "brightness"] == 4
    assert read["overt_false_alerts",] == 2
    assert read["overt_false_alert_faces",] == 4_000
    assert read["overt_false_alert_low",] < 0.0005 < read["overt_false_alert_high",]
    assert read["overt_false_alert_ceiling",] == 0.001
    assert read["overt_alert_latency_seconds_count",] == 2
    assert read["overt_alert_latency_seconds_sum",] == 0.75


def test_the_port_is_free_again_after_the_run() -> None:
    with metrics_told(figures, 0) as port:
        pass
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_port_that_is_taken_is_refused_before_anything_runs() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(Refused, match="name a free port"),
        metrics_told(figures, taken.getsockname()[1]),
    ):
        raise AssertionError("it should not have begun")


@pytest.mark.parametrize("name", [*COUNTERS, *GAUGES])
def test_whatever_an_exporter_counts_is_in_the_summary_too(name: str) -> None:
    assert hasattr(CameraCounts(), name)
    assert name in SUMMED


@pytest.mark.parametrize("name", SUMMED)
def test_whatever_the_summary_counts_an_exporter_and_the_console_tell_too(name: str) -> None:
    assert name in {*COUNTERS, *GAUGES, *TABLES}
    assert name in {*run_pages.PLAIN, *run_pages.TABLES}


def test_templates_a_passage_are_told_from_the_first_passage_on() -> None:
    some = CameraCounts(encodes=9, passages=3)
    figures_of_two = Figures({NORTH: CameraCounts(), CameraId("south"): some}, ())
    with metrics_told(lambda: figures_of_two, 0) as port:
        read = told(port)
    assert read["overt_encodes_per_passage", "south"] == 3
    assert ("overt_encodes_per_passage", "north") not in read
