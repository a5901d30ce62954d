"""A camera that shows what a test tells it to."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from threading import Event
from typing import Final

from overt.frames.frame import Frame, Sight, SourceCounts
from overt.frames.picture import StillPicture
from overt.units import Seconds, UInt8, UtcTime, later

BEGAN: Final = UtcTime(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))


def frame(
    image: UInt8, *, number: int = 0, media_time: float = 0.0, arrived: float | None = None
) -> Frame:
    return Frame(
        number=number,
        media_time=Seconds(media_time),
        captured_at=later(BEGAN, Seconds(media_time)),
        arrived=media_time if arrived is None else arrived,
        picture=StillPicture(image),
    )


def frames(images: Iterable[UInt8], *, rate: float = 25.0) -> list[Sight]:
    """Images as frames, evenly spaced from 0."""
    return [frame(image, number=i, media_time=i / rate) for i, image in enumerate(images)]


class ScriptedSource:
    """A FrameSource from a list; an exception in the list is raised when its turn comes."""

    def __init__(self, script: Iterable[Sight | Exception], *, live: bool = False) -> None:
        self.live = live
        self.counts = SourceCounts()
        self._script = script
        self._stopped = Event()

    def sights(self) -> Iterator[Sight]:
        for sight in self._script:
            if self._stopped.is_set():
                return
            if isinstance(sight, Exception):
                raise sight
            if isinstance(sight, Frame):
                self.counts.decoded += 1
            yield sight

    def stop(self) -> None:
        self._stopped.set()
