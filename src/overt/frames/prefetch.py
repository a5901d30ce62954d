"""Runs an iterator a few items ahead in a thread of its own.

Decoding releases the interpreter's lock, so it overlaps with whatever the consumer does. The
lead is bounded: a slow consumer makes the producer wait, nothing is dropped.
"""

from collections import deque
from collections.abc import Generator
from enum import Enum, auto
from threading import Condition, Thread
from typing import Final, Generic, TypeVar

from overt.units import Seconds

DEPTH: Final = 3
FAREWELL: Final = 5.0

T = TypeVar("T")


class Nothing(Enum):
    YET = auto()
    MORE = auto()


class Prefetch(Generic[T]):
    def __init__(self, items: Generator[T, None, None]) -> None:
        self._items = items
        self._ready: deque[T] = deque()
        self._changed = Condition()
        self._ended = False
        self._closed = False
        self._trouble: Exception | None = None
        self._thread = Thread(target=self._produce, name="overt-decode", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self, wait: Seconds) -> T | Nothing:
        """Return the next item, Nothing.YET after `wait`, or Nothing.MORE at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._ended or self._closed, wait)
            if self._ready and not self._closed:
                self._changed.notify_all()
                return self._ready.popleft()
            if self._trouble is not None:
                raise self._trouble
            return Nothing.MORE if self._ended or self._closed else Nothing.YET

    @property
    def waiting(self) -> int:
        """How many items are ready to be taken."""
        return len(self._ready)

    def close(self) -> None:
        """Stop producing and let go of what was produced, from any thread."""
        with self._changed:
            self._closed = True
            self._ready.clear()
            self._changed.notify_all()

    def join(self) -> None:
        self.close()
        self._thread.join(FAREWELL)

    def _produce(self) -> None:
        try:
            for item in self._items:
                if not self._offer(item):
                    break
        # The top of a worker: the consumer raises it again where somebody sees it.
        except Exception as trouble:  # noqa: BLE001
            self._trouble = trouble
        finally:
            self._items.close()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _offer(self, item: T) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: len(self._ready) < DEPTH or self._closed)
            if not self._closed:
                self._ready.append(item)
                self._changed.notify_all()
            return not self._closed
