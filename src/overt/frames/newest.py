"""The slot between a camera's thread and its consumer: the newest frame wins.

A frame that nobody took before the next one came is dropped and counted, never converted. The
news that the stream was lost keeps its place before or after the frame that is waiting.
"""

from collections import deque
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

from overt.frames.frame import SourceCounts
from overt.units import Seconds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loss:
    reason: str


class NewestFrame(Generic[T]):
    def __init__(self, counts: SourceCounts) -> None:
        self._counts = counts
        self._changed = Condition()
        self._waiting: deque[T | Loss] = deque()  # at most a loss, a frame and a loss
        self._closed = False

    def put(self, frame: T) -> None:
        with self._changed:
            for older in [item for item in self._waiting if not isinstance(item, Loss)]:
                self._waiting.remove(older)
                self._counts.dropped += 1
            if self._closed:
                self._counts.dropped += 1
                return
            self._waiting = deque([*list(self._waiting)[:1], frame])
            self._counts.waiting = 1
            self._changed.notify_all()

    def lose(self, reason: str) -> None:
        with self._changed:
            if not (self._waiting and isinstance(self._waiting[-1], Loss)):
                self._waiting.append(Loss(reason))
            self._changed.notify_all()

    def take(self, wait: Seconds) -> T | Loss | None:
        """Return what has waited longest, or None when nothing came within `wait`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, wait)
            if self._closed or not self._waiting:
                return None
            taken = self._waiting.popleft()
            if not isinstance(taken, Loss):
                self._counts.waiting = 0
            return taken

    def close(self) -> None:
        """Let go of what is waiting and wake the consumer, from any thread."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
