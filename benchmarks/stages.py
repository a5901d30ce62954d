"""Where the time of one camera's process goes: flame graphs by py-spy, and each stage's share.

py-spy (which is not installed with overt) looks a hundred times a second at what every thread of
the process is doing while `overt run --fast` watches a clip; a stage is told by the first function
of a stack that belongs to one. Root is needed: the process hides its memory from others.

    python -m benchmarks.stages --clip 1080p-20 --out build
"""

import argparse
import json
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.clips import bench_scene, clip_of, list_of, read_cast
from benchmarks.overt_program import Overt, family
from benchmarks.program import Order

STAGES: Final[Mapping[str, str]] = {
    "look_closer": "second look at small faces",
    "find (": "detection, with scaling",
    "align": "alignment",
    "around (": "converting faces' surroundings",
    "scrub": "overwriting",
    "forget (": "overwriting",
    "encode (": "encoding",
    "resemblance": "search and fusing",
    "assess": "quality",
    "follow (overt/tracks": "following",
    "overt/live/desk": "alerts, evidence, records",
    "_produce": "decoding",
    "_keep_open": "decoding",
}
"""What the functions of a stage are called."""
NOT_THE_FLOW: Final = "starting, waiting and ending"
FLOW: Final = (
    "watch (overt/live/watch", "look (overt/live", "overt/live/desk", "_encode (overt/live",
    "_produce", "_keep_open",
)  # fmt: skip
WAITING: Final = ("Condition.wait (", "until_told", "_worker (concurrent", "_queue_get")
"""Threads that wait at these are seen too, and do nothing."""
WAIT: Final = 20.0


def stage_of(stack: str) -> str:
    """Name the stage of a folded stack, outermost function first."""
    functions = stack.split(";")
    if not any(name in function for function in functions for name in FLOW):
        return NOT_THE_FLOW
    if any(name in functions[-1] for name in WAITING):
        return NOT_THE_FLOW
    for function in functions:
        for name, stage in STAGES.items():
            if name in function:
                return stage
    return "the rest of the flow"


def shares(folded: Iterable[str]) -> dict[str, float]:
    """The share of each stage in the samples of the flow, the largest first."""
    counts: Counter[str] = Counter()
    for line in folded:
        stack, _, many = line.rpartition(" ")
        if stack:
            counts[stage_of(stack)] += int(many)
    counts.pop(NOT_THE_FLOW, None)
    total = max(counts.total(), 1)
    return {stage: round(many / total, 3) for stage, many in counts.most_common()}


def recorded(overt: Overt, order: Order, py_spy: str, kind: str, out: Path) -> None:
    """Run the clip, and py-spy beside it from the moment at which the camera's process is there."""
    run = threading.Thread(target=overt.watch, args=[order])
    earlier = overt.costs.root
    run.start()
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        root = overt.costs.root
        camera = [pid for pid in family(root)[1:] if _name(pid).startswith("overt ")]
        if root != earlier and camera:
            command = [py_spy, "record", "--pid", str(camera[0]), "--format", kind, "--output",
                       str(out), "--rate", "100", "--threads"]  # fmt: skip
            subprocess.run(command, check=False, stdout=sys.stderr)
            break
        time.sleep(0.02)
    run.join()


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clip", default="1080p-20")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--out", type=Path, default=Path("build"))
    options = parser.parse_args(arguments)
    py_spy = shutil.which("py-spy")
    if py_spy is None:
        print("py-spy is not on the path: pip install py-spy", file=sys.stderr)
        return 1
    lines, faces = (int(part) for part in options.clip.split("p-"))
    cast = read_cast()
    clip = clip_of(bench_scene(lines, faces, options.seconds), cast)
    order = Order(str(clip.video), str(clip.watchlist), 0.5, 10**9, 1e9, live=False)
    options.out.mkdir(parents=True, exist_ok=True)
    raw, graph = (options.out / f"stages-{options.clip}.{kind}" for kind in ("txt", "svg"))
    with Overt(list_of(cast)) as overt:
        recorded(overt, order, py_spy, "raw", raw)
        recorded(overt, order, py_spy, "flamegraph", graph)
    print(json.dumps({"clip": options.clip, "shares": shares(raw.read_text().splitlines())}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
