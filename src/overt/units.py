"""Units in the type, and the one clock that the program reads.

Arrays carry their meaning in the name of the alias; scalars in a NewType.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NewType

import numpy as np
import numpy.typing as npt

Float32 = npt.NDArray[np.float32]
UInt8 = npt.NDArray[np.uint8]

Seconds = NewType("Seconds", float)
Pixels = NewType("Pixels", float)
Similarity = NewType("Similarity", float)
"""Cosine of the angle between two unit templates, -1 to 1. A resemblance, not a probability."""
UtcTime = NewType("UtcTime", datetime)
"""An aware datetime in UTC."""


def utc(moment: datetime) -> UtcTime:
    """Read an aware datetime as UTC.

    Raises ValueError for a naive one: a time without a zone has no meaning in evidence.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return UtcTime(moment.astimezone(UTC))


def iso(moment: UtcTime) -> str:
    """RFC 3339 with milliseconds and Z, the one way that times are written."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def _since_start() -> tuple[str, float]:
    return _BOOT.read_text().strip(), time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Clock:
    """Wall time that never steps back within a process.

    It starts from the wall clock, never before `not_before` (the latest time in the records),
    and then takes the later of the wall clock and its own start plus monotonic time, so that
    setting the machine's clock back neither reopens nor extends anything.
    """

    not_before: UtcTime | None = None
    wall: Callable[[], float] = time.time  # noqa: TID251  this is the one place that asks
    monotonic: Callable[[], float] = time.monotonic
    since_start: Callable[[], tuple[str, float]] | None = None
    """Which start of the machine this is, and the seconds counted since; the machine's own unless
    the wall clock is another's."""
    _start_wall: float = field(init=False)
    _start_monotonic: float = field(init=False)
    _last: float = field(init=False)
    _reckoned: tuple[float, float] | None = field(init=False, default=None)
    """A time that was right, and what the machine had counted then."""

    def __post_init__(self) -> None:
        if self.since_start is None and self.wall is time.time and _BOOT.exists():  # noqa: TID251  likewise
            self.since_start = _since_start
        earliest = self.not_before.timestamp() if self.not_before else 0.0
        self._start_wall = max(self.wall(), earliest)
        self._start_monotonic = self.monotonic()
        self._last = self._start_wall

    def now(self) -> UtcTime:
        elapsed = self.monotonic() - self._start_monotonic
        self._last = max(self.wall(), self._start_wall + elapsed, self._last)
        return UtcTime(datetime.fromtimestamp(self._last, UTC))

    def behind(self) -> Seconds:
        """By how much the machine's clock is behind the latest time that is known."""
        return Seconds(max(0.0, self.now().timestamp() - self.wall()))

    def reckon_from(self, moment: UtcTime, counted: float) -> None:
        """Take it that this was the time when the machine had counted so far since its start."""
        self._reckoned = (moment.timestamp(), counted)

    def ahead(self) -> Seconds:
        """How much further the time has moved than the machine has counted: it was set, or halted."""
        if self.since_start is None or self._reckoned is None:
            return Seconds(0.0)
        moment, counted = self._reckoned
        passed = self.since_start()[1] - counted
        return Seconds(max(0.0, self.now().timestamp() - moment - passed))

    def no_earlier_than(self, moment: UtcTime) -> None:
        """Learn of a later time that the records have seen, and go on from there.

        Only to wait there until the wall clock has caught up would stretch every window.
        """
        monotonic = self.monotonic()
        elapsed = monotonic - self._start_monotonic
        self._start_wall = max(self._start_wall + elapsed, moment.timestamp())
        self._start_monotonic = monotonic


def later(moment: UtcTime, by: Seconds) -> UtcTime:
    return UtcTime(moment + timedelta(seconds=by))
