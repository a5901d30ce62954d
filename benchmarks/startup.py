"""How long a start takes: from the command `overt run` to its `started` event, several times.

The event is looked for every twentieth of a second. To compare two checkouts, run this in each,
in turn.

    python -m benchmarks.startup --rounds 5
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence

from benchmarks.clips import bench_scene, clip_of, list_of, read_cast
from benchmarks.overt_program import Overt

STOP_AFTER = 0.2
"""Seconds after the start; what is watched does not matter here."""


def seconds_to_start(overt: Overt, deployment: str) -> float:
    times: list[float] = []
    began = time.monotonic()
    overt.run(
        deployment,
        live=True,
        stop_after=STOP_AFTER,
        when_started=lambda: times.append(time.monotonic() - began),
    )
    return times[0]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clip", default="1080p-20")
    parser.add_argument("--cameras", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    lines, faces = (int(part) for part in options.clip.split("p-"))
    cast = read_cast()
    video = str(clip_of(bench_scene(lines, faces, 10.0), cast).video.resolve())
    with Overt(list_of(cast)) as overt:
        cameras = {f"camera-{n + 1}": video for n in range(options.cameras)}
        deployment = overt.signed("start", cameras, 0.5)
        each = [round(seconds_to_start(overt, deployment), 2) for _ in range(options.rounds)]
    print(json.dumps({"median_s": statistics.median(each), "each_s": each}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
