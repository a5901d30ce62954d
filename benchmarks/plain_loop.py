"""What a good engineer would write: every face of every frame, encoded and compared.

The same networks at the same working size as overt, asynchronous in two streams, and none of the
rest: no tracks, no gate, no fusing, no records. It is what overt's sensitivity and speed are
measured against. It shares no code with overt's flow, only the list's references.

    python -m benchmarks.plain_loop TRUTH.json --threshold 0.5
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its spinning threads starve OpenVINO

import argparse
import csv
import json
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import openvino
from benchmarks.compose import folders
from benchmarks.judge import ClipAlert, Verdict, judged, read_truth
from benchmarks.playback import Playback
from benchmarks.program import Order, Told, Watched, serve
from openvino.preprocess import PrePostProcessor

from overt.frames.picture import StillPicture
from overt.identifiers import PackName
from overt.models.library import Pack, find_pack
from overt.models.manifest import DetectorFacts
from overt.templates.load import Networks, load_networks
from overt.units import Float32, UInt8

THREADS: Final = 2
"""As overt takes; in two streams of one, so that two networks run at once."""
UNDER_WAY: Final = 2
"""Frames in which faces are being looked for; as many again of which faces are being encoded."""
TRIED: Final = 40
"""Frames with which OpenCV is tried with one thread and with two."""


@dataclass(slots=True)
class Look:
    """A frame on its way through the networks."""

    at: float
    image: UInt8
    found: threading.Event = field(default_factory=threading.Event)
    heads: dict[str, Float32] = field(default_factory=dict)
    vectors: Float32 | None = None
    to_come: int = 0


@dataclass(slots=True)
class Loop:
    pack: Pack
    names: list[str]
    references: Float32
    detector: Any
    """Queues of asynchronous requests."""
    encoder: Any
    working: tuple[int, int]
    """(height, width)."""
    cv_threads: int = 0
    """0 until both were tried."""
    encoded: "queue.SimpleQueue[tuple[Look, int, Float32]]" = field(
        default_factory=queue.SimpleQueue
    )

    def watch(self, order: Order) -> Watched:
        if not self.cv_threads:
            speed = {n: self._run(order, cv_threads=n, most=TRIED) for n in (1, 2)}
            self.cv_threads = min(speed, key=lambda n: speed[n].seconds)
        result = self._run(order, cv_threads=self.cv_threads, most=order.most_frames)
        result.note = f"OpenCV with {self.cv_threads} thread(s)"
        return result

    def _run(self, order: Order, *, cv_threads: int, most: int) -> Watched:
        cv2.setNumThreads(cv_threads)
        play = Playback(Path(order.video), live=order.live, most_frames=most)
        result, detecting, encoding = Watched(), deque[Look](), deque[Look]()
        before = time.process_time()

        def go_on(waiting: int) -> None:
            while len(detecting) > waiting:
                encoding.append(self._encode(detecting.popleft()))
            while len(encoding) > waiting:
                self._compare(encoding.popleft(), order, play, result)

        for at, image in play:
            detecting.append(self._detect(at, image))
            go_on(0 if order.live else UNDER_WAY)  # live, a frame in hand is better than two ahead
        go_on(0)
        result.seconds = time.monotonic() - play.began
        result.cpu_seconds = time.process_time() - before  # without the trials before
        result.dropped = play.dropped
        return result

    def _detect(self, at: float, image: UInt8) -> Look:
        look, (height, width) = Look(at, image), self.working
        shown = np.zeros((1, height, width, 3), np.uint8)
        scale = width / image.shape[1]
        inner = cv2.resize(
            image, (width, round(image.shape[0] * scale)), interpolation=cv2.INTER_AREA
        )
        shown[0, : inner.shape[0]] = inner
        self.detector.start_async({0: shown}, look)
        return look

    def _encode(self, look: Look) -> Look:
        look.found.wait()
        points = faces_of(look.heads, self.working[1], self.facts) * (
            look.image.shape[1] / self.working[1]
        )
        look.to_come, look.vectors = len(points), np.empty((len(points), 256), np.float32)
        for row, five in enumerate(points):
            chip = cv2.warpAffine(
                look.image, similarity(five, self.targets), (128, 128), flags=cv2.INTER_LINEAR
            )
            self.encoder.start_async({0: chip[None]}, (look, row))
        return look

    def _compare(self, look: Look, order: Order, play: Playback, result: Watched) -> None:
        while look.to_come:
            other, row, vector = self.encoded.get()
            assert other.vectors is not None
            other.vectors[row] = vector / np.linalg.norm(vector)
            other.to_come -= 1
        result.frames += 1
        result.detections += 1
        if look.vectors is None or not len(look.vectors):
            return
        result.encodes += len(look.vectors)
        likeness = look.vectors @ self.references.T
        for best, score in zip(likeness.argmax(axis=1), likeness.max(axis=1), strict=True):
            if score >= order.threshold:
                after = time.monotonic() - play.began
                result.told.append(Told(look.at, self.names[best], after))

    @property
    def facts(self) -> DetectorFacts:
        assert self.pack.manifest.detector is not None
        return self.pack.manifest.detector

    @property
    def targets(self) -> Float32:
        assert self.pack.manifest.encoder is not None
        return np.array(self.pack.manifest.encoder.alignment, np.float32) * 128


def faces_of(heads: dict[str, Float32], width: int, facts: DetectorFacts) -> Float32:
    """Read YuNet's three grids; (n, 5, 2) points of what is left after suppression."""
    boxes, points, scores = [], [], []
    for stride in (8, 16, 32):
        score = np.sqrt(np.clip(heads[f"cls_{stride}"] * heads[f"obj_{stride}"], 0, 1)).reshape(-1)
        cells = np.flatnonzero(score >= facts.score_floor)
        origin = np.stack([cells % (width // stride), cells // (width // stride)], 1)
        box = heads[f"bbox_{stride}"].reshape(-1, 4)[cells]
        size = np.exp(box[:, 2:]) * stride
        boxes.append(np.concatenate([(origin + box[:, :2]) * stride - size / 2, size], 1))
        five = heads[f"kps_{stride}"].reshape(-1, 5, 2)[cells]
        points.append((origin[:, None] + five) * stride)
        scores.append(score[cells])
    every = np.concatenate(scores)
    kept = cv2.dnn.NMSBoxes(
        np.concatenate(boxes).tolist(), every.tolist(), facts.score_floor, facts.overlap
    )
    return np.asarray(np.concatenate(points)[np.asarray(kept, np.intp).reshape(-1)], np.float32)


def similarity(points: Float32, targets: Float32) -> Float32:
    """Return the least-squares turn, scale and shift that take points to targets."""
    middle, there = points.mean(axis=0), targets.mean(axis=0)
    source, target = points - middle, targets - there
    spread = (source**2).sum()
    a = (source * target).sum() / spread
    b = (source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum() / spread
    turn = np.array([[a, -b], [b, a]])
    return np.asarray(np.column_stack([turn, there - turn @ middle]), np.float32)


def requests(
    network: Path, shape: tuple[int, int, int], *, precision: str, streams: int = THREADS
) -> Any:
    """Compile a network for (pictures, height, width), with a queue of requests."""
    core = openvino.Core()
    model = core.read_model(network)
    model.reshape([shape[0], 3, *shape[1:]])
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    options = {
        "PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": THREADS, "INFERENCE_PRECISION_HINT": precision,
    }  # fmt: skip
    return openvino.AsyncInferQueue(core.compile_model(steps.build(), "CPU", options), streams)


def plain_loop(pack: Pack, watchlist: Path, *, precision: str, lines: int) -> Loop:
    names, references = enrolled(watchlist, pack, precision)
    detector, encoder = pack.manifest.detector, pack.manifest.encoder
    assert detector is not None
    assert encoder is not None
    width = min(detector.long_side, lines * 16 // 9)
    height = -(-width * 9 // 16 // detector.stride) * detector.stride
    loop = Loop(pack, names, references, None, None, (height, width))

    def found(request: Any, look: Look) -> None:
        look.heads = {
            name: request.get_output_tensor(place).data.copy()
            for place, output in enumerate(request.model_outputs)
            for name in output.names
        }
        look.found.set()

    def made(request: Any, whose: tuple[Look, int]) -> None:
        loop.encoded.put((*whose, request.get_output_tensor(0).data.reshape(-1).copy()))

    find, make = pack.files[detector.network], pack.files[encoder.network]
    loop.detector = requests(find, (1, height, width), precision=precision)
    loop.encoder = requests(make, (1, 128, 128), precision=precision)
    loop.detector.set_callback(found)
    loop.encoder.set_callback(made)
    return loop


def enrolled(list_csv: Path, pack: Pack, precision: str) -> tuple[list[str], Float32]:
    """Make references of the face that each row names, as overt does."""
    networks = load_networks(pack, precision=precision, threads=1, working_size=(256, 256))
    names, vectors = [], []
    with list_csv.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            x, y, width, height = (int(edge) for edge in row["face_box"].split())
            vector = _reference(
                list_csv.parent / row["image"], x + width / 2, y + height / 2, networks
            )
            if vector is not None:
                names.append(row["subject_id"])
                vectors.append(vector)
    return names, np.stack(vectors)


def _reference(path: Path, x: float, y: float, networks: Networks) -> Float32 | None:
    image = np.asarray(cv2.imread(str(path)), np.uint8)
    faces, encoder = networks.detector.find(StillPicture(image)), networks.encoder
    if not len(faces):
        return None
    middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
    nearest = int(np.hypot(*(middles - (x, y)).T).argmin())
    chip = np.empty((1, *encoder.chip_size, 3), np.uint8)
    vector: Float32 = np.empty((1, encoder.dimension), np.float32)
    encoder.align(image, faces.landmarks[nearest], chip[0])
    encoder.encode(chip, vector)
    return np.asarray(vector[0], np.float32)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("truth", type=Path, nargs="?")
    options.add_argument("--serve", type=Path, metavar="LIST.csv", help="for benchmarks.bench")
    options.add_argument("--threshold", type=float, default=0.5)
    options.add_argument("--precision", default="f32")
    options.add_argument("--lines", type=int, default=1080)
    chosen = options.parse_args()
    pack = find_pack(PackName("open"), search=folders())
    if chosen.serve is not None:
        loop = plain_loop(pack, chosen.serve, precision=chosen.precision, lines=chosen.lines)
        serve({"version": f"OpenVINO {openvino.__version__}"}, loop.watch)
        return
    clips = read_truth(chosen.truth)
    loop = plain_loop(pack, clips[0].watchlist, precision=chosen.precision, lines=chosen.lines)
    verdict, frames, seconds = Verdict(0, 0, 0, 0, 0), 0, 0.0
    for clip in clips:
        order = Order(
            str(clip.video), str(clip.watchlist), chosen.threshold, 10**9, 1e9, live=False
        )
        one = loop.watch(order)
        verdict += judged(clip, [ClipAlert(told.at, told.subject_id) for told in one.told])
        frames, seconds = frames + one.frames, seconds + one.seconds
    print(
        json.dumps(
            {
                "listed": verdict.listed,
                "alerted": verdict.alerted,
                "wrong": verdict.wrong,
                "passages": verdict.passages,
                "frames": frames,
                "fps": round(frames / seconds, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
