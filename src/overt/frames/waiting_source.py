"""A source that waits for its consumer: recordings and folders, no frame dropped.

`captured_at` is the start of the run plus the media time: a recording does not know when it was
taken. At Pace.FAST it therefore runs ahead of the wall clock and says nothing about latency;
`arrived` does, and is the moment of decoding. At Pace.REAL_TIME `arrived` is the moment at which
the frame was due, so that a slow consumer shows as latency. What lies before `resume_from` is
passed over at once, and the recording goes on from there as if it had run all the while.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Final

from overt.frames.frame import Frame, Picture, Sight, Silence, SourceCounts
from overt.frames.media_times import MediaTimes
from overt.frames.pace import Pace
from overt.frames.prefetch import Nothing, Prefetch
from overt.units import Clock, Seconds, UtcTime, later

SILENT_AFTER: Final = Seconds(0.5)
FROM_THE_START: Final = Seconds(0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A decoded picture, its own timestamp in seconds if it has one, and when it was decoded."""

    stamp: float | None
    picture: Picture
    decoded_at: float


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """A recording that has been opened."""

    frame_duration: Seconds
    shots: Generator[Shot, None, None]


class WaitingSource:
    live = False

    def __init__(
        self,
        open_reel: Callable[[SourceCounts], Reel],
        *,
        clock: Clock,
        pace: Pace,
        resume_from: Seconds = FROM_THE_START,
    ) -> None:
        self.counts = SourceCounts()
        self._open_reel = open_reel
        self._clock = clock
        self._pace = pace
        self._resume_from = resume_from
        self._stopped = Event()
        self._ahead: Prefetch[Shot] | None = None

    def sights(self) -> Iterator[Sight]:
        reel = self._open_reel(self.counts)
        self._ahead = ahead = Prefetch(reel.shots)
        ahead.start()
        try:
            yield from self._played(ahead, MediaTimes(reel.frame_duration))
        finally:
            ahead.join()

    def stop(self) -> None:
        self._stopped.set()
        if self._ahead is not None:
            self._ahead.close()

    def _played(self, ahead: Prefetch[Shot], times: MediaTimes) -> Iterator[Sight]:
        began, began_at = self._beginning()
        while not self._stopped.is_set():
            shot = ahead.take(SILENT_AFTER)
            self.counts.waiting = ahead.waiting
            if shot is Nothing.MORE:
                return
            if shot is Nothing.YET:
                yield Silence(times.last)
                continue
            shown, media_time = times.last, times.at(shot.stamp)
            if media_time < self._resume_from:
                shot.picture.forget()
                began, began_at = self._beginning()
                continue
            if self._pace is Pace.REAL_TIME:
                yield from self._until(began, shown, media_time)
            if not self._stopped.is_set():
                yield self._frame(shot, media_time, began=began, began_at=began_at)

    def _beginning(self) -> tuple[float, UtcTime]:
        """When media time 0 was, by both clocks, if it is `resume_from` now."""
        passed_over = self._resume_from
        return self._clock.monotonic() - passed_over, later(
            self._clock.now(), Seconds(-passed_over)
        )

    def _until(self, began: float, shown: Seconds, due: Seconds) -> Iterator[Silence]:
        """Wait for `due`, with a silence every half second."""
        quiet_at = shown + SILENT_AFTER
        while quiet_at < due:
            if self._stopped.wait(max(0.0, began + quiet_at - self._clock.monotonic())):
                return
            yield Silence(Seconds(quiet_at))
            quiet_at += SILENT_AFTER
        self._stopped.wait(max(0.0, began + due - self._clock.monotonic()))

    def _frame(self, shot: Shot, media_time: Seconds, *, began: float, began_at: UtcTime) -> Frame:
        number = self.counts.decoded
        self.counts.decoded += 1
        due = began + media_time
        return Frame(
            number=number,
            media_time=media_time,
            captured_at=later(began_at, media_time),
            arrived=due if self._pace is Pace.REAL_TIME else shot.decoded_at,
            picture=shot.picture,
        )
