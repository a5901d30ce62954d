"""Compose clips of people who walk up to a camera, with the truth about who they are and when.

Heads are cut from stills, so the people are real and the street is not: the clips measure one
program against another, not accuracy on a street. Everything follows from the seed.

    python -m benchmarks.compose OUT --seed 1 --listed 40 --unlisted 60

writes OUT/clip-1.mp4 ..., OUT/list.csv with OUT/list/*.jpg, and OUT/TRUTH.json (design §6).
"""

import argparse
import csv
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from overt.faces.faces import Faces
from overt.frames.picture import StillPicture
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.templates.load import load_networks
from overt.units import Float32, UInt8

COLUMNS: Final = (
    "subject_id", "image", "category", "reason", "image_source", "legal_basis",
    "image_date", "review_by", "response_plan", "face_box",
)  # fmt: skip
LANES: Final = (0.2, 0.5, 0.8)
"""Where people walk, in shares of the width; each lane has one person at a time."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """A still, and where its face is; there may be others in it."""

    subject_id: str
    image: Path
    eyes: Float32
    """(2, 2)."""
    box: tuple[int, int, int, int]
    """Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One person who walks up once."""

    portrait: Portrait
    subject_id: str | None
    start: float
    lane: float
    seed: int


@dataclass(frozen=True, slots=True)
class Street:
    """How a clip is made."""

    width: int = 1280
    height: int = 720
    rate: int = 25
    seconds_a_passage: float = 3.0
    eyes_from: float = 22.0
    eyes_to: float = 62.0
    """Pixels between the eyes at 720 lines; in proportion at others."""
    hardness: float = 1.0
    """Scales blur, noise, turning and the swings of light."""
    quality: int = 26
    """x264's constant rate factor."""
    passages_a_clip: int = 20


@dataclass(slots=True)
class Walker:
    """One passage, ready to be painted."""

    passage: Passage
    street: Street
    head: UInt8
    matte: Float32
    eyes: Float32
    traits: dict[str, float]

    def paint(self, canvas: UInt8, at: float) -> None:
        """Paint the person as they are at this time of the clip, softly at the edges."""
        since = at - self.passage.start
        if not 0 <= since < self.street.seconds_a_passage:
            return
        t, traits = since / self.street.seconds_a_passage, self.traits
        scale = self.street.height / 720
        distance = scale * (
            self.street.eyes_from
            + (self.street.eyes_to - self.street.eyes_from) * t ** traits["approach"]
        )
        x = self.street.width * self.passage.lane + scale * traits["drift"] * (t - 0.5)
        y = self.street.height * (0.30 + 0.14 * t) + 3 * scale * np.sin(2 * np.pi * 1.9 * since)
        roll = np.radians(traits["roll"] * np.sin(2 * np.pi * traits["sway"] * since))
        self.paint_body(canvas, x, y, distance)
        matrix = placed(self.eyes, (x, y), distance, roll, traits["narrow"])
        self.paint_head(canvas, matrix, distance, at)

    def paint_body(self, canvas: UInt8, x: float, y: float, distance: float) -> None:
        corners = np.array(
            [(-1.0, 2.0), (1.0, 2.0), (2.6, 3.2), (2.8, 14.0), (-2.8, 14.0), (-2.6, 3.2)]
        )
        points = (corners * distance + (x, y)).astype(np.int32)
        colour = [self.traits[c] for c in ("blue", "green", "red")]
        cv2.fillPoly(canvas, [points], colour)

    def paint_head(self, canvas: UInt8, matrix: Float32, distance: float, at: float) -> None:
        size = (canvas.shape[1], canvas.shape[0])
        reach = 2.6 * distance
        centre = matrix @ np.array([*self.eyes.mean(axis=0), 1.0])
        left, top = np.maximum(np.floor(centre - reach), 0).astype(int)
        right, bottom = np.minimum(np.ceil(centre + reach), size).astype(int)
        if right <= left or bottom <= top:
            return
        local = matrix - np.array([[0, 0, left], [0, 0, top]])
        inside = (int(right - left), int(bottom - top))
        head = cv2.warpAffine(
            self.head, local, inside, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        matte = cv2.warpAffine(self.matte, local, inside, flags=cv2.INTER_LINEAR)[..., None]
        blur = self.traits["blur"] * distance / 44
        soft = np.asarray(head, np.float32)
        if blur > 0.3:
            soft = np.asarray(cv2.GaussianBlur(soft, (0, 0), blur), np.float32)
        swing = self.traits["swing"] * np.sin(2 * np.pi * self.traits["flicker"] * at)
        soft = np.clip(soft * self.traits["light"] * (1 + swing), 0, 255)
        part = canvas[top:bottom, left:right]
        part[:] = np.rint(part + matte * (soft - part))


def placed(
    eyes: Float32, to: tuple[float, float], distance: float, roll: float, narrow: float
) -> Float32:
    """Build the (2, 3) matrix that puts the eyes there, turned and narrowed like a turned head."""
    across = eyes[1] - eyes[0]
    factor = distance / float(np.hypot(*across))
    turn = roll - float(np.arctan2(across[1], across[0]))
    cos, sin = factor * np.cos(turn), factor * np.sin(turn)
    matrix = np.array([[narrow, 0], [0, 1]]) @ np.array([[cos, -sin], [sin, cos]])
    shift = np.array(to) - matrix @ eyes.mean(axis=0)
    return np.asarray(np.column_stack([matrix, shift]), np.float32)


def walker(passage: Passage, street: Street) -> Walker:
    rng, hard = np.random.default_rng(passage.seed), street.hardness
    image = cv2.imread(str(passage.portrait.image))
    assert image is not None
    eyes = passage.portrait.eyes
    distance = float(np.hypot(*(eyes[1] - eyes[0])))
    middle = eyes.mean(axis=0) + np.array([0.0, 0.35 * distance])
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    away = np.hypot(
        (columns - middle[0]) / (1.25 * distance), (rows - middle[1]) / (1.75 * distance)
    )
    traits = {
        "approach": rng.uniform(0.9, 1.5),
        "drift": rng.uniform(-90, 90),
        "roll": hard * rng.uniform(1, 9),
        "sway": rng.uniform(0.3, 0.9),
        "narrow": 1 - hard * rng.uniform(0, 0.12),
        "blur": hard * rng.uniform(0.3, 2.6),
        "light": float(np.exp(hard * rng.uniform(-0.9, 0.25))),
        "swing": hard * rng.uniform(0, 0.25),
        "flicker": rng.uniform(0.2, 0.6),
        **{colour: rng.uniform(20, 160) for colour in ("blue", "green", "red")},
    }
    matte = np.clip((1 - away) / 0.15, 0, 1).astype(np.float32)
    return Walker(passage, street, np.asarray(image, np.uint8), matte, eyes, traits)


def backdrop(street: Street, seed: int) -> UInt8:
    """Paint a street of plain walls, windows and pavement."""
    rng, (width, height) = np.random.default_rng(seed), (street.width, street.height)
    canvas = np.empty((height, width, 3), np.float32)
    canvas[:] = np.linspace(150, 90, height)[:, None, None]
    for _ in range(14):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height // 2))
        far = (int(x + rng.integers(60, 300)), int(y + rng.integers(40, 260)))
        cv2.rectangle(canvas, (x, y), far, rng.uniform(40, 200, 3).tolist(), -1)
    for _ in range(60):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height * 2 // 3))
        cv2.rectangle(canvas, (x, y), (x + 14, y + 22), rng.uniform(20, 220, 3).tolist(), -1)
    return np.clip(canvas + rng.normal(0, 9, (height, width, 1)), 0, 255).astype(np.uint8)


def pictures(passages: Sequence[Passage], street: Street, seed: int) -> Iterator[UInt8]:
    """Paint frame after frame, from the first to half a second after the last passage."""
    rng = np.random.default_rng(seed)
    walkers = [walker(passage, street) for passage in passages]
    scene = backdrop(street, seed)
    grain = street.hardness * rng.uniform(2.0, 9.0)
    # A few fields of noise in turn: nobody sees that they come back.
    size = (street.height, street.width, 1)
    noise = [np.repeat(rng.normal(0, grain, size), 3, axis=2).astype(np.int16) for _ in range(7)]
    ends = max(passage.start for passage in passages) + street.seconds_a_passage + 0.5
    for number in range(int(ends * street.rate)):
        canvas = scene.copy()
        # Who is nearer is painted later.
        for one in sorted(walkers, key=lambda w: -w.passage.start):
            one.paint(canvas, number / street.rate)
        yield np.asarray(cv2.add(canvas, noise[number % 7], dtype=cv2.CV_8U), np.uint8)


def write_clip(path: Path, frames: Iterator[UInt8], street: Street) -> None:
    """A clip that lies under its name is whole."""
    part = path.with_name(f".part-{path.name}")
    with av.open(str(part), "w") as container:
        stream: Any = container.add_stream(
            "libx264", rate=street.rate, options={"crf": str(street.quality), "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = street.width, street.height, "yuv420p"
        stream.time_base = Fraction(1, street.rate)
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    part.replace(path)


def scheduled(
    people: Sequence[tuple[Portrait, str | None]], street: Street, seed: int
) -> list[Passage]:
    """Let people walk up in three lanes, one to three at a time."""
    rng = np.random.default_rng(seed)
    free = [float(rng.uniform(0.2, 3.0)) for _ in LANES]
    passages = []
    for portrait, subject_id in people:
        lane = int(np.argmin(free))
        passages.append(
            Passage(portrait, subject_id, free[lane], LANES[lane], int(rng.integers(2**31)))
        )
        free[lane] += street.seconds_a_passage + float(rng.uniform(1.2, 3.0))
    return passages


def compose(
    out: Path,
    people: Sequence[tuple[Portrait, str | None]],
    watchlist: Sequence[Portrait],
    *,
    street: Street,
    seed: int,
) -> Path:
    """Write clips, list and truth; people are (portrait shown, subject id if listed)."""
    out.mkdir(parents=True, exist_ok=True)
    write_list(out, watchlist)
    clips = list(clips_of(people, street, seed))
    for clip in clips:
        clip.write(out)
    return write_truth(out, clips)


@dataclass(frozen=True, slots=True)
class ComposedClip:
    """Some people who walk up in one clip; it always comes out the same."""

    name: str
    passages: Sequence[Passage]
    street: Street
    seed: int

    def write(self, out: Path) -> None:
        write_clip(out / self.name, pictures(self.passages, self.street, self.seed), self.street)


def clips_of(
    people: Sequence[tuple[Portrait, str | None]], street: Street, seed: int
) -> Iterator[ComposedClip]:
    some = street.passages_a_clip
    for number, first in enumerate(range(0, len(people), some), 1):
        own = seed * 1000 + number
        passages = scheduled(people[first : first + some], street, own)
        yield ComposedClip(f"clip-{number}.mp4", passages, street, own)


def write_truth(out: Path, clips: Sequence[ComposedClip]) -> Path:
    told = [
        {
            "video": clip.name,
            "watchlist": "list.csv",
            "passages": _truth(clip.passages, clip.street),
        }
        for clip in clips
    ]
    truth = out / "TRUTH.json"
    truth.write_text(json.dumps({"clips": told}, indent=1))
    return truth


def _truth(passages: Sequence[Passage], street: Street) -> list[dict[str, object]]:
    return [
        {
            "subject_id": passage.subject_id,
            "from": round(passage.start, 3),
            "to": round(passage.start + street.seconds_a_passage, 3),
            "camera": "north",
        }
        for passage in sorted(passages, key=lambda p: p.start)
    ]


def write_list(out: Path, watchlist: Sequence[Portrait]) -> None:
    (out / "list").mkdir(exist_ok=True)
    with (out / "list.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for number, portrait in enumerate(watchlist, 1):
            image = f"list/{number:04}{portrait.image.suffix}"
            shutil.copyfile(portrait.image, out / image)
            rows.writerow([
                portrait.subject_id, image, "consented", "composed clip", "test data",
                "research", "2026-01-01", "2030-01-01", "none: a measurement",
                " ".join(str(edge) for edge in portrait.box),
            ])  # fmt: skip


def folders() -> list[Path]:
    """Where the packs are (OVERT_MODELS)."""
    listed = os.environ.get("OVERT_MODELS", "../shared/models").split(os.pathsep)
    return [Path(folder) for folder in listed if folder]


def portraits(paths: Sequence[tuple[str, Path]]) -> list[Portrait]:
    """Find the eyes of the most central face of each still; those without one are left out."""
    pack = find_pack(PackName("open"), search=folders())
    networks = load_networks(pack, precision="f32", threads=1, working_size=(256, 256))
    found = []
    for subject_id, path in paths:
        image = cv2.imread(str(path))
        assert image is not None, path
        faces = networks.detector.find(StillPicture(np.asarray(image, np.uint8)))
        if len(faces):
            centre = np.array([image.shape[1], image.shape[0]]) / 2
            middles = (faces.boxes[:, :2] + faces.boxes[:, 2:]) / 2
            best = int(np.argmin(np.hypot(*(middles - centre).T)))
            found.append(_portrait(subject_id, path, faces, best))
    return found


def _portrait(subject_id: str, path: Path, faces: Faces, row: int) -> Portrait:
    left, top, right, bottom = (round(float(edge)) for edge in faces.boxes[row])
    # A box that reaches over the edge of its picture is cut there.
    left, top = max(left, 0), max(top, 0)
    return Portrait(
        subject_id, path, faces.landmarks[row, :2].copy(), (left, top, right - left, bottom - top)
    )


def cast(
    data: Path, *, listed: int, unlisted: int, list_size: int, seed: int
) -> tuple[list[tuple[Portrait, str | None]], list[Portrait]]:
    """Choose who is on the list and who walks past, of the labelled stills.

    The list is of people of whom there are other pictures, and beyond them of people who never
    walk past.
    """
    with (data / "index.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ranked = {"enrol": 0, "distractor": 1}
    enrolled = sorted(
        (r for r in rows if r["role"] in ranked),
        key=lambda r: (ranked[r["role"]], int(r["order"] or 0), r["subject_id"]),
    )[:list_size]
    on_list = {row["subject_id"] for row in enrolled}
    rng = np.random.default_rng(seed)
    mates = [r for r in rows if r["role"] == "mated_probe" and r["subject_id"] in on_list]
    others = [r for r in rows if r["role"] == "nonmated_probe"]
    chosen = [
        *(mates[k] for k in rng.permutation(len(mates))[:listed]),
        *(others[k] for k in rng.permutation(len(others))[:unlisted]),
    ]
    shown = portraits([(r["subject_id"], data / r["path"]) for r in chosen])
    people = [(p, p.subject_id if p.subject_id in on_list else None) for p in shown]
    watchlist = portraits([(r["subject_id"], data / r["path"]) for r in enrolled])
    return [people[k] for k in rng.permutation(len(people))], watchlist


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("out", type=Path)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--listed", type=int, default=40)
    options.add_argument("--unlisted", type=int, default=60)
    options.add_argument("--list-size", type=int, default=100)
    options.add_argument("--hardness", type=float, default=1.0)
    options.add_argument("--lines", type=int, choices=[720, 1080], default=720)
    chosen = options.parse_args()
    data = Path(os.environ.get("OVERT_TEST_DATA", "../shared/data"))
    street = Street(hardness=chosen.hardness)
    if chosen.lines == 1080:
        street = replace(street, width=1920, height=1080)
    people, watchlist = cast(
        data, listed=chosen.listed, unlisted=chosen.unlisted,
        list_size=chosen.list_size, seed=chosen.seed,
    )  # fmt: skip
    print(compose(chosen.out, people, watchlist, street=street, seed=chosen.seed))


if __name__ == "__main__":
    main()
