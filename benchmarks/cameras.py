"""Composed clips as live cameras: one RTSP server a clip, in a process of its own.

Each server loops its clip in real time with sender reports, so that capture times are known.
Standard output tells the addresses and when frame 0 was shown, by the wall clock; standard input
takes `hang_up 2`, `kill 2`, `listen 2`, `stall 2`, `resume 2`, and ends it when it ends.

    python -m benchmarks.cameras CLIP.mp4 ...
"""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
from av.bitstream import BitStreamFilterContext
from tests.fakes.rtsp_server import CameraFilm, RtspServer, nal_units

ACTS: Final = {
    "hang_up": RtspServer.hang_up,
    "kill": RtspServer.kill,
    "listen": RtspServer.listen,
    "stall": RtspServer.stall,
    "resume": RtspServer.resume,
}


def film_of(video: Path) -> CameraFilm:
    """Take the clip's packets as they are; it has no B-frames, so that they are in time's order."""
    units = []
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        plain = BitStreamFilterContext("h264_mp4toannexb", stream)
        for packet in container.demux(stream):
            units += [nal_units(bytes(part)) for part in plain.filter(packet) if part.size]
        return CameraFilm([unit for unit in units if unit], round(stream.average_rate or 25))


@dataclass(frozen=True, slots=True)
class LiveClip:
    address: str
    began: float
    """Seconds of the wall clock at which frame 0 was shown."""
    seconds: float
    """After which it begins again."""


class Cameras:
    """The other end: starts the process and tells it what to do."""

    def __init__(self, videos: Sequence[Path]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.cameras", *(str(video) for video in videos)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.live = [LiveClip(**one) for one in json.loads(self._process.stdout.readline())]

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, act: str, camera: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{act} {camera}\n")
        self._process.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


def main() -> None:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of every packet to a lost line
    with ExitStack() as stack:
        cameras, told = [], []
        for name in sys.argv[1:]:
            film = film_of(Path(name))
            began = time.time()
            camera = stack.enter_context(RtspServer(film, sender_reports=True))
            cameras.append(camera)
            seconds = len(film.units) / film.rate
            told.append({"address": camera.address, "began": began, "seconds": seconds})
        print(json.dumps(told), flush=True)
        for line in sys.stdin:
            act, number = line.split()
            ACTS[act](cameras[int(number)])


if __name__ == "__main__":
    main()
