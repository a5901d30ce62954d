"""What no program with these networks can beat: decoding, and the networks where overt used them.

As many frames are decoded as overt decoded in the run before; the detector runs as often as overt
looked, and as often on one face as it looked closer; the encoder runs for as many faces as overt
encoded. All are spread evenly over the clip, and other counts than overt's are an error. The
pictures are noise, since what a network takes does not depend on what it is shown; nothing is
scaled, aligned, followed, searched or recorded. Decoding runs beside the networks. They run in
the better of two ways, tried each time: each network one picture at a time with all threads, or
two with one thread each. The networks do not wait for one another in either.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import openvino
from benchmarks.compose import folders
from benchmarks.plain_loop import THREADS, requests
from benchmarks.playback import Playback
from benchmarks.program import Order, Watched, serve

from overt.identifiers import PackName
from overt.models.library import Pack, find_pack
from overt.units import UInt8

BATCH: Final = 4
"""Faces that are encoded at once where there are as many: a tenth less time for each."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the networks: queues of one request or of two."""

    detector: Any
    closer: Any
    """The detector on the surroundings of one face."""
    four: Any
    single: Any

    def detect(self, picture: UInt8) -> None:
        self.detector.start_async({0: picture})

    def look_closer(self, square: UInt8, times: int) -> None:
        for _ in range(times):
            self.closer.start_async({0: square})

    def encode(self, chips: UInt8) -> None:
        at = 0
        while at < len(chips):
            many = BATCH if len(chips) - at >= BATCH else 1
            (self.four if many == BATCH else self.single).start_async({0: chips[at : at + many]})
            at += many

    def finish(self) -> None:
        for network in (self.detector, self.closer, self.four, self.single):
            network.wait_all()


@dataclass(slots=True)
class Floor:
    ways: dict[str, Way]
    picture: UInt8
    square: UInt8
    chips: UInt8

    def watch(self, order: Order) -> Watched:
        """Run each way once, and tell of the better one."""
        both = {name: self._run(order, way) for name, way in self.ways.items()}
        best = min(both, key=lambda name: both[name].seconds)
        both[best].note = best
        return both[best]

    def _run(self, order: Order, way: Way) -> Watched:
        play = Playback(Path(order.video), live=False, most_frames=order.most_frames, bgr=False)
        result, before = Watched(), time.process_time()
        for _ in play:
            result.frames += 1
            looks, faces, squares = due(order, result.frames)
            for _ in range(looks - result.detections):
                way.detect(self.picture)
            way.encode(self.chips[: faces - result.encodes])
            way.look_closer(self.square, squares - result.second_looks)
            result.detections, result.encodes, result.second_looks = looks, faces, squares
        way.finish()
        result.seconds = time.monotonic() - play.began
        result.cpu_seconds = time.process_time() - before
        if result.frames != order.most_frames:
            raise RuntimeError(f"{result.frames} frames decoded, and {order.most_frames} by overt")
        return result


def due(order: Order, frames: int) -> tuple[int, int, int]:
    """Looks, faces to encode and second looks by the end of so many frames; in the end, all."""
    return (
        order.detections * frames // order.most_frames,
        order.encodes * frames // order.most_frames,
        order.second_looks * frames // order.most_frames,
    )


def floor(pack: Pack, *, precision: str, lines: int) -> Floor:
    detector, encoder = pack.manifest.detector, pack.manifest.encoder
    assert detector is not None
    assert encoder is not None
    width = min(detector.long_side, lines * 16 // 9)
    working = (-(-width * 9 // 16 // detector.stride) * detector.stride, width)
    side = detector.second_look or detector.stride
    find, make = pack.files[detector.network], pack.files[encoder.network]
    wanted = (
        (find, (1, *working)),
        (find, (1, side, side)),
        (make, (BATCH, 128, 128)),
        (make, (1, 128, 128)),
    )
    ways = {
        name: Way(*(requests(*each, precision=precision, streams=streams) for each in wanted))
        for name, streams in (("one network at a time", 1), ("two networks at once", 2))
    }
    rng = np.random.default_rng(1)
    shown = rng.integers(0, 256, (1, *working, 3), np.uint8)
    square = rng.integers(0, 256, (1, side, side, 3), np.uint8)
    return Floor(ways, shown, square, rng.integers(0, 256, (256, 128, 128, 3), np.uint8))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--serve", type=Path, metavar="LIST.csv", help="for benchmarks.bench")
    options.add_argument("--precision", default="f32")
    options.add_argument("--lines", type=int, default=1080)
    chosen = options.parse_args()
    pack = find_pack(PackName("open"), search=folders())
    measured = floor(pack, precision=chosen.precision, lines=chosen.lines)
    version = f"OpenVINO {openvino.__version__.split('-')[0]}, {THREADS} threads"
    serve({"version": version}, measured.watch)


if __name__ == "__main__":
    main()
