"""What frames cost, and how quickly a lost camera is noticed and found again.

`python -m benchmarks.frames` makes clips with the tests' clip maker, plays them as fast as they
decode, then watches the tests' RTSP camera while it stalls, dies and hangs up fifty times.
CPU milliseconds are of this process and hold on a busy machine; wall times do not.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import active_count
from typing import Final

import numpy as np
from tests.fakes.clips import make_clip
from tests.fakes.rtsp_server import RtspServer, camera_film

from overt.frames.back_off import Waits
from overt.frames.file_source import file_source
from overt.frames.frame import CameraBack, CameraLost, Frame, Picture, Sight
from overt.frames.lines import rtsp_line
from overt.frames.live_source import PATIENCE, LiveSource, Patience
from overt.frames.pace import Pace
from overt.units import Clock, Seconds

FRAMES: Final = 250
LOOKS: Final[dict[str, Callable[[Picture], object]]] = {
    "decoded only": lambda _: None,
    "scaled to 640x384": lambda picture: picture.scaled_bgr(640, 384),
    "full bgr": lambda picture: picture.bgr(),
    "both": lambda picture: (picture.scaled_bgr(640, 384), picture.bgr()),
}


def costs(clip: Path) -> None:
    for name, look in LOOKS.items():
        source = file_source(clip, clock=Clock(), pace=Pace.FAST)
        wall, cpu = time.monotonic(), time.process_time()
        for sight in source.sights():
            if isinstance(sight, Frame):
                look(sight.picture)
                sight.picture.forget()
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        print(f"  {name:18} {FRAMES / wall:6.0f} fps  {1000 * cpu / FRAMES:5.2f} ms CPU a frame")


def watched(address: str, patience: Patience = PATIENCE) -> LiveSource:
    return LiveSource(
        rtsp_line(address), clock=Clock(), chance=np.random.default_rng(1), patience=patience
    )


def losses(camera: RtspServer) -> None:
    source = watched(camera.address)
    sights = source.sights()

    def until(kind: type[Sight], count: int = 1) -> float:
        began = time.monotonic()
        for sight in sights:
            count -= isinstance(sight, kind)
            if count == 0:
                break
        return time.monotonic() - began

    print(f"  first frame after {until(Frame):.2f} s")
    for name, cut, mend in (
        ("stall", camera.stall, camera.resume),
        ("killed server", camera.kill, camera.listen),
        ("hang-up", camera.hang_up, lambda: None),
    ):
        until(Frame, 60)
        cut()
        noticed = until(CameraLost)
        mend()
        print(f"  {name}: noticed after {noticed:.2f} s, back {until(CameraBack):.2f} s later")
    source.stop()


def reconnections(camera: RtspServer, count: int = 50) -> None:
    hasty = Patience(
        silent_after=PATIENCE.silent_after,
        stalled_after=PATIENCE.stalled_after,
        first_picture=PATIENCE.first_picture,
        waits=Waits(Seconds(0.02), Seconds(0.1)),
    )
    source = watched(camera.address, hasty)
    sizes: list[float] = []
    threads: list[int] = []
    for sight in source.sights():
        if isinstance(sight, Frame) and len(sizes) == source.counts.reconnects:
            sizes.append(resident_mib())
            threads.append(active_count())
            if len(sizes) > count:
                break
            camera.hang_up()
    shown = ", ".join(f"{size:.1f}" for size in sizes[:: count // 5])
    print(f"  resident MiB at every tenth of {count} reconnections: {shown}")
    print(f"  threads: {min(threads)} to {max(threads)}")


def resident_mib() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for size, rate in (((1280, 720), "4M"), ((1920, 1080), "6M")):
            options = {"preset": "veryfast", "g": "50", "b": rate, "profile": "main"}
            clip = Path(folder) / f"{size[1]}.mp4"
            make_clip(clip, frames=FRAMES, size=size, options=options, noise=12)
            bits = clip.stat().st_size * 8 / (FRAMES / 25) / 1e6
            print(f"H.264 {size[0]}x{size[1]}, {bits:.1f} Mb/s")
            costs(clip)
    with RtspServer(camera_film(gop=10)) as camera:
        print("RTSP on loopback, a key frame every 0.4 s")
        losses(camera)
        reconnections(camera)


if __name__ == "__main__":
    main()
