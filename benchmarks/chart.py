"""The bench as a picture: frames a second of every program on every clip."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

COLOURS: Final = {
    "overt": "#1b5e20", "floor": "#a5a5a5", "plain_loop": "#1f77b4",
    "face_recognition": "#d95f02", "deepface": "#b22222",
}  # fmt: skip


def draw(found: Mapping[str, Any], path: Path) -> None:
    """Write an SVG; the scale is logarithmic, for the peers are far apart."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figures = [f for f in found["figures"] if f["precision"] == "f32"]
    clips = list(found["clips"])
    programs = [p for p in COLOURS if any(f["program"] == p for f in figures)]
    speed = {(f["clip"], f["program"]): f["fps"] for f in figures}
    plot, axes = plt.subplots(figsize=(1.6 + 1.2 * len(clips), 4))
    width = 0.8 / max(len(programs), 1)
    for number, program in enumerate(programs):
        places = [k + (number - (len(programs) - 1) / 2) * width for k in range(len(clips))]
        bars = axes.bar(
            places, [speed.get((clip, program), 0) for clip in clips], width,
            label=program, color=COLOURS[program],
        )  # fmt: skip
        axes.bar_label(bars, fmt="%.3g", fontsize=6, rotation=90, padding=2)
    axes.axhline(25, color="black", linewidth=0.6, linestyle=":")
    axes.set_yscale("log")
    axes.margins(y=0.2)
    axes.set_xticks(range(len(clips)), clips)
    axes.set_ylabel("frames a second, float32")
    axes.set_xlabel("lines and faces in view")
    axes.legend(fontsize=7, ncols=len(programs), loc="upper center", bbox_to_anchor=(0.5, 1.12))
    plot.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(plot)
