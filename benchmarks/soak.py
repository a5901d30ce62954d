"""Four live streams for twenty minutes with lost cameras: nothing may grow.

Every half minute one camera hangs up, stalls for four seconds or is gone for six. Memory, threads
and open descriptors of all of overt's processes are read every five seconds, while no camera is
lost; those of the last two minutes are held against those of the second minute. Memory is what the
processes wrote themselves (anonymous): of mapped files, such as libraries, each counts a share,
which grows when a process that has nothing to do with the test ends. It ends with status 1 if
memory differs by more than two in a hundred, or a thread or descriptor more is there.

    python -m benchmarks.soak [--minutes 20]
"""

import argparse
import json
import statistics
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.cameras import Cameras
from benchmarks.clips import clip_of, list_of, read_cast
from benchmarks.overt_program import Overt, family
from benchmarks.scene import Scene

BUILD: Final = Path("build")
EVERY: Final = 5.0
DISTURBED_EVERY: Final = 30.0
QUIET_AGAIN: Final = 12.0
"""Seconds after a disturbance in which a camera may still be lost."""
TROUBLES: Final[Sequence[tuple[str, str | None, float]]] = (
    ("hang_up", None, 0.0),
    ("stall", "resume", 4.0),
    ("kill", "listen", 6.0),
)
MORE_MEMORY: Final = 0.02


@dataclass(frozen=True, slots=True)
class Sample:
    """All of overt's processes together."""

    at: float
    mib: float
    threads: int
    descriptors: int
    processes: int
    disturbed: bool


def sample(root: int, at: float, *, disturbed: bool) -> Sample:
    mib, threads, descriptors, processes = 0.0, 0, 0, 0
    for pid in family(root):
        with suppress(OSError):
            proc = Path(f"/proc/{pid}")
            rollup = (proc / "smaps_rollup").read_text()
            many = len(list((proc / "fd").iterdir()))
            tasks = len(list((proc / "task").iterdir()))
            mib += int(rollup.split("Anonymous:")[1].split()[0]) / 1024
            threads, descriptors, processes = threads + tasks, descriptors + many, processes + 1
    return Sample(round(at, 1), round(mib, 2), threads, descriptors, processes, disturbed)


def judged(samples: Sequence[Sample], minutes: float) -> dict[str, Any]:
    """Hold the end against the second minute, where nobody had just lost a camera."""
    calm = [one for one in samples if not one.disturbed]
    early = [one for one in calm if 60 <= one.at < 120]
    late = [one for one in calm if one.at >= 60 * max(minutes - 2, 2)]
    if not early or not late:
        return {"missed": ["it was too short to tell"]}
    figures: dict[str, Any] = {}
    for name in ("mib", "threads", "descriptors"):
        figures[name] = [
            statistics.median(getattr(one, name) for one in some) for some in (early, late)
        ]
    first, last = figures["mib"]
    figures["memory_growth"] = round(last / first - 1, 4)
    figures["missed"] = []
    if abs(figures["memory_growth"]) > MORE_MEMORY:
        figures["missed"].append(f"memory went from {first:.1f} to {last:.1f} MiB")
    for name in ("threads", "descriptors"):
        before, after = figures[name]
        if after > before:
            figures["missed"].append(f"{name} went from {before:.0f} to {after:.0f}")
    return figures


@dataclass(slots=True)
class Soak:
    cameras: Cameras
    minutes: float
    samples: list[Sample]
    troubles: int = 0

    def go_on(self, overt: Overt) -> None:
        """Disturb and look, from a thread of its own, until the time is over."""
        began = time.monotonic()
        disturb_at, disturbed_at, mend_at = 60.0 + DISTURBED_EVERY, float("-inf"), float("inf")
        mend = ("listen", 0)
        while (at := time.monotonic() - began) < 60 * self.minutes:
            if at >= mend_at:
                self.cameras.tell(*mend)
                mend_at, disturbed_at = float("inf"), at
            if at >= disturb_at:
                act, undo, after = TROUBLES[self.troubles % len(TROUBLES)]
                camera = self.troubles % len(self.cameras.live)
                self.cameras.tell(act, camera)
                self.troubles += 1
                disturb_at, disturbed_at = at + DISTURBED_EVERY, at
                if undo is not None:
                    mend, mend_at = (undo, camera), at + after
            disturbed = at - disturbed_at < QUIET_AGAIN or mend_at < float("inf")
            if not self.samples or at - self.samples[-1].at >= EVERY:
                self.samples.append(sample(overt.costs.root, at, disturbed=disturbed))
            time.sleep(0.2)


def soak(minutes: float, scene: Scene) -> dict[str, Any]:
    cast = read_cast()
    clips = [clip_of(replace(scene, seed=scene.seed + number), cast) for number in range(4)]
    with Cameras([clip.video for clip in clips]) as cameras, Overt(list_of(cast)) as overt:
        sources = {f"c{number}": live.address for number, live in enumerate(cameras.live, 1)}
        deployment = overt.signed("soak", sources, 0.5)
        watching = Soak(cameras, minutes, [])
        thread = threading.Thread(target=watching.go_on, args=[overt], daemon=True)
        overt.run(deployment, live=True, stop_after=60 * minutes + 2, when_started=thread.start)
        thread.join()
    return {
        "minutes": minutes,
        "troubles": watching.troubles,
        **judged(watching.samples, minutes),
        "summary": overt.summary,
        "samples": [asdict(one) for one in watching.samples],
    }


def draw(found: Mapping[str, Any], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    samples = found["samples"]
    plot, rows = plt.subplots(3, 1, sharex=True, figsize=(7, 5))
    for axes, name in zip(rows, ("mib", "threads", "descriptors"), strict=True):
        axes.plot([s["at"] / 60 for s in samples], [s[name] for s in samples], linewidth=0.9)
        axes.set_ylabel({"mib": "MiB (anonymous)"}.get(name, name))
        axes.set_ylim(bottom=0)
    rows[-1].set_xlabel("minutes")
    plot.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(plot)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--faces", type=int, default=5, choices=[1, 5, 20])
    parser.add_argument("--clip-seconds", type=float, default=20.0)
    options = parser.parse_args(arguments)
    scene = Scene(720, options.faces, options.clip_seconds, 3.0, 8, seed=8000, eyes=(30.0, 46.0))
    found = soak(options.minutes, scene)
    BUILD.mkdir(exist_ok=True)
    (BUILD / "soak.json").write_text(json.dumps(found, indent=1))
    draw(found, BUILD / "soak.svg")
    print(json.dumps({k: v for k, v in found.items() if k != "samples"}))
    for complaint in found["missed"]:
        print(f"FAILED: {complaint}", file=sys.stderr)
    return 1 if found["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
