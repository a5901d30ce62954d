"""The same clips given to overt and to its peers, side by side in one run: `make bench`.

Programs take turns on every clip, in another order each round, so that whatever else the machine
does falls on all of them; each figure is the median of the rounds. It ends with status 1 if overt
found fewer listed passages than the plain loop in all its clips together. Figures go to build/bench.json, a chart beside it.

    make bench                     everything, about ten minutes
    make bench ARGS=--quick        one round of shorter clips without the empty ones
    make bench ARGS="--clips 1080p-20 --programs overt floor plain_loop --rounds 3"
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from benchmarks.chart import draw
from benchmarks.clips import Cast, bench_scene, clip_of, list_of, read_cast
from benchmarks.compose import folders
from benchmarks.figures import HEADLINE, Figure, figure, lost, ratios, with_live
from benchmarks.judge import ClipTruth
from benchmarks.overt_program import Overt
from benchmarks.peer_environment import (
    PEERS,
    Unavailable,
    python_of,
    weights_of_deepface,
)
from benchmarks.program import RATE, Order, Program, ProgramDied, Watched
from benchmarks.table import table

from overt.errors import Refused
from overt.identifiers import PackName
from overt.models.engines import supported_precisions
from overt.models.library import find_pack
from overt.models.manifest import Precision

BUILD: Final = Path("build")
OURS: Final = ("overt", "floor", "plain_loop")
"""Those that share networks, and so may run at bf16; the floor follows overt, whose counts it needs."""
CLIPS: Final = tuple(f"{lines}p-{faces}" for lines in (720, 1080) for faces in (0, 1, 5, 20))
QUICK: Final = ("720p-5", "1080p-5", "1080p-20")
SLOW_SECONDS: Final = {"face_recognition": 16.0, "deepface": 10.0}
"""A peer is given about so many seconds of each clip: it sees its first frames."""


class Runs(Protocol):
    ready: Mapping[str, str]

    def watch(self, order: Order) -> Watched: ...


@dataclass(slots=True)
class Bench:
    programs: dict[tuple[str, str], Runs] = field(default_factory=dict)
    """By name and precision."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a program did not run."""
    runs: dict[tuple[str, str, str], list[Watched]] = field(default_factory=dict)
    """By clip, program and precision."""
    live: dict[tuple[str, str, str], Watched] = field(default_factory=dict)
    truths: dict[str, ClipTruth] = field(default_factory=dict)
    speed: dict[tuple[str, str], float] = field(default_factory=dict)
    """Frames a second of a slow peer on a clip, once it is known."""

    def round(self, clip: str, number: int, options: argparse.Namespace) -> None:
        """Let each program watch the clip once; the floor right after overt."""
        names = [key for key in self.programs if key[0] != "floor"]
        turn = number % len(names) if names else 0
        for name, precision in names[turn:] + names[:turn]:
            self._watch(clip, name, precision, options)
            if name == "overt" and ("floor", precision) in self.programs:
                self._watch(clip, "floor", precision, options)

    def _watch(self, clip: str, name: str, precision: str, options: argparse.Namespace) -> None:
        if name in PEERS and (clip, name, precision) in self.runs:
            return  # slow ones once
        order = self._order(clip, name, precision, options)
        before = time.monotonic()
        try:
            watched = self.programs[name, precision].watch(order)
        except ProgramDied as death:
            self.reasons[name] = f"it failed on {clip}: {death}"
            del self.programs[name, precision]
            return
        self.runs.setdefault((clip, name, precision), []).append(watched)
        _say(
            f"  {clip:9} {name:17} {precision:5} {watched.frames / watched.seconds:7.2f} frames/s"
            f"  ({watched.frames} frames, {time.monotonic() - before:.1f} s)"
        )

    def _order(self, clip: str, name: str, precision: str, options: argparse.Namespace) -> Order:
        truth = self.truths[clip]
        overt = self.runs.get((clip, "overt", precision), [Watched()])[-1]
        frames = round(RATE * options.seconds)
        return Order(
            video=str(truth.video),
            watchlist=str(truth.watchlist),
            threshold=options.threshold,
            most_frames=overt.frames if name == "floor" else frames,
            most_seconds=SLOW_SECONDS.get(name, 1e9) / (3 if options.quick else 1),
            live=False,
            detections=overt.detections if name == "floor" else 0,
            encodes=overt.encodes if name == "floor" else 0,
            second_looks=overt.second_looks if name == "floor" else 0,
        )

    def watch_live(self, clip: str, options: argparse.Namespace) -> None:
        """At real-time pace, for latency and dropped frames; the floor has none."""
        for name, precision in [key for key in self.programs if key[0] != "floor"]:
            order = self._order(clip, name, precision, options)
            order = Order(**{**asdict(order), "live": True, "most_seconds": 1e9})
            try:
                self.live[clip, name, precision] = self.programs[name, precision].watch(order)
            except ProgramDied as death:
                self.reasons[name] = f"it failed on {clip}, live: {death}"
                del self.programs[name, precision]
            _say(f"  {clip:9} {name:17} {precision:5} live")

    def figures(self) -> Iterator[Figure]:
        for (clip, name, precision), runs in self.runs.items():
            found = figure(clip, name, precision, self.truths[clip], runs)
            if (live := self.live.get((clip, name, precision))) is not None:
                found = with_live(found, self.truths[clip], live)
            yield found


def start(bench: Bench, cast: Cast, stack: ExitStack, options: argparse.Namespace) -> None:
    """Bring up every program that was asked for; who cannot come is noted with the reason."""
    watchlist = list_of(cast)
    for name in options.programs:
        for precision in options.precisions if name in OURS else ["f32"]:
            try:
                bench.programs[name, precision] = stack.enter_context(
                    _program(name, precision, watchlist)
                )
            except (Unavailable, ProgramDied) as reason:
                bench.reasons[name] = str(reason)
                _say(f"{name} cannot run: {reason}")


def _program(name: str, precision: str, watchlist: Path) -> Any:
    if name == "overt":
        return Overt(watchlist, precision=precision)
    asked, environment = ["--serve", str(watchlist)], dict[str, str]()
    if name in PEERS:
        module, python = f"benchmarks.peers.{name}_program", str(python_of(name))
        if name == "deepface":
            home = weights_of_deepface(_deepface_weights())
            # At its default of 0.9 it sees none of faces this small; this is what overt asks for.
            environment = {"DEEPFACE_HOME": str(home), "yunet_score_threshold": "0.5"}
    else:
        module, python = f"benchmarks.{name}", sys.executable
        asked += ["--precision", precision]
        environment = {"OVERT_MODELS": os.environ.get("OVERT_MODELS", "../shared/models")}
    return Program([python, "-m", module, *asked], environment)


def _deepface_weights() -> dict[str, Path]:
    """Those of the packs at hand: the same files that its publishers offer."""
    found = {}
    for pack, name in (
        ("open", "face_detection_yunet_2023mar.onnx"),
        ("dlib", "dlib_face_recognition_resnet_model_v1.dat"),
    ):
        try:
            found[name] = find_pack(PackName(pack), search=folders()).files[name]
        except Refused as refusal:
            raise Unavailable(f"its weights are those of the pack {pack}: {refusal}") from None
    return found


def report(bench: Bench, options: argparse.Namespace, load: Sequence[float]) -> dict[str, Any]:
    figures = list(bench.figures())
    return {
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load_before": load[0],
            "load_after": os.getloadavg()[0],
        },
        "quick": options.quick,
        "threshold": options.threshold,
        "rounds": options.rounds,
        "headline": HEADLINE,
        "ratios": ratios(figures),
        "ratios_bf16": ratios(figures, precision="bf16") if "bf16" in options.precisions else None,
        "bf16": {"reason": options.no_bf16},
        "peers": {
            name: {
                "reason": bench.reasons.get(name),
                **PEERS.get(name, {"licence": "Apache-2.0"}),
                "ready": next((p.ready for (n, _), p in bench.programs.items() if n == name), None),
            }
            for name in options.programs
        },
        "clips": {
            name: {
                "video": truth.video.parent.name,
                "passages": len(truth.passages),
                "listed": sum(p.subject_id is not None for p in truth.passages),
            }
            for name, truth in bench.truths.items()
        },
        "figures": [asdict(one) for one in figures],
        "lost": [*lost(figures), *_absent(bench, options)],
    }


def _absent(bench: Bench, options: argparse.Namespace) -> Iterator[str]:
    """Whether the two that are compared ran at all, wherever they were asked to."""
    for name in ("overt", "plain_loop"):
        for precision in options.precisions if name in options.programs else ():
            for clip in options.clips:
                runs = bench.runs.get((clip, name, precision), ())
                if len(runs) < options.rounds:
                    why = bench.reasons.get(name, "no reason is known")
                    yield f"{precision}: {name} gave {len(runs)} of {options.rounds} figures on {clip}: {why}"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
        return next(line.split(": ")[1] for line in text.splitlines() if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one round, fewer clips, shorter")
    parser.add_argument("--clips", nargs="*", choices=CLIPS)
    parser.add_argument("--programs", nargs="*", default=[*OURS, *PEERS])
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each clip")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument(
        "--no-live", action="store_true", help="leave out the runs at real-time pace"
    )
    parser.add_argument("--out", type=Path, default=BUILD)
    options = parser.parse_args(arguments)
    options.clips = options.clips or (QUICK if options.quick else CLIPS)
    options.rounds = options.rounds or (1 if options.quick else 3)
    able = Precision.BF16 in supported_precisions()
    options.precisions = ["f32", "bf16"] if able else ["f32"]
    options.no_bf16 = None if able else "this processor does not compute in bf16"
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    options, load = _options(arguments), os.getloadavg()
    bench = Bench()
    try:
        cast = read_cast()
        for name in options.clips:
            lines, faces = (int(part) for part in name.split("p-"))
            bench.truths[name] = clip_of(bench_scene(lines, faces, options.seconds), cast)
            _say(f"clip {name}: {bench.truths[name].video}")
        with ExitStack() as stack:
            start(bench, cast, stack, options)
            for number in range(options.rounds):
                for clip in options.clips:
                    bench.round(clip, number, options)
            if not options.no_live and not options.quick and HEADLINE in options.clips:
                bench.watch_live(HEADLINE, options)
            found = report(bench, options, load)
    except (Refused, FileNotFoundError) as refusal:
        _say(f"make bench cannot run: {refusal}")
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.json").write_text(json.dumps(found, indent=1))
    draw(found, options.out / "bench.svg")
    print(table(found))
    for complaint in found["lost"]:
        _say(f"FAILED: {complaint}")
    return 1 if found["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
