"""The bench as a table for people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

HEADS: Final = (
    "clip", "program", "frames/s", "bf16", "CPU ms/frame", "passages/s", "latency p50/p95/p99 ms",
    "peak MiB", "dropped", "right", "wrong", "frames",
)  # fmt: skip


def table(found: Mapping[str, Any]) -> str:
    figures = found["figures"]
    bf16 = {(f["clip"], f["program"]): f["fps"] for f in figures if f["precision"] == "bf16"}
    order = list(found["clips"])
    rows = [
        _row(figure, bf16.get((figure["clip"], figure["program"])))
        for figure in sorted(figures, key=lambda f: order.index(f["clip"]))
        if figure["precision"] == "f32"
    ]
    return "\n".join([*_aligned([HEADS, *rows]), "", *_remarks(found)])


def _row(figure: Mapping[str, Any], bf16: float | None) -> Sequence[str]:
    latency = [figure["latency_ms"][p] for p in ("p50", "p95", "p99")]
    dropped = str(figure["dropped"])
    if figure["live_dropped"] is not None:
        dropped = f"{figure['live_dropped']}/{figure['live_frames']} live"
    return (
        figure["clip"],
        figure["program"],
        f"{figure['fps']:.2f}",
        "-" if bf16 is None else f"{bf16:.2f}",
        f"{figure['cpu_ms_per_frame']:.1f}",
        f"{figure['passages_per_s']:.2f}",
        "-" if None in latency else "/".join(f"{ms:.0f}" for ms in latency),
        f"{figure['peak_mib']:.0f}",
        dropped,
        f"{figure['right']}/{figure['listed']}" if figure["program"] != "floor" else "-",
        str(figure["wrong"]) if figure["program"] != "floor" else "-",
        str(figure["frames"]),
    )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _remarks(found: Mapping[str, Any]) -> Iterable[str]:
    machine = found["machine"]
    yield (
        f"{machine['processor']}, {machine['cores']} cores, load {machine['load_before']:.1f} "
        f"before and {machine['load_after']:.1f} after; float32 unless said."
    )
    if found["bf16"]["reason"]:
        yield f"bf16: {found['bf16']['reason']}."
    for name, peer in found["peers"].items():
        if peer["reason"]:
            yield f"{name}: {peer['reason']}"
    told = ", ".join(
        f"{'floor over overt' if peer == 'floor' else 'over ' + peer} "
        + ("-" if ratio is None else f"{ratio:.2f}")
        for peer, ratio in found["ratios"].items()
    )
    yield f"{found['headline']}, overt's frames/s: {told}"
