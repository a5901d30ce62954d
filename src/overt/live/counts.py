"""What one camera's process counts, and how the counts of several become one summary.

Counts carry no position, image or template of anybody (design §6).
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import Any, Final

import numpy as np

from overt.identifiers import CameraId


class Stage(Enum):
    """Where the time of a look goes; decoding runs beside these, in a thread of its own."""

    DETECTION = "detection"
    TRACKING = "tracking"
    """With the judgement of quality."""
    ENCODING = "encoding"
    """With alignment."""
    SEARCH = "search"
    RAISING = "raising"
    """With the redacted pictures and the commit to the records."""


@dataclass(slots=True)
class CameraCounts:
    """Cumulative since the camera's process started; plain numbers, so that they cross a pipe."""

    frames: int = 0
    """Decoded frames that reached the watch."""
    paused_frames: int = 0
    """Of them, those that nobody looked at: the run was paused or suspended."""
    dropped: int = 0
    """Frames of a live source replaced by newer ones before anybody looked."""
    corrupt: int = 0
    missing_seconds: int = 0
    """Of recordings that were cut: seconds that their files promise and that did not come."""
    reconnects: int = 0
    detections: int = 0
    """Frames in which faces were looked for."""
    faces: int = 0
    tracks: int = 0
    """Tracks that have ended, passages or not."""
    encodes: int = 0
    second_looks: int = 0
    """Of them, those whose points were found anew in the full picture."""
    searches: int = 0
    passages: int = 0
    """Tracks with three looks in the zone that reached the size (design §5): "faces seen". One that
    is alerted on is counted then, any other when it ends."""
    too_small: int = 0
    out_of_zone: int = 0
    glimpses: int = 0
    """Tracks of fewer than three looks."""
    alerts: int = 0
    alert_updates: int = 0
    not_matched_because: dict[str, int] = field(default_factory=dict)
    """Tracks that raised no alert, by their chief reason: passages, and those that stayed too small
    or out of the zone."""
    looks_rejected_because: dict[str, int] = field(default_factory=dict)
    """Looks that were not worth a template, by each reason that was found."""
    outside_validated: dict[str, int] = field(default_factory=dict)
    """Passages whose best look was outside of what was tested, by measure (R27)."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Spent in each stage, by its name."""
    first_frame: float | None = None
    """`time.monotonic()` at the first decoded frame and at the end of the last processed one."""
    last_frame: float | None = None
    media_time: float = 0.0
    seen_until: float = 0.0
    """The time of day of the newest frame, in seconds since 1970. A recording that is watched
    faster than it ran tells of times that are yet to come."""
    waiting: int = 0
    """Decoded frames that wait to be looked at, now: at most a few, the queue is bounded."""
    newest_frame_age: float = 0.0
    """Seconds from decoding to the end of its look, of the newest frame."""

    @property
    def encodes_per_passage(self) -> float | None:
        """None before the first passage."""
        return _share(self.encodes, self.passages)

    def as_of_now(self) -> "CameraCounts":
        """What goes on being counted does not change it."""
        told = replace(self)
        for name in TABLES:
            setattr(told, name, dict(getattr(self, name)))
        return told

    def because(self, reason: str) -> None:
        self.not_matched_because[reason] = self.not_matched_because.get(reason, 0) + 1

    def rejected(self, reasons: Iterable[str]) -> None:
        for reason in reasons:
            self.looks_rejected_because[reason] = self.looks_rejected_because.get(reason, 0) + 1

    @contextmanager
    def timing(self, stage: Stage) -> Iterator[None]:
        """Add what happens inside to the stage's seconds."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.took(stage, time.perf_counter() - began)

    def took(self, stage: Stage, seconds: float) -> None:
        self.seconds[stage.value] = self.seconds.get(stage.value, 0.0) + seconds


AT_PRESENT: Final = frozenset({"media_time", "seen_until", "newest_frame_age", "waiting"})
"""Gauges: of several cameras the greatest counts."""
TABLES: Final = (
    "not_matched_because", "looks_rejected_because", "outside_validated", "seconds",
)  # fmt: skip


def added(counts: Iterable[CameraCounts]) -> CameraCounts:
    """The counts of several processes as one."""
    total = CameraCounts()
    tables: dict[str, Counter[str]] = {name: Counter() for name in TABLES}
    for one in counts:
        for name, value in asdict(one).items():
            if name in AT_PRESENT:
                setattr(total, name, max(getattr(total, name), value))
            elif isinstance(value, int):
                setattr(total, name, getattr(total, name) + value)
            elif name in tables:
                tables[name].update(value)
        total.first_frame = min(_known(total.first_frame, one.first_frame), default=None)
        total.last_frame = max(_known(total.last_frame, one.last_frame), default=None)
    for name, table in tables.items():
        setattr(total, name, dict(sorted(table.items())))
    return total


def _known(*moments: float | None) -> list[float]:
    return [moment for moment in moments if moment is not None]


def frames_per_second(counts: CameraCounts) -> float:
    """Frames by wall seconds from the first decoded frame to the last processed one (design §5)."""
    if counts.first_frame is None or counts.last_frame is None:
        return 0.0
    return counts.frames / max(counts.last_frame - counts.first_frame, 1e-9)


def stage_figures(counts: CameraCounts) -> Mapping[str, float | None]:
    """Milliseconds a time for each stage, and encodes a passage; None where there was none."""
    times = {
        Stage.DETECTION: counts.detections, Stage.TRACKING: counts.detections,
        Stage.ENCODING: counts.encodes, Stage.SEARCH: counts.searches,
        Stage.RAISING: counts.alerts + counts.alert_updates,
    }  # fmt: skip
    return {
        "encodes_per_passage": counts.encodes_per_passage,
        **{
            f"{stage.value}_ms": _share(counts.seconds.get(stage.value, 0.0) * 1000, often)
            for stage, often in times.items()
        },
    }


def _share(amount: float, times: int) -> float | None:
    return round(amount / times, 3) if times else None


def percentiles_ms(latencies: Iterable[float]) -> Mapping[str, float | None]:
    """p50, p95 and p99 of latencies in seconds, as milliseconds; None where there were none."""
    values = np.fromiter(latencies, float)
    if values.size == 0:
        return {"p50": None, "p95": None, "p99": None}
    return {
        name: round(float(np.percentile(values, q)) * 1000, 1)
        for name, q in (("p50", 50), ("p95", 95), ("p99", 99))
    }


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run stands at, at the moment of asking."""

    cameras: Mapping[CameraId, CameraCounts]
    latencies: Sequence[float]
    """Seconds from the first usable frame to the alert being shown, of every alert so far."""
    false_alerts: Mapping[str, Any] = field(default_factory=dict)
    """Of the whole run, as the gate last told them."""
