"""What a camera gives: frames, and the news that there are none.

A source is an iterator of sights. Live sources keep only the newest frame and count what they
drop; files wait. Pictures convert lazily: a frame that nobody looks at is never converted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from overt.units import Float32, Seconds, UInt8, UtcTime


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of the full-size picture; where its first pixel lies there is (left, top)."""

    pixels: UInt8
    """(h, w, 3) BGR."""
    left: int
    top: int

    @property
    def corner(self) -> Float32:
        return np.array([self.left, self.top], np.float32)


class Picture(Protocol):
    """The pixels of one frame, upright (rotation applied) and deinterlaced."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    def bgr(self) -> UInt8:
        """Full size, (height, width, 3) uint8 BGR, converted once and kept with the frame."""
        ...

    def around(self, box: Float32) -> Part:
        """Give at least the pixels within its longer side of the middle of a face's (4,) box.

        For less than `bgr` costs, where only a few faces of the picture are wanted.
        """
        ...

    def scaled_bgr(self, width: int, height: int) -> UInt8:
        """Resize the whole picture to exactly (height, width, 3) uint8 BGR."""
        ...

    def forget(self) -> None:
        """Overwrite every array that was given out, and let the frame go (R50)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    number: int
    """Counts decoded frames of the source from 0, dropped ones included."""
    media_time: Seconds
    """The source's own clock, from 0 at its first frame; only ever grows."""
    captured_at: UtcTime
    """When the camera took it, as well as can be known."""
    arrived: float
    """`time.monotonic()` when it was decoded: latency starts here."""
    picture: Picture


@dataclass(frozen=True, slots=True)
class Silence:
    """No frame for a while (at most half a second): time to close tracks and check the clock."""

    media_time: Seconds


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The stream stalled, broke or is not there; the source goes on trying."""

    reason: str
    """Without address, user or password."""


@dataclass(frozen=True, slots=True)
class CameraBack:
    after: Seconds


Sight = Frame | Silence | CameraLost | CameraBack


@dataclass(slots=True)
class SourceCounts:
    """Written by the source, read by whoever reports."""

    decoded: int = 0
    dropped: int = 0
    """Decoded or received, and replaced by a newer frame before anybody looked."""
    corrupt: int = 0
    """Packets or frames that the decoder refused."""
    missing_seconds: int = 0
    """Of a recording: what its container promises and did not give, because it was cut."""
    reconnects: int = 0
    waiting: int = 0
    """Decoded frames that wait for whoever looks, now; bounded."""


class FrameSource(Protocol):
    live: bool
    counts: SourceCounts

    def sights(self) -> Iterator[Sight]:
        """Everything the camera gives, until a file ends or `stop` is called.

        A file that cannot be opened raises Refused; a live source that cannot be opened yields
        CameraLost and goes on trying with back-off.
        """
        ...

    def stop(self) -> None:
        """End `sights` soon, from any thread."""
        ...
