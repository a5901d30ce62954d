"""A live camera: the newest frame, the news that it was lost, and that it is back.

A thread of its own opens the camera, decodes every frame into the newest-frame slot, and opens
it again, with back-off, whenever it ends, breaks or stalls: on a live stream an end is a loss.
The consumer's side notices a stall by itself, whatever the thread is waiting for.

`media_time` follows the stream's timestamps and, across reconnections, the time that went by.
`captured_at` is the camera's own clock where the stream tells it (an RTCP sender report) and it
is within `BELIEVED` of this machine's; otherwise it is the moment of decoding, which is later
than the capture by the camera's, the network's and the decoder's delay, unknown and often
0.2 to 0.5 s. A source is used once: one call of `sights`, ended by `stop` or by leaving it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Final

import numpy as np
from av.container import InputContainer
from av.error import ExitError, FFmpegError
from av.video.stream import VideoStream

from overt.frames.back_off import WAITS, BackOff, Waits
from overt.frames.decoding import Decoded, VideoPacket, decoded, first_video_stream, frame_duration
from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, Silence, SourceCounts
from overt.frames.lines import Line, reason_of
from overt.frames.media_times import MediaTimes
from overt.frames.newest import Loss, NewestFrame
from overt.frames.picture import Conversions, VideoPicture
from overt.units import Clock, Seconds, UtcTime

BELIEVED: Final = Seconds(10.0)
"""A camera whose clock is further off has not been set; its times are not evidence."""
STAMPS_LEAP: Final = Seconds(5.0)
"""Stamps that run ahead of or behind arrival by more than this have been started anew."""
NO_STAMPS: Final = frozenset({"mpjpeg", "mjpeg"})
"""Formats without time: FFmpeg invents 25 frames a second for them."""
FAREWELL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a live source waits before it says something."""

    silent_after: Seconds
    stalled_after: Seconds
    """After the last picture, which itself may come half a second late when the line stalls."""
    first_picture: Seconds
    """From the opening to the first picture: some cameras send a key frame every ten seconds."""
    waits: Waits


PATIENCE: Final = Patience(
    silent_after=Seconds(0.5),
    stalled_after=Seconds(2.2),
    first_picture=Seconds(20.0),
    waits=WAITS,
)


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A decoded frame in the slot."""

    number: int
    line: int
    stamp: float | None
    frame_duration: Seconds
    captured_at: UtcTime
    arrived: float
    picture: VideoPicture


class Stalled(Exception):  # noqa: N818  it is news for the loop around it
    """The line is open and shows nothing; the message says of which kind."""


class LiveSource:
    live = True

    def __init__(
        self,
        line: Line,
        *,
        clock: Clock,
        chance: np.random.Generator,
        patience: Patience = PATIENCE,
    ) -> None:
        self.counts = SourceCounts()
        self._line = line
        self._clock = clock
        self._patience = patience
        self._back_off = BackOff(patience.waits, chance)
        self._slot: NewestFrame[Arrival] = NewestFrame(self.counts)
        self._stopped = Event()
        self._opened = 0
        self._last_picture = 0.0

    def sights(self) -> Iterator[Sight]:
        thread = Thread(target=self._keep_open, name="overt-camera", daemon=True)
        thread.start()
        try:
            yield from self._seen()
        finally:
            self.stop()
            # A thread that waits for the network ends by its timeout, holding nothing.
            thread.join(FAREWELL)

    def stop(self) -> None:
        self._stopped.set()
        self._slot.close()

    # The consumer's side

    def _seen(self) -> Iterator[Sight]:
        times = LiveTimes()
        heard = told = self._clock.monotonic()  # the last frame; the last frame or silence
        lost = False
        while not self._stopped.is_set():
            news = self._slot.take(self._wait(heard, told, lost=lost))
            now = self._clock.monotonic()
            if isinstance(news, Arrival):
                if lost:
                    yield CameraBack(Seconds(now - heard))
                heard, told, lost = now, now, False
                yield times.frame(news)
                continue
            complaint = self._complaint(news, Seconds(now - heard))
            if complaint and not lost:
                lost = True
                yield CameraLost(complaint)
            # Losses may come quicker than silences: each failed attempt is one.
            if now - told >= self._patience.silent_after:
                told = now
                yield Silence(times.silence(now))

    def _complaint(self, news: Loss | None, quiet: Seconds) -> str | None:
        if news is not None:
            return news.reason
        return f"no picture for {quiet:.1f} s" if quiet >= self._patience.stalled_after else None

    def _wait(self, heard: float, told: float, *, lost: bool) -> Seconds:
        now = self._clock.monotonic()
        until_silence = told + self._patience.silent_after - now
        until_stall = heard + self._patience.stalled_after - now
        return Seconds(max(0.0, until_silence if lost else min(until_silence, until_stall)))

    # The camera's side

    def _keep_open(self) -> None:
        while not self._stopped.is_set():
            opened = self._last_picture = self._clock.monotonic()
            try:
                reason = self._run_line()
            except FFmpegError as trouble:
                reason = reason_of(trouble, secure=self._line.secure)
            except Stalled as stall:
                reason = str(stall)
            # The top of a worker: the consumer is told, and the camera is tried again.
            except Exception as trouble:  # noqa: BLE001
                reason = f"it failed: {type(trouble).__name__}"
            self._slot.lose(reason)
            self._stopped.wait(self._back_off.after(Seconds(self._last_picture - opened)))

    def _run_line(self) -> str:
        """Decode one connection until it ends; return why it did."""
        with self._line.dial() as container:
            stream = first_video_stream(container)
            if stream is None:
                return "it sends no video"
            # More threads would each hold a frame back.
            stream.codec_context.thread_count = 1
            self._opened += 1
            self.counts.reconnects = self._opened - 1
            packets = self._packets(container, stream)
            stamped = container.format.name not in NO_STAMPS
            for one in decoded(packets, self.counts, Conversions()):
                self._slot.put(self._arrival(one, container, stream, stamped=stamped))
        return "it ended the stream"

    def _packets(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoPacket]:
        shown = self.counts.decoded
        while not self._stopped.is_set():
            try:
                for packet in container.demux(stream):
                    yield packet
                    self._check(shown, "it sends no picture that can be decoded")
                    if self._stopped.is_set():
                        return
            except ExitError:  # nothing came within the reading timeout; the line may still live
                self._check(shown, "it has stopped sending")
            else:
                return

    def _check(self, shown: int, complaint: str) -> None:
        """Give the line up when its patience has run out."""
        first = self.counts.decoded == shown
        patience = self._patience.first_picture if first else self._patience.stalled_after
        if self._clock.monotonic() - self._last_picture > patience:
            raise Stalled(complaint)

    def _arrival(
        self, one: Decoded, container: InputContainer, stream: VideoStream, *, stamped: bool
    ) -> Arrival:
        arrived, at = self._clock.monotonic(), self._clock.now()
        self._last_picture = arrived
        number = self.counts.decoded
        self.counts.decoded += 1
        stamp = one.stamp if stamped else None
        return Arrival(
            number=number,
            line=self._opened,
            stamp=stamp if stamped else arrived,
            frame_duration=frame_duration(stream),
            captured_at=captured_at(container.start_time_realtime, stamp, at),
            arrived=arrived,
            picture=one.picture,
        )


def captured_at(epoch: int | None, stamp: float | None, arrived: UtcTime) -> UtcTime:
    """Believe the camera's clock if the stream tells it and it is about right.

    `epoch` is the wall clock of stamp 0 in microseconds, from the first RTCP sender report.
    """
    if epoch is None or stamp is None:
        return arrived
    told = epoch / 1e6 + stamp
    if abs(arrived.timestamp() - told) > BELIEVED:
        return arrived
    return min(UtcTime(datetime.fromtimestamp(told, UTC)), arrived)


class LiveTimes:
    """Media times of a stream that breaks off and starts again."""

    def __init__(self) -> None:
        self._times: MediaTimes | None = None
        self._first = 0.0
        self._last: Arrival | None = None

    def frame(self, news: Arrival) -> Frame:
        return Frame(
            number=news.number,
            media_time=self._at(news),
            captured_at=news.captured_at,
            arrived=news.arrived,
            picture=news.picture,
        )

    def silence(self, now: float) -> Seconds:
        if self._times is None:
            return Seconds(0.0)
        return self._times.silent_until(now - self._first)

    def _at(self, news: Arrival) -> Seconds:
        if self._times is None:
            self._times, self._first = MediaTimes(news.frame_duration), news.arrived
        elif self._last is not None and started_anew(self._last, news):
            self._times.start_again_at(news.arrived - self._first)
        self._last = news
        return self._times.at(news.stamp)


def started_anew(before: Arrival, after: Arrival) -> bool:
    if before.line != after.line:
        return True
    if before.stamp is None or after.stamp is None:
        return False
    ahead = (after.stamp - before.stamp) - (after.arrived - before.arrived)
    return abs(ahead) > STAMPS_LEAP
