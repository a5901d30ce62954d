"""What anybody would write first: encode every face of every frame, alert on every resemblance.

The same networks, the same working size and the same exact search as overt, a decoding thread
beside them, and none of the rest: no tracks, no gate, no fusing, no records. It is what overt's
sensitivity and speed are measured against.

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
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from benchmarks.judge import ClipAlert, ClipTruth, Verdict, judged, read_truth

from overt.errors import Refused
from overt.faces.faces import Faces
from overt.frames.picture import StillPicture
from overt.identifiers import PackName, SubjectId
from overt.matches.gallery import Gallery, gallery_of
from overt.matches.search import search
from overt.models.library import find_pack
from overt.templates.load import Networks, load_networks
from overt.templates.template import Template
from overt.units import UInt8

AHEAD: Final = 8
"""Frames that the decoder may be ahead."""


@dataclass(slots=True)
class Run:
    """What one clip gave."""

    alerts: list[ClipAlert] = field(default_factory=list)
    """Every person's first resemblance in each second: the loop has no passages."""
    frames: int = 0
    encoded: int = 0
    seconds: float = 0.0


def decoded(video: Path) -> Iterator[tuple[float, UInt8]]:
    """Decode in a thread of its own."""
    frames: queue.Queue[tuple[float, UInt8] | None] = queue.Queue(AHEAD)

    def decode() -> None:
        with av.open(str(video)) as container:
            for frame in container.decode(video=0):
                frames.put((float(frame.time or 0), np.asarray(frame.to_ndarray(format="bgr24"))))
        frames.put(None)

    threading.Thread(target=decode, daemon=True).start()
    while (one := frames.get()) is not None:
        yield one


def enrolled(list_csv: Path, networks: Networks) -> Gallery:
    """Make references of the face that each row names."""
    names, vectors = [], []
    with list_csv.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            image = cv2.imread(str(list_csv.parent / row["image"]))
            assert image is not None, row["image"]
            faces = networks.detector.find(StillPicture(np.asarray(image, np.uint8)))
            if not len(faces):
                continue
            x, y, width, height = (int(edge) for edge in row["face_box"].split())
            middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
            away = np.hypot(*(middles - (x + width / 2, y + height / 2)).T)
            vectors.append(_encoded(np.asarray(image, np.uint8), faces, networks)[away.argmin()])
            names.append(SubjectId(row["subject_id"]))
    return gallery_of(networks.model, names, np.stack(vectors))


def _encoded(image: UInt8, faces: Faces, networks: Networks) -> np.ndarray:
    encoder = networks.encoder
    chips = np.empty((len(faces), *encoder.chip_size, 3), np.uint8)
    vectors = np.empty((len(faces), encoder.dimension), np.float32)
    for chip, face in zip(chips, faces, strict=True):
        encoder.align(image, face.landmarks, chip)
    encoder.encode(chips, vectors)
    return vectors


def run(clip: ClipTruth, networks: Networks, gallery: Gallery, threshold: float) -> Run:
    result, told, before = Run(), dict[str, float](), time.perf_counter()
    for at, image in decoded(clip.video):
        result.frames += 1
        faces = networks.detector.find(StillPicture(image))
        if not len(faces):
            continue
        for vector in _encoded(image, faces, networks):
            result.encoded += 1
            match = search(Template(networks.model, vector), gallery)
            if match is None or match.similarity < threshold:
                continue
            if at - told.get(match.subject_id, -9.0) > 1.0:
                result.alerts.append(ClipAlert(at, match.subject_id))
                told[match.subject_id] = at
    result.seconds = time.perf_counter() - before
    return result


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("truth", type=Path)
    options.add_argument("--threshold", type=float, default=0.5)
    options.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    folders = os.environ.get("OVERT_MODELS", "../shared/models").split(os.pathsep)
    pack = find_pack(PackName("open"), search=[Path(folder) for folder in folders])
    cv2.setNumThreads(1)
    networks = load_networks(pack, precision="f32", threads=chosen.threads, working_size=None)
    clips = read_truth(chosen.truth)
    if not clips:
        raise Refused(f"{chosen.truth} names no clips")
    stills = load_networks(pack, precision="f32", threads=1, working_size=(256, 256))
    gallery = enrolled(clips[0].watchlist, stills)
    total, verdict = Run(), Verdict(0, 0, 0, 0, 0)
    for clip in clips:
        one = run(clip, networks, gallery, chosen.threshold)
        verdict += judged(clip, one.alerts)
        total.frames += one.frames
        total.encoded += one.encoded
        total.seconds += one.seconds
    print(
        json.dumps(
            {
                "listed": verdict.listed,
                "alerted": verdict.alerted,
                "wrong": verdict.wrong,
                "passages": verdict.passages,
                "frames": total.frames,
                "encoded": total.encoded,
                "fps": round(total.frames / total.seconds, 1),
                "engine": networks.engine,
            }
        )
    )


if __name__ == "__main__":
    main()
