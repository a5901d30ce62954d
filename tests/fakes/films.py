"""Films of the portraits in which the pack `mine` finds faces."""

from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from tests.fakes.still_sets import SIDE, darkness, portrait

RATE: Final = 25


def film(path: Path, shown: list[tuple[int | None, float]]) -> Path:
    """Whoever is shown for so many seconds, None for nobody; every frame has its own grain."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "crf": "10"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for person, seconds in shown:
            for shot in range(round(seconds * RATE)):
                picture = darkness() if person is None else portrait(person, 100 + shot, noise=1)
                pixels = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), 1), np.uint8)
                out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "bgr24")))
        out.mux(stream.encode())
    return path
