"""The clips that every program is given, made once from the labelled stills and kept by content.

A clip's folder is named by the hash of all that it is made from: the scene, the stills' index and
the version of the painting. A clip that is there is not made again.

    python -m benchmarks.clips [--seconds 10]       makes those of `make bench`, and says where
"""

import argparse
import csv
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import av
from benchmarks.compose import Portrait, portraits, write_list
from benchmarks.judge import ClipTruth, read_truth
from benchmarks.scene import Crossing, Scene, crossings, pictures

from overt.units import UInt8

PAINTED: Final = 2
"""Raise it whenever the same scene would be painted differently."""
LIST_SIZE: Final = 100
CLIPS: Final = Path("build/clips")
BITS_A_SECOND: Final = {720: 4_000_000, 1080: 6_000_000}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may be seen; portraits are looked for only when a clip has to be made."""

    data: Path
    digest: str
    """Of the stills' index."""

    def listed(self) -> tuple[Portrait, ...]:
        """Another picture of people on the list."""
        on_list = {row["subject_id"] for row in enrolled(self.data)}
        rows = [r for r in _index(self.data) if r["role"] == "mated_probe"]
        return _portraits(self.data, *(r["path"] for r in rows if r["subject_id"] in on_list))

    def others(self) -> tuple[Portrait, ...]:
        rows = [row for row in _index(self.data) if row["role"] == "nonmated_probe"]
        return _portraits(self.data, *(row["path"] for row in rows))

    def watchlist(self) -> tuple[Portrait, ...]:
        return _portraits(self.data, *(row["path"] for row in enrolled(self.data)))


def enrolled(data: Path) -> list[dict[str, str]]:
    rows = [row for row in _index(data) if row["role"] == "enrol"]
    return sorted(rows, key=lambda row: int(row["order"]))[:LIST_SIZE]


@cache
def _index(data: Path) -> tuple[dict[str, str], ...]:
    with (data / "index.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def _portraits(data: Path, *paths: str) -> tuple[Portrait, ...]:
    names = {row["path"]: row["subject_id"] for row in _index(data)}
    return tuple(portraits([(names[path], data / path) for path in paths]))


def read_cast(data: Path | None = None) -> Cast:
    data = data or Path(os.environ.get("OVERT_TEST_DATA", "../shared/data"))
    return Cast(data, hashlib.sha256((data / "index.csv").read_bytes()).hexdigest())


def bench_scene(lines: int, faces: int, seconds: float) -> Scene:
    """Passages of three seconds; a person more in view is a person more that passes."""
    return Scene(
        lines=lines, faces=faces, seconds=seconds, seconds_a_passage=3.0,
        listed_each=4 if faces > 5 else 2, seed=1000 * faces + lines,
        eyes=(26.0, 40.0) if lines >= 1080 else (30.0, 46.0),
    )  # fmt: skip


def clip_of(scene: Scene, cast: Cast, folder: Path = CLIPS) -> ClipTruth:
    """Find the clip of this scene, or make it."""
    watchlist = list_of(cast, folder)
    what = {"painted": PAINTED, "cast": cast.digest, "list": LIST_SIZE, **asdict(scene)}
    name = f"{scene.lines}p-{scene.faces}-{_hash(what)}"
    if not (folder / name / "TRUTH.json").is_file():
        unfinished = _empty(folder / f"{name}.unfinished")
        people = crossings(scene, cast.listed(), cast.others()) if scene.faces else []
        _write(unfinished / "clip.mp4", scene, people)
        truth = {
            "video": "clip.mp4",
            "watchlist": os.path.relpath(watchlist, unfinished),
            "passages": [_passage(one, scene) for one in sorted(people, key=lambda p: p.start)],
        }
        (unfinished / "TRUTH.json").write_text(json.dumps({"clips": [truth]}, indent=1))
        unfinished.rename(folder / name)
    (clip,) = read_truth(folder / name / "TRUTH.json")
    return clip


def list_of(cast: Cast, folder: Path = CLIPS) -> Path:
    """Return the list's CSV, with a copy of each picture beside it."""
    name = f"list-{_hash({'painted': PAINTED, 'cast': cast.digest, 'list': LIST_SIZE})}"
    if not (folder / name).is_dir():
        unfinished = _empty(folder / f"{name}.unfinished")
        write_list(unfinished, cast.watchlist())
        unfinished.rename(folder / name)
    return folder / name / "list.csv"


def _hash(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _passage(one: Crossing, scene: Scene) -> dict[str, object]:
    return {
        "subject_id": one.subject_id,
        "from": round(max(one.start, 0.0), 3),
        "to": round(min(one.end, scene.seconds), 3),
        "camera": "north",
    }


def _write(path: Path, scene: Scene, people: Sequence[Crossing]) -> None:
    """H.264 main as cameras send it: no B-frames, a key frame each second, a bounded rate.

    One thread: with two and a bounded rate, x264 does not make the same bytes twice.
    """
    bits = BITS_A_SECOND[scene.lines]
    options = {
        "preset": "veryfast", "profile": "main", "bf": "0", "g": str(scene.rate), "threads": "1",
        "b": str(bits), "maxrate": str(bits), "bufsize": str(bits),
    }  # fmt: skip
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=scene.rate, options=options)
        stream.width, stream.height, stream.pix_fmt = scene.width, scene.lines, "yuv420p"
        stream.time_base = Fraction(1, scene.rate)
        for picture in pictures(scene, people):
            container.mux(stream.encode(_frame(picture)))
        container.mux(stream.encode(None))


def _frame(picture: UInt8) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(picture, format="bgr24")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--lines", type=int, nargs="*", default=[720, 1080])
    options.add_argument("--faces", type=int, nargs="*", default=[0, 1, 5, 20])
    chosen = options.parse_args()
    cast = read_cast()
    for lines in chosen.lines:
        for faces in chosen.faces:
            print(clip_of(bench_scene(lines, faces, chosen.seconds), cast).video)


if __name__ == "__main__":
    main()
