"""The process that holds the canary test's camera: the real one, whose memory may be searched.

It is searched at two moments, and waits for that: when it has its first face in hand, encoded and
not yet forgotten; and before the first picture that comes so long after the last face that nothing
of anybody may be left. It keeps nothing for that, and works as ever before and between them.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from overt.frames.frame import Frame, FrameSource, Sight, SourceCounts
from overt.live import camera
from overt.live.camera import Instruments
from overt.proof.around_encoder import AroundEncoder
from overt.proof.moments import NOBODY_LEFT, Moment
from overt.proof.watched import hand_over_memory, wait_for_search
from overt.templates.load import Networks
from overt.units import Float32, UInt8


@dataclass(slots=True)
class SearchedEncoder(AroundEncoder):
    """After its first face it waits, with the face still in hand."""

    _first: threading.Lock = field(default_factory=threading.Lock)
    """Taken by the thread with the first face, and never given back."""

    def encode(self, chips: Iterable[UInt8], out: Float32) -> None:
        self.inner.encode(chips, out)
        if self._first.acquire(blocking=False):
            wait_for_search(Moment.FACE_IN_HAND)


@dataclass(slots=True)
class SearchedSource:
    """The port FrameSource: it waits before the first picture of an empty street."""

    inner: FrameSource
    live: bool = field(init=False)
    counts: SourceCounts = field(init=False)

    def __post_init__(self) -> None:
        self.live, self.counts = self.inner.live, self.inner.counts

    def sights(self) -> Iterator[Sight]:
        searched = False
        for sight in self.inner.sights():
            if not searched and isinstance(sight, Frame) and sight.media_time >= NOBODY_LEFT:
                wait_for_search(Moment.NOBODY_LEFT)
                searched = True
            yield sight

    def stop(self) -> None:
        self.inner.stop()


def _searched(networks: Networks) -> Networks:
    return replace(networks, encoder=SearchedEncoder(networks.encoder))


def main() -> None:
    hand_over_memory("camera")
    camera.main(Instruments(_searched, SearchedSource))


if __name__ == "__main__":
    main()
