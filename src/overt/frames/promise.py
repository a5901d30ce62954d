"""Whether a recording was cut: how long it says it is, and how much of that did not come.

A copy that broke off and a recorder that lost its power leave a file which ends early and decodes
without a fault. Only containers that write the length down are believed; for others FFmpeg guesses
from the size of the file, or reads the end that is there (AVI and transport streams too).
"""

import re
from typing import Final

from av.container import InputContainer
from av.video.stream import VideoStream

from overt.units import Seconds

WRITTEN_DOWN: Final = frozenset({"mov", "matroska"})
"""Families of containers, as FFmpeg begins their names."""
TAG: Final = re.compile(r"(\d+):(\d{2}):(\d{2}(?:\.\d+)?)")
TOLERATED: Final = 1.0
"""Seconds by which a whole file may miss its promise: lengths are rounded, last frames held."""


def promised(container: InputContainer, stream: VideoStream) -> Seconds | None:
    """Seconds of pictures that the container says it holds, or None if it does not say."""
    if container.format.name.split(",")[0] not in WRITTEN_DOWN:
        return None
    if stream.duration and stream.time_base:
        return Seconds(float(stream.duration * stream.time_base))
    if written := TAG.match(stream.metadata.get("DURATION", "")):
        hours, minutes, seconds = (float(part) for part in written.groups())
        return Seconds(3600 * hours + 60 * minutes + seconds)
    if container.duration and len(container.streams) == 1:  # sound may be longer than pictures
        return Seconds(container.duration / 1e6)
    return None


def missing_of(promise: Seconds | None, shown: Seconds) -> int:
    """Return whole seconds that were promised and not shown; 0 where that may be rounding."""
    lacks = 0.0 if promise is None else promise - shown
    return round(lacks) if lacks > TOLERATED else 0
