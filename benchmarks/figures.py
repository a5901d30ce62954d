"""From what programs told to what is reported: medians, right and wrong alerts, latency, ratios."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.judge import ClipAlert, ClipTruth, judged
from benchmarks.program import RATE, Told, Watched

HEADLINE: Final = "1080p-20"
"""The clip whose ratios are told."""
APART: Final = 1.0
"""A loop without passages tells every frame: the same person within a second is one alert."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One program on one clip at one precision: the medians of its repeats."""

    clip: str
    program: str
    precision: str
    frames: int
    repeats: int
    fps: float
    fps_each: tuple[float, ...]
    cpu_ms_per_frame: float
    passages_per_s: float
    peak_mib: float
    dropped: int
    listed: int
    right: int
    wrong: int
    detections: int
    encodes: int
    note: str
    latency_ms: Mapping[str, float | None]
    """p50, p95, p99 at real-time pace, from the moment at which a listed face's middle came into
    view; None where it was not measured or nobody was alerted."""
    live_dropped: int | None = None
    """Frames dropped at real-time pace, of `live_frames`."""
    live_frames: int | None = None


def figure(
    clip: str, program: str, precision: str, truth: ClipTruth, runs: Sequence[Watched]
) -> Figure:
    """Alerts and counts are of the run with the median speed."""
    ordered = sorted(runs, key=lambda run: run.frames / run.seconds)
    middle = ordered[len(ordered) // 2]
    shown = shown_part(truth, middle.frames / RATE)
    verdict = judged(shown, once(middle.told))
    speeds = tuple(round(run.frames / run.seconds, 2) for run in runs)
    return Figure(
        clip=clip,
        program=program,
        precision=precision,
        frames=middle.frames,
        repeats=len(runs),
        fps=round(statistics.median(speeds), 2),
        fps_each=speeds,
        cpu_ms_per_frame=round(
            statistics.median(1000 * run.cpu_seconds / run.frames for run in runs), 2
        ),
        passages_per_s=round(statistics.median(verdict.passages / run.seconds for run in runs), 2),
        peak_mib=round(max(run.peak_mib for run in runs), 1),
        dropped=middle.dropped,
        listed=verdict.listed,
        right=verdict.alerted,
        # Of passages that it saw in part too: naming their people is not wrong.
        wrong=judged(truth, once(middle.told)).wrong,
        detections=middle.detections,
        encodes=middle.encodes,
        note=middle.note,
        latency_ms=percentiles(()),
    )


def with_live(found: Figure, truth: ClipTruth, run: Watched) -> Figure:
    """Enter what a run at real-time pace gave."""
    return replace(
        found,
        latency_ms=percentiles(latencies(truth, run.told)),
        live_dropped=run.dropped,
        live_frames=run.frames + run.dropped,
    )


def shown_part(truth: ClipTruth, seconds: float) -> ClipTruth:
    """Leave out the passages that had not ended when a program stopped early."""
    whole = tuple(p for p in truth.passages if p.end <= seconds + 1 / RATE)
    return replace(truth, passages=whole)


def once(told: Iterable[Told]) -> list[ClipAlert]:
    """Name a person once while they go on being named."""
    alerts, last = [], dict[str, float]()
    for one in sorted(told, key=lambda one: one.at):
        if one.at - last.get(one.subject_id, float("-inf")) > APART:
            alerts.append(ClipAlert(one.at, one.subject_id))
        last[one.subject_id] = one.at
    return alerts


def latencies(truth: ClipTruth, told: Iterable[Told]) -> list[float]:
    """Seconds from the start of each listed passage to its first alert."""
    ordered, found = sorted(told, key=lambda one: one.after), []
    for passage in truth.passages:
        first = next(
            (
                one.after
                for one in ordered
                if one.subject_id == passage.subject_id and passage.start <= one.at <= passage.end
            ),
            None,
        )
        if first is not None:
            found.append(first - passage.start)
    return found


def percentiles(seconds: Sequence[float]) -> dict[str, float | None]:
    """p50, p95 and p99 in milliseconds, by the nearest rank.

    That is the smallest value which so many of a hundred do not exceed: the one at ceil(p n / 100)
    of n in order, counted from one.
    """
    if not seconds:
        return {"p50": None, "p95": None, "p99": None}
    ordered = sorted(seconds)

    def at(percent: int) -> float:
        rank = -(-percent * len(ordered) // 100)  # in whole numbers: 0.95 x 100 is not quite 95
        return round(1000 * ordered[rank - 1], 1)

    return {"p50": at(50), "p95": at(95), "p99": at(99)}


def ratios(figures: Iterable[Figure], *, precision: str = "f32") -> dict[str, float | None]:
    """Overt's frames a second over each peer's, and the floor's over overt's, on the headline clip.

    Where both ran in every round, the median of the rounds' ratios: other work on the machine then
    falls on both.
    """
    speeds = {
        figure.program: figure
        for figure in figures
        if figure.clip == HEADLINE and figure.precision == precision
    }
    overt = speeds.get("overt")
    found: dict[str, float | None] = {}
    for peer in ("plain_loop", "face_recognition", "deepface", "floor"):
        other = speeds.get(peer)
        if overt is None or other is None:
            found[peer] = None
        elif peer == "floor":
            found[peer] = _ratio(other, overt)
        else:
            found[peer] = _ratio(overt, other)
    return found


def _ratio(over: Figure, under: Figure) -> float:
    if len(over.fps_each) == len(under.fps_each):
        pairs = zip(over.fps_each, under.fps_each, strict=True)
        return round(statistics.median(a / b for a, b in pairs), 3)
    return round(over.fps / under.fps, 3)


def lost(figures: Iterable[Figure]) -> list[str]:
    """Say where overt found fewer listed passages than the plain loop, over all clips.

    A clip has at most a dozen of them, of which one or two lie at the threshold itself: which of
    two programs finds those is chance, in a clip, and is not over several.
    """
    found = {(f.clip, f.precision, f.program): f for f in figures}
    sums: dict[str, tuple[int, int, int]] = {}
    for (clip, precision, program), overt in found.items():
        plain = found.get((clip, precision, "plain_loop"))
        if program == "overt" and plain is not None:
            ours, theirs, listed = sums.get(precision, (0, 0, 0))
            sums[precision] = ours + overt.right, theirs + plain.right, listed + overt.listed
    return [
        f"{precision}: overt found {ours} of {listed} listed passages, the plain loop {theirs}"
        for precision, (ours, theirs, listed) in sums.items()
        if ours < theirs
    ]
