"""Composed passages watched by the live rule, for a calibration: work that may be broken off.

Hundreds of passages take long to compose and to watch. Each clip lies under its name only when it
is whole, and what each shows at each threshold is written down as soon as it is known; a second
start goes on where the first stopped. What is kept of a clip is what the rule told of it and how
much each passage resembles everybody on the list: numbers, never a picture or a template. It is
found again by the digest of all that it follows from: the clip, who passes in it and when, the
list with its images, pack, precision and threshold, and the source of the program.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import benchmarks.compose
import numpy as np
from benchmarks.compose import Street, cast, clips_of, write_list, write_truth

import overt
from overt.assurance.fused_passages import fused_table
from overt.assurance.listed import EnrolledList
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.assurance.passages import ClipOutcome, Failure, PassageOutcome
from overt.assurance.scores import ScoreTable
from overt.assurance.system import MeasuredSystem
from overt.assurance.truth import Clip, TruePassage
from overt.assurance.video import Watcher
from overt.identifiers import SubjectId
from overt.units import Clock, Float32, Pixels, Similarity

MIN_EYE_DISTANCE: Final = Pixels(24.0)
"""As `overt assure calibrate --truth`."""
WATCHING: Final = (
    "alerts", "assurance", "faces", "frames", "live", "matches", "models", "templates", "tracks",
)  # fmt: skip
"""The packages that decide what a clip shows: their source is part of what is kept."""
NOT_OURS: Final = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who walks past, chosen by the seed."""

    strangers: int
    listed: int
    list_size: int
    seed: int


def composed(cast_of: Cast, data: Path, kept: Path, say: Say) -> Path:
    """The truth of the composed clips, each made once; people without a visible face stay away."""
    followed = (
        repr(cast_of).encode(), Path(benchmarks.compose.__file__).read_bytes(),
        (data / "index.csv").read_bytes(),
    )  # fmt: skip
    out = kept / f"clips-{digest_of(followed)[:16]}"
    say(f"choosing {cast_of.strangers:,} strangers and {cast_of.listed:,} people on the list")
    people, watchlist = cast(
        data, listed=cast_of.listed, unlisted=cast_of.strangers,
        list_size=cast_of.list_size, seed=cast_of.seed,
    )  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    write_list(out, watchlist)
    clips = list(clips_of(people, Street(), cast_of.seed))
    for number, clip in enumerate(clips, 1):
        if not (out / clip.name).is_file():
            clip.write(out)
        say(f"composed {number} of {len(clips)} clips")
    return write_truth(out, clips)


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What one clip showed at one threshold."""

    outcome: ClipOutcome
    scores: Float32
    """(passages, people on the list): all looks of each passage, fused."""

    def to_bytes(self) -> bytes:
        told = {
            "stray": [self.outcome.stray_tracks, self.outcome.stray_alerts],
            "passages": [
                {
                    "best": dict(each.best),
                    "alerted": dict(each.alerted),
                    "failure": each.failure and each.failure.value,
                }
                for each in self.outcome.passages
            ],
        }
        file = io.BytesIO()
        words = np.frombuffer(json.dumps(told).encode(), np.uint8)
        np.savez_compressed(file, scores=self.scores, told=words)
        return file.getvalue()


def shown_of(content: bytes, truth: Sequence[TruePassage]) -> Shown:
    """Raises one of `NOT_OURS` where it is not what `to_bytes` wrote."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        told: Mapping[str, Any] = json.loads(arrays["told"].tobytes())
        scores = arrays["scores"]
    passages = tuple(
        PassageOutcome(
            passage=passage,
            tracks=(),
            best={SubjectId(name): alike for name, alike in each["best"].items()},
            alerted={SubjectId(name): alike for name, alike in each["alerted"].items()},
            failure=each["failure"] and Failure(each["failure"]),
        )
        for each, passage in zip(told["passages"], truth, strict=True)
    )
    return Shown(ClipOutcome(passages, *told["stray"]), scores)


@dataclass(slots=True)
class Watching:
    """The same clips at any threshold, each watched once in its life."""

    clips: Sequence[Clip]
    system: MeasuredSystem
    kept: Path
    say: Say
    watched: dict[Similarity, list[Shown]] = field(default_factory=dict)
    _watchers: dict[int, Watcher] = field(default_factory=dict)
    _lists: dict[Path, EnrolledList] = field(default_factory=dict)
    _digests: dict[Path, str] = field(default_factory=dict)

    def table_at(self, threshold: Similarity) -> ScoreTable:
        """Every passage against everybody on the list, fused; as `settled` asks."""
        shown = self._shown_at(threshold)
        told = passage_table(self.clips_at(threshold), alerts_only=False)
        return replace(told, scores=np.concatenate([each.scores for each in shown]))

    def clips_at(self, threshold: Similarity) -> list[WatchedClip]:
        """What the rule told, without looks."""
        return [
            WatchedClip(number, self._listed(number), shown.outcome)
            for number, shown in enumerate(self._shown_at(threshold), 1)
        ]

    def forget(self) -> None:
        for watcher in self._watchers.values():
            watcher.forget()
        self._watchers.clear()

    def _shown_at(self, threshold: Similarity) -> list[Shown]:
        if threshold not in self.watched:
            self.watched[threshold] = list(self._watch(threshold))
        return self.watched[threshold]

    def _watch(self, threshold: Similarity) -> Iterator[Shown]:
        for number, clip in enumerate(self.clips, 1):
            path = self.kept / f"{self._key(clip, threshold)}.npz"
            found = _read(path, clip.passages)
            if found is None:
                found = self._watch_one(number, threshold)
                write_at_once(path, found.to_bytes())
            self.say(f"watched {number} of {len(self.clips)} clips at {threshold:g}")
            yield found

    def _watch_one(self, number: int, threshold: Similarity) -> Shown:
        watcher = self._watcher(number)
        (seen,) = watcher.watched(threshold)
        table = fused_table([seen], passage_table([seen], alerts_only=False))
        for look in seen.taken:
            look.forget()
        return Shown(seen.outcome, table.scores)

    def _watcher(self, number: int) -> Watcher:
        """Of one clip; it remembers what the networks found, for the next threshold."""
        if number not in self._watchers:
            self._watchers[number] = Watcher(
                (self.clips[number - 1],), self.system.networks, MIN_EYE_DISTANCE, Clock(),
                lambda _done, _of: None, self._lists,
            )  # fmt: skip
        return self._watchers[number]

    def _listed(self, number: int) -> EnrolledList:
        return self._watcher(number).listed(self.clips[number - 1].watchlist)

    def _key(self, clip: Clip, threshold: Similarity) -> str:
        system = self.system
        return digest_of((
            self._digest(clip.video), repr(clip.passages).encode(),
            self._digest_of_list(clip.watchlist), str(system.pack.digest).encode(),
            system.networks.precision.encode(), system.networks.engine.encode(),
            repr((float(threshold), float(MIN_EYE_DISTANCE))).encode(), source().encode(),
        ))  # fmt: skip

    def _digest(self, path: Path) -> bytes:
        if path not in self._digests:
            self._digests[path] = digest_of((path.read_bytes(),))
        return self._digests[path].encode()

    def _digest_of_list(self, path: Path) -> bytes:
        images = sorted((path.parent / "list").glob("*"))
        return b"".join((self._digest(path), *map(self._digest, images)))


@cache
def source() -> str:
    """The digest of the source that decides what a clip shows, as this process has it."""
    top = Path(overt.__file__).parent
    files = sorted(
        each for name in WATCHING for each in (top / name).rglob("*.py") if each.is_file()
    )
    return digest_of(
        part for each in files for part in (str(each.relative_to(top)).encode(), each.read_bytes())
    )


def digest_of(parts: Iterable[bytes]) -> str:
    """Of parts, not of what they make together."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def write_at_once(path: Path, content: bytes) -> None:
    """Whole under its name, or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".part-{path.name}")
    part.write_bytes(content)
    part.replace(path)


def _read(path: Path, truth: Sequence[TruePassage]) -> Shown | None:
    try:
        return shown_of(path.read_bytes(), truth)
    except NOT_OURS:
        return None
