"""Live streams on this machine: whether each passage is looked at, and how soon an alert is told.

Composed clips are served as RTSP cameras by a process beside overt (its own cost is reported) and
`overt run` watches them in real time. Passages are judged that lie within the measured seconds,
by the script of the clip: who was where at which moment. Each look and each shot belongs to
whoever was there; what overt counts of itself is reported beside it and decides nothing;
latency runs from the moment at which the middle of a listed face came into view until the alert
was raised, and as overt's own summary tells it: from the first usable frame until it was shown.

    python -m benchmarks.streams fifty          50 passages a second over four 720p25 streams
    python -m benchmarks.streams two-1080p      two 1080p25 streams with 20 faces in view
    python -m benchmarks.streams four-720p      four 720p25 streams with 20 faces in view
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.cameras import Cameras, LiveClip
from benchmarks.clips import clip_of, list_of, read_cast
from benchmarks.figures import latencies, percentiles
from benchmarks.judge import ClipAlert, ClipTruth, TruePassage, Verdict, judged
from benchmarks.overt_program import Costs, Overt
from benchmarks.passed import Look, Passed, of_nobody, passed
from benchmarks.program import Told
from benchmarks.scene import Scene, crossings

BUILD: Final = Path("build")
SHOTS: Final = 2
"""Independent ones, with which a passage counts as compared."""
SETTLING: Final = 4.0
"""Seconds from the first camera's readiness until all are watched."""


@dataclass(frozen=True, slots=True)
class Trial:
    scene: Scene
    streams: int
    p95_below_ms: float
    looks: int
    """Of each passage, at the least."""
    passages_a_second: float = 0.0


def trials(seconds: float) -> Mapping[str, Trial]:
    crowd = Scene(720, 25, seconds, 2.0, 25, seed=5000, eyes=(30.0, 42.0))
    hall = Scene(1080, 20, seconds, 3.0, 12, seed=6000)
    street = replace(hall, lines=720, seed=7000, eyes=(30.0, 46.0))
    return {
        "fifty": Trial(crowd, 4, 500.0, 5, passages_a_second=50.0),
        "two-1080p": Trial(hall, 2, 500.0, 5),
        "four-720p": Trial(street, 4, 500.0, 5),
    }


def in_window(clip: ClipTruth, live: LiveClip, start: float, end: float) -> ClipTruth:
    """The passages that lie wholly between two moments of the wall clock, at their wall times."""
    passages = []
    first = int((start - live.began) // live.seconds)
    for loop in range(first, int((end - live.began) // live.seconds) + 1):
        zero = live.began + loop * live.seconds
        passages += [
            TruePassage(p.subject_id, zero + p.start, zero + p.end)
            for p in clip.passages
            if zero + p.start >= start and zero + p.end <= end
        ]
    return replace(clip, passages=tuple(passages))


def told_by(events: Iterable[Mapping[str, Any]], camera: str) -> list[Told]:
    """At the wall times of capture and of raising."""
    return [
        Told(_moment(e["captured_at"]), e["subject_id"], _moment(e["raised_at"]))
        for e in events
        if e["event"] == "alert" and e["camera"] == camera
    ]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def run(name: str, test: Trial, seconds: float, threshold: float) -> dict[str, Any]:
    cast = read_cast()
    scenes = [replace(test.scene, seed=test.scene.seed + number) for number in range(test.streams)]
    truths = [clip_of(scene, cast) for scene in scenes]
    with Cameras([t.video for t in truths]) as cameras, Overt(list_of(cast)) as overt:
        sources = {f"c{number}": live.address for number, live in enumerate(cameras.live, 1)}
        deployment = overt.signed(name, sources, threshold)
        serving = Costs(cameras.pid)
        serving.look()
        before = serving.cpu_seconds
        overt.run(deployment, live=True, stop_after=SETTLING + seconds + 1.0, looks=overt.here)
        serving.look()
        serving_cpu = serving.cpu_seconds - before
        started = next(_moment(e["at"]) for e in overt.events if e["event"] == "started")
        window = (started + SETTLING, started + SETTLING + seconds)
        verdict, waits, everybody = Verdict(0, 0, 0, 0, 0), list[float](), list[Passed]()
        nobodys = []
        views = zip(sources, scenes, truths, cameras.live, strict=True)
        for camera, scene, truth, live in views:
            people = crossings(scene, cast.listed(), cast.others())
            looks = looks_of(overt.here / f"{camera}.looks")
            nobodys.append(of_nobody(scene, people, live, looks))
            everybody += passed(scene, people, live, window, looks)
            shown, told = in_window(truth, live, *window), told_by(overt.events, camera)
            alerts = [ClipAlert(t.at, t.subject_id) for t in told]
            inside = [a for a in alerts if window[0] <= a.at <= window[1]]
            # A passage that began before the window may be alerted in it: that is not wrong.
            around = in_window(truth, live, window[0] - 9.0, window[1] + 9.0)
            verdict += replace(judged(shown, alerts), wrong=judged(around, inside).wrong)
            waits += latencies(shown, told)
    return found(name, test, overt, verdict=verdict, waits=waits, everybody=everybody) | {
        "seconds": seconds,
        "looks_of_nobody": [round(share, 3) for share in nobodys],
        "serving_cpu_seconds": round(serving_cpu, 1),
    }


def looks_of(path: Path) -> list[Look]:
    """Whatever the camera's process wrote down; nothing, where it saw nobody."""
    if not path.is_file():
        return []
    return [Look(*json.loads(line)) for line in path.read_text().splitlines()]


def seen_of(test: Trial, everybody: Sequence[Passed]) -> dict[str, Any]:
    """What each passage got, and passages a second: of those that pass, never more."""
    scene, many = test.scene, len(everybody)
    pass_by = test.streams * scene.faces / scene.seconds_a_passage
    enough = sum(one.looks >= test.looks for one in everybody)
    compared = sum(one.shots >= SHOTS for one in everybody)
    return {
        "judged_passages": many,
        "passing_per_s": round(pass_by, 2),
        "passages_per_s": round(pass_by * compared / many, 2) if many else 0.0,
        "fewest_looks": min((one.looks for one in everybody), default=0),
        "share_with_enough_looks": round(enough / many, 4) if many else 0.0,
        "fewest_shots": min((one.shots for one in everybody), default=0),
        "share_with_two_shots": round(compared / many, 4) if many else 0.0,
        "never_seen": sum(one.looks == 0 for one in everybody),
    }


def found(  # noqa: PLR0913  what was measured, and of what
    name: str,
    test: Trial,
    overt: Overt,
    *,
    verdict: Verdict,
    waits: Sequence[float],
    everybody: Sequence[Passed],
) -> dict[str, Any]:
    summary = overt.summary
    watched = summary["frames"] / summary["fps"]
    figures: dict[str, Any] = {
        "test": name,
        "true_passages": verdict.passages,
        **seen_of(test, everybody),
        "passages_per_s_of_summary": round(summary["passages"] / watched, 2),
        "listed": verdict.listed,
        "right": verdict.alerted,
        "repeated": verdict.repeated,
        "wrong": verdict.wrong,
        "latency_ms": percentiles(waits),
        "latency_ms_of_summary": summary["latency_ms"],
        "frames": summary["frames"],
        "dropped": summary["dropped"],
        "detections": summary["detections"],
        "cpu_seconds": round(overt.cpu_seconds, 1),
        "watched_seconds": round(watched, 1),
        "peak_mib": round(overt.costs.peak_mib, 1),
        "summary": summary,
    }
    figures["missed"] = list(missed(test, figures))
    return figures


def missed(test: Trial, figures: Mapping[str, Any]) -> Iterable[str]:
    """Say which targets of the test were missed."""
    if figures["passages_per_s"] < 0.95 * test.passages_a_second:
        yield f"{figures['passages_per_s']} passages a second, not {test.passages_a_second}"
    p95 = figures["latency_ms_of_summary"]["p95"]
    if p95 is None or p95 >= test.p95_below_ms:
        yield f"p95 to alert {p95} ms, not under {test.p95_below_ms:.0f}"
    if figures["fewest_looks"] < test.looks:
        share = figures["share_with_enough_looks"]
        yield f"a passage with {figures['fewest_looks']} looks; {share:.1%} have {test.looks}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("trials", nargs="*", help="by default all three")
    parser.add_argument("--seconds", type=float, default=60.0, help="that are measured")
    parser.add_argument("--clip-seconds", type=float, default=20.0, help="after which it loops")
    parser.add_argument("--threshold", type=float, default=0.5)
    options = parser.parse_args(arguments)
    known = trials(options.clip_seconds)
    results = [
        run(name, known[name], options.seconds, options.threshold)
        for name in options.trials or known
    ]
    BUILD.mkdir(exist_ok=True)
    (BUILD / "streams.json").write_text(json.dumps(results, indent=1))
    for result in results:
        print(json.dumps({k: v for k, v in result.items() if k != "summary"}))
    return 1 if any(result["missed"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
