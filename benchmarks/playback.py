"""Decode a clip in a thread of its own: every frame in turn, or live, where the newest one wins."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import av

AHEAD: Final = 4
"""Decoded frames that wait, when none is dropped."""


class Playback:
    """Decoded frames with their time of the clip; `began` is when time 0 was, or would have been."""

    def __init__(self, video: Path, *, live: bool, most_frames: int, bgr: bool = True) -> None:
        """`bgr` gives arrays, converted beside what the consumer does; else the decoder's own."""
        self.dropped = 0
        self.began = 0.0
        self._video, self._live, self._most, self._bgr = video, live, most_frames, bgr
        self._frames: queue.Queue[tuple[float, Any] | None] = queue.Queue(1 if live else AHEAD)

    def __iter__(self) -> Iterator[tuple[float, Any]]:
        thread = threading.Thread(target=self._decode, daemon=True)
        thread.start()
        while (one := self._frames.get()) is not None:
            yield one
        thread.join()

    def _decode(self) -> None:
        with av.open(str(self._video)) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_type = "AUTO"
            # Frame threads delay a live picture; a recording does not mind.
            stream.codec_context.thread_count = 1 if self._live else 2
            for number, frame in enumerate(container.decode(stream)):
                if number >= self._most:
                    break
                at = float(frame.time or 0)
                if number == 0:
                    self.began = time.monotonic()
                self._offer(at, frame.to_ndarray(format="bgr24", threads=1) if self._bgr else frame)
        self._frames.put(None)

    def _offer(self, at: float, frame: Any) -> None:
        if self._live:
            time.sleep(max(0.0, self.began + at - time.monotonic()))
            with suppress(queue.Empty):
                self._frames.get_nowait()
                self.dropped += 1
        self._frames.put((at, frame))
