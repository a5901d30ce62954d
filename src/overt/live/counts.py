"""What one camera's process counts, and how the counts of several become one summary.

Counts carry no position, image or template of anybody (design §6).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

import numpy as np


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
    reconnects: int = 0
    detections: int = 0
    """Frames in which faces were looked for."""
    faces: int = 0
    encodes: int = 0
    passages: int = 0
    """Tracks with three looks in the zone that reached the size (design §5): "faces seen"."""
    too_small: int = 0
    out_of_zone: int = 0
    alerts: int = 0
    alert_updates: int = 0
    not_matched_because: dict[str, int] = field(default_factory=dict)
    """Tracks that raised no alert, by their chief reason: passages, and those that stayed too small
    or out of the zone."""
    first_frame: float | None = None
    """`time.monotonic()` at the first decoded frame and at the end of the last processed one."""
    last_frame: float | None = None
    media_time: float = 0.0

    def because(self, reason: str) -> None:
        self.not_matched_because[reason] = self.not_matched_because.get(reason, 0) + 1


def added(counts: Iterable[CameraCounts]) -> CameraCounts:
    """The counts of several processes as one."""
    total = CameraCounts()
    reasons: Counter[str] = Counter()
    for one in counts:
        for name, value in asdict(one).items():
            if isinstance(value, int) and name != "media_time":
                setattr(total, name, getattr(total, name) + value)
        reasons.update(one.not_matched_because)
        total.first_frame = min(_known(total.first_frame, one.first_frame), default=None)
        total.last_frame = max(_known(total.last_frame, one.last_frame), default=None)
        total.media_time = max(total.media_time, one.media_time)
    total.not_matched_because = dict(sorted(reasons.items()))
    return total


def _known(*moments: float | None) -> list[float]:
    return [moment for moment in moments if moment is not None]


def frames_per_second(counts: CameraCounts) -> float:
    """Frames by wall seconds from the first decoded frame to the last processed one (design §5)."""
    if counts.first_frame is None or counts.last_frame is None:
        return 0.0
    return counts.frames / max(counts.last_frame - counts.first_frame, 1e-9)


def percentiles_ms(latencies: Iterable[float]) -> Mapping[str, float | None]:
    """p50, p95 and p99 of latencies in seconds, as milliseconds; None where there were none."""
    values = np.fromiter(latencies, float)
    if values.size == 0:
        return {"p50": None, "p95": None, "p99": None}
    return {
        name: round(float(np.percentile(values, q)) * 1000, 1)
        for name, q in (("p50", 50), ("p95", 95), ("p99", 99))
    }
