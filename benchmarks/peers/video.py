"""How a loop over OpenCV's frames plays a clip: each in turn, or live, where late ones are skipped."""

import time
from collections.abc import Iterator
from typing import Any

import cv2
from benchmarks.program import RATE, Order


class Video:
    """Frames with their time of the clip; stops after the order's frames or seconds."""

    def __init__(self, order: Order) -> None:
        self.dropped = 0
        self.began = 0.0
        self._order = order

    @property
    def since(self) -> float:
        """Seconds since the clip began to play."""
        return time.monotonic() - self.began

    def __iter__(self) -> Iterator[tuple[float, Any]]:
        capture = cv2.VideoCapture(self._order.video)
        number, self.began = 0, time.monotonic()
        while number < self._order.most_frames and self.since < self._order.most_seconds:
            if self._order.live:
                while number < int(self.since * RATE) and capture.grab():  # too late for this one
                    number, self.dropped = number + 1, self.dropped + 1
                time.sleep(max(0.0, number / RATE - self.since))
            there, image = capture.read()
            if not there:
                break
            yield number / RATE, image
            number += 1
        capture.release()
