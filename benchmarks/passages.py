"""Every look of many composed passages, with its template: what rules about shots are tried on.

Each passage is one person who walks up alone (`benchmarks.compose`), through x264 and back, in
one of several kinds: far or near, slow or quick, clear or blurred and dark. Every frame's face is
judged and encoded, whatever the program would have done, so that any rule can be replayed on the
same looks. Templates of test data lie under build/ and nowhere else.

    python -m benchmarks.passages build/passages --pack open --listed 700 --unlisted 300
"""

import argparse
import csv
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np
from benchmarks.compose import Passage, Portrait, Street, pictures, portraits

from overt.faces.faces import Faces
from overt.faces.quality import LIVE, assess, face_region
from overt.frames.picture import StillPicture
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.templates.load import Networks, load_networks
from overt.units import Float32, UInt8

SIZE: Final = (256, 384)
"""Width and height: the part of a 720-line picture around one head."""
WORKING: Final = (192, 128)
"""Half of it, as 1280x720 is looked at as 640x360."""


def _kind(seconds: float, eyes_from: float, eyes_to: float, hardness: float) -> Street:
    """Sizes in pixels of the picture."""
    lines = 720 / SIZE[1]
    return Street(
        width=SIZE[0],
        height=SIZE[1],
        seconds_a_passage=seconds,
        eyes_from=eyes_from * lines,
        eyes_to=eyes_to * lines,
        hardness=hardness,
    )


KINDS: Final = (
    _kind(3.0, 22, 62, 0.8),
    _kind(3.0, 22, 62, 1.2),
    _kind(2.0, 18, 40, 0.9),
    _kind(2.0, 24, 48, 1.1),
)
MIN_EYE_DISTANCE: Final = 14.0
MIRRORED_EVERY: Final = 4
"""Of so many looks one is encoded mirrored too."""


@dataclass(frozen=True, slots=True, eq=False)
class Passing:
    """One passage: row i of every array is one good look, in order of time."""

    subject_id: str
    kind: int
    at: Float32
    """Seconds of the clip; the rate is 25 frames a second."""
    worth: Float32
    eye_distance: Float32
    vectors: Float32
    mirrored: Float32
    """Of every fourth look."""


def folders() -> list[Path]:
    listed = os.environ.get("OVERT_MODELS", "../shared/models").split(os.pathsep)
    return [Path(folder) for folder in listed]


def test_data() -> Path:
    return Path(os.environ.get("OVERT_TEST_DATA", "../shared/data"))


def index() -> list[dict[str, str]]:
    with (test_data() / "index.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def encoded(image: UInt8, landmarks: Sequence[Float32], networks: Networks) -> Float32:
    """Unit templates of the faces with these (5, 2) landmarks, and (n more) of their mirrors."""
    encoder = networks.encoder
    chips = np.empty((2 * len(landmarks), *encoder.chip_size, 3), np.uint8)
    for number, points in enumerate(landmarks):
        encoder.align(image, points, chips[number])
        chips[len(landmarks) + number] = chips[number, :, ::-1]
    vectors = np.empty((len(chips), encoder.dimension), np.float32)
    encoder.encode(chips, vectors)
    return vectors


def through_a_camera(frames: Iterator[UInt8], street: Street) -> Iterator[tuple[float, UInt8]]:
    """Encode the frames as a camera does, and decode them again."""
    film = io.BytesIO()
    with av.open(film, "w", format="matroska") as container:
        options = {"crf": str(street.quality), "preset": "veryfast"}
        stream: Any = container.add_stream("libx264", rate=street.rate, options=options)
        stream.width, stream.height, stream.pix_fmt = street.width, street.height, "yuv420p"
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    film.seek(0)
    with av.open(film, "r") as recorded:
        for frame in recorded.decode(video=0):
            yield float(frame.time or 0), np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def passing(portrait: Portrait, kind: int, seed: int, networks: Networks) -> Passing | None:
    """None if no look of the passage is good enough."""
    street = KINDS[kind]
    rules = replace(LIVE, min_eye_distance_px=MIN_EYE_DISTANCE)
    walk = Passage(portrait, None, 0.1, 0.5, seed)
    times: list[float] = []
    worths: list[float] = []
    sizes: list[float] = []
    vectors: list[Float32] = []
    mirrored: list[Float32] = []
    for at, image in through_a_camera(pictures([walk], street, seed), street):
        picture = StillPicture(image)
        faces = networks.detector.find(picture)
        if not len(faces):
            continue
        face = list(faces)[_largest(faces)]
        quality = assess(face, face_region(image, face.box), rules)
        if not quality.good_enough:
            continue
        closer = networks.look_closer(picture, face)
        if len(times) % MIRRORED_EVERY == 0:
            both = encoded(image, [closer.landmarks], networks)
            vectors.append(both[0])
            mirrored.append(both[1])
        else:
            vectors.append(_alone(image, closer.landmarks, networks))
        times.append(at)
        worths.append(quality.score)
        sizes.append(quality.eye_distance)
    if not times:
        return None
    return Passing(
        portrait.subject_id,
        kind,
        at=np.array(times, np.float32),
        worth=np.array(worths, np.float32),
        eye_distance=np.array(sizes, np.float32),
        vectors=np.stack(vectors),
        mirrored=np.stack(mirrored),
    )


def _largest(faces: Faces) -> int:
    return int(np.argmax(faces.boxes[:, 2] - faces.boxes[:, 0]))


def _alone(image: UInt8, landmarks: Float32, networks: Networks) -> Float32:
    encoder = networks.encoder
    chip = np.empty((1, *encoder.chip_size, 3), np.uint8)
    vector = np.empty((1, encoder.dimension), np.float32)
    encoder.align(image, landmarks, chip[0])
    encoder.encode(chip, vector)
    return np.asarray(vector[0], np.float32)


@dataclass(frozen=True, slots=True)
class Bite:
    """The part of the work that one process does: it can be stopped and taken up at any time."""

    share: int
    of: int
    most: int


def make(out: Path, role: str, count: int, networks: Networks, bite: Bite) -> int:
    """Write passages of this role's stills, one file each; what is there already stays.

    Tells how many were missing, of which the bite's most are made.
    """
    out.mkdir(parents=True, exist_ok=True)
    stills = [row for row in index() if row["role"] == role]
    order = np.random.default_rng(len(stills)).permutation(len(stills))[:count]
    paths = {number: out / f"{role}-{number:04}.npz" for number in range(len(order))}
    missing = [n for n, path in paths.items() if n % bite.of == bite.share and not path.exists()]
    missing = missing[: bite.most]
    rows = [stills[order[number]] for number in missing]
    found = portraits([(row["subject_id"], test_data() / row["path"]) for row in rows])
    by_image = {portrait.image: portrait for portrait in found}
    for number, row in zip(missing, rows, strict=True):
        portrait = by_image.get(test_data() / row["path"])
        if portrait is None:
            continue
        one = passing(portrait, number % len(KINDS), 7000 + number, networks)
        if one is not None:
            columns = {name: getattr(one, name) for name in Passing.__dataclass_fields__}
            np.savez(paths[number], **columns)
    return len(missing)


def read(folder: Path, role: str) -> list[Passing]:
    return [_one(path) for path in sorted(folder.glob(f"{role}-*.npz"))]


def _one(path: Path) -> Passing:
    with np.load(path) as stored:
        columns = {name: stored[name] for name in Passing.__dataclass_fields__}
    columns |= {"subject_id": str(columns["subject_id"]), "kind": int(columns["kind"])}
    return Passing(**columns)


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--pack", default="open")
    options.add_argument("--precision", default="f32")
    options.add_argument("--listed", type=int, default=700)
    options.add_argument("--unlisted", type=int, default=300)
    options.add_argument("--share", type=int, nargs=2, default=(0, 1), help="this one, of so many")
    options.add_argument("--most", type=int, default=10_000, help="in this run")
    chosen = options.parse_args(arguments)
    cv2.setNumThreads(1)
    pack = find_pack(PackName(chosen.pack), search=folders())
    networks = load_networks(pack, precision=chosen.precision, threads=1, working_size=WORKING)
    share, of = chosen.share
    left = chosen.most
    for role, count in (("mated_probe", chosen.listed), ("nonmated_probe", chosen.unlisted)):
        left -= make(chosen.out, role, count, networks, Bite(share, of, left))


if __name__ == "__main__":
    main()
