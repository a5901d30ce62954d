"""The counters of a run for a Prometheus server, on loopback: figures of the machine, of nobody.

    overt run DEPLOYMENT.toml --metrics 9464      then read http://127.0.0.1:9464/metrics

Whatever is shown here is in the `stats` events and the summary too. Labels name a camera, a stage
or a reason from a closed list, never a person, a place or an address.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from overt.errors import Refused
from overt.live.counts import Figures

LOOPBACK: Final = "127.0.0.1"
COUNTERS: Final[Mapping[str, str]] = {
    "frames": "Decoded frames that reached the watch.",
    "paused_frames": "Of them, those that a pause passed over.",
    "dropped": "Frames of a live source replaced by newer ones before anybody looked.",
    "corrupt": "Packets or frames that the decoder refused.",
    "missing_seconds": "Seconds that cut recordings promise and did not give.",
    "reconnects": "Times that the stream was opened again.",
    "detections": "Frames in which faces were looked for.",
    "faces": "Faces found in them.",
    "tracks": "Tracks that have ended.",
    "encodes": "Templates made.",
    "second_looks": "Of them, those whose points were found anew.",
    "searches": "Comparisons of a track with the list.",
    "passages": "Tracks with three looks in the zone that reached the size.",
    "too_small": "Tracks that stayed too small.",
    "out_of_zone": "Tracks that stayed out of the zone.",
    "glimpses": "Tracks of fewer than three looks, as likely a flaw of the detector as a person.",
    "alerts": "Alerts raised.",
    "alert_updates": "Better shots of an alert.",
}
GAUGES: Final[Mapping[str, str]] = {
    "waiting": "Decoded frames that wait to be looked at.",
    "newest_frame_age": "Seconds from decoding to the end of its look, of the newest frame.",
    "encodes_per_passage": "Templates made by passages counted; none before the first passage.",
}
FALSE_ALERTS: Final[Mapping[str, str]] = {
    "false_alerts": "Alerts that a person judged or found false.",
    "faces": "Faces that they are counted among.",
    "rate": "False alerts by faces.",
    "low": "The low end of its interval, which holds at all times together with 95 %.",
    "high": "The high end.",
    "ceiling": "Above it the deployment suspends itself.",
}
TABLES: Final[Mapping[str, tuple[str, str, str]]] = {
    "not_matched_because": ("not_matched", "reason", "Tracks without an alert, by chief reason."),
    "looks_rejected_because": ("looks_rejected", "reason", "Looks not worth a template."),
    "outside_validated": (
        "outside_validated",
        "measure",
        "Passages outside of what was tested, by measure.",
    ),
    "seconds": ("stage_seconds", "stage", "Seconds spent in each stage."),
}


class RunCollector(Collector):
    """Turns the counts into metrics each time a server asks; nothing is kept here."""

    def __init__(self, figures: Callable[[], Figures]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        now = self._figures()
        yield from _plain(now, COUNTERS, CounterMetricFamily)
        yield from _plain(now, GAUGES, GaugeMetricFamily)
        for name, (called, label, told) in TABLES.items():
            family = CounterMetricFamily(f"overt_{called}", told, labels=["camera", label])
            for camera, counts in now.cameras.items():
                for key, value in getattr(counts, name).items():
                    family.add_metric([camera, key], value)
            yield family
        yield SummaryMetricFamily(
            "overt_alert_latency_seconds",
            "From the first usable frame of a passage to its alert being shown.",
            count_value=len(now.latencies),
            sum_value=sum(now.latencies),
        )
        yield from _false_alerts(now)


def _false_alerts(now: Figures) -> Iterator[Metric]:
    for name, told in FALSE_ALERTS.items():
        value = now.false_alerts.get(name)
        if value is not None:
            called = "overt_false_alerts" if name == "false_alerts" else f"overt_false_alert_{name}"
            yield GaugeMetricFamily(called, told, value=value)


def _plain(
    now: Figures,
    names: Mapping[str, str],
    kind: type[CounterMetricFamily] | type[GaugeMetricFamily],
) -> Iterator[Metric]:
    for name, told in names.items():
        family = kind(f"overt_{name}", told, labels=["camera"])
        for camera, counts in now.cameras.items():
            if (value := getattr(counts, name)) is not None:
                family.add_metric([camera], value)
        yield family


@contextmanager
def metrics_told(figures: Callable[[], Figures], port: int) -> Iterator[int]:
    """Serve the figures on this port of loopback while the body runs; 0 takes any free one.

    Raises Refused when the port is taken.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RunCollector(figures))
    try:
        server, thread = start_http_server(port, addr=LOOPBACK, registry=registry)
    except (OSError, OverflowError) as taken:
        raise Refused(
            f"figures cannot be told on port {port} of {LOOPBACK}: {taken}; name a free port"
        ) from taken
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
