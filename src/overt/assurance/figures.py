"""The plots of a report: drawn once, told as SVG to the page and as pages to the PDF.

Small on purpose: a phone shows them at full width with letters that can be read.
"""

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

SIZE: Final = (4.6, 3.5)
COLOURS: Final = ("#1f4e8c", "#b5482a", "#3c7d3c", "#7a4b94", "#8a6d1d", "#2a8a8a", "#555555")
MOST_GROUPS: Final = 30
Json = Mapping[str, Any]


@contextmanager
def drawing() -> Iterator[Any]:
    """Matplotlib with no window, no date and no chance in its files."""
    import matplotlib as mpl
    from matplotlib.rcsetup import cycler

    mpl.use("Agg")
    settings: Any = {
        "svg.hashsalt": "overt",
        "svg.fonttype": "none",
        "pdf.fonttype": 42,
        "font.size": 9,
        "font.family": "DejaVu Sans",
        "axes.grid": True,
        "grid.alpha": 0.3,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=COLOURS),
        "figure.constrained_layout.use": True,
        "text.parse_math": False,  # a name that people gave is no formula
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # What the font lacks is drawn as a box; the page and the tables have the name.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        from matplotlib.figure import Figure

        yield Figure


def figures_of(report: Json) -> dict[str, Any]:
    """Every figure that the data can carry, by its caption."""
    drawn: dict[str, Any] = {}
    with drawing() as figure:
        if not report["det"]["insufficient_data"]:
            drawn["Misses against false alarms, as the threshold moves (full list)"] = _det(
                figure, report
            )
        if len({entry["list_size"] for entry in report["rates"]}) > 1:
            drawn["Misses by list size, with 95 % intervals"] = _by_size(figure, report["rates"])
        for measure, name in (("fpir", "False alarms"), ("fnir", "Misses")):
            groups = _groups_measured(report.get("equality", {}), measure)
            if groups:
                drawn[f"{name} by self-declared group, with intervals that hold together"] = (
                    _groups(figure, groups, measure.upper())
                )
        if report.get("quality", {}).get("curves"):
            drawn["Misses that are left when the poorest pictures are discarded"] = _discard(
                figure, report["quality"]
            )
    return drawn


def as_svg(figure: Any) -> str:
    with drawing():
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def _axes(figure: Any) -> tuple[Any, Any]:
    drawn = figure(figsize=SIZE)
    return drawn, drawn.add_subplot()


def _det(figure: Any, report: Json) -> Any:
    drawn, axes = _axes(figure)
    det = report["det"]
    points = [(fpir, fnir) for fpir, fnir in zip(det["fpir"], det["fnir"], strict=True) if fpir > 0]
    axes.plot(
        [fpir for fpir, _ in points], [max(fnir, 1e-4) for _, fnir in points], drawstyle="steps"
    )
    operating = report["operating"]
    if operating["fpir"]["rate"] and operating["fnir"]["rate"]:
        axes.plot(
            operating["fpir"]["rate"], operating["fnir"]["rate"], "o",
            label=f"threshold {operating['threshold']:g}",
        )  # fmt: skip
        axes.legend(frameon=False)
    axes.set(xscale="log", yscale="log", xlabel="FPIR", ylabel="FNIR")
    least = min((fnir for _, fnir in points if fnir > 0), default=0.1)
    axes.set_ylim(10.0 ** np.floor(np.log10(least)), 1.1)  # whole decades: labels that can be read
    axes.set_xlim(10.0 ** np.floor(np.log10(min(fpir for fpir, _ in points))), 1.1)
    return drawn


def _by_size(figure: Any, rates: Sequence[Json]) -> Any:
    drawn, axes = _axes(figure)
    for target in sorted({entry["fpir_target"] for entry in rates}, reverse=True):
        entries = [
            each for each in rates if each["fpir_target"] == target and each["fnir"]["trials"]
        ]
        if not entries:
            continue
        middle = [each["fnir"]["rate"] for each in entries]
        below = [each["fnir"]["rate"] - each["fnir"]["low"] for each in entries]
        above = [each["fnir"]["high"] - each["fnir"]["rate"] for each in entries]
        axes.errorbar(
            [each["list_size"] for each in entries], middle, [below, above],
            marker="o", capsize=3, label=f"FPIR {target:g}",
        )  # fmt: skip
    sizes = sorted({entry["list_size"] for entry in rates})
    axes.set(xscale="log", xlabel="people on the list", ylabel="FNIR")
    axes.set_ylim(bottom=0)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=45)
    axes.minorticks_off()
    if axes.get_legend_handles_labels()[0]:
        axes.legend(frameon=False)
    return drawn


def _groups_measured(equality: Json, measure: str) -> list[tuple[str, Json]]:
    return [
        (f"{each['column']}: {group['value']}", group)
        for each in equality.get("disparities", ())
        if each["measure"] == measure and not each["crossed"]
        for group in each["groups"]
        if group["trials"]
    ][:MOST_GROUPS]


def _groups(figure: Any, groups: Sequence[tuple[str, Json]], name: str) -> Any:
    drawn = figure(figsize=(SIZE[0], 1.2 + 0.24 * len(groups)))
    axes = drawn.add_subplot()
    rates = [group["rate"] for _, group in groups]
    below = [max(group["rate"] - group["low"], 0) for _, group in groups]
    above = [max(group["high"] - group["rate"], 0) for _, group in groups]
    places = list(range(len(groups)))[::-1]
    axes.errorbar(rates, places, xerr=[below, above], fmt="o", capsize=3)
    axes.set_yticks(places, [label for label, _ in groups])
    axes.set_xlabel(name)
    axes.set_xlim(left=0)
    return drawn


def _discard(figure: Any, quality: Json) -> Any:
    drawn, axes = _axes(figure)
    for curve in quality["curves"][:5]:
        shares = [point["discarded"] for point in curve["curve"]]
        rates = [point["fnir"]["rate"] for point in curve["curve"]]
        axes.plot(shares, rates, marker=".", label=curve["measure"].replace("_", " "))
    axes.set(xlabel="share of probes discarded", ylabel="FNIR of the rest")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8)
    return drawn
