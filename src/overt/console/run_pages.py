"""What the runs stand at: figures of frames, faces and stages, of nobody in particular."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from overt.console.console import Console, Reader, SignedIn
from overt.gate.run_figures import RunFigures

PLAIN: Final[Mapping[str, str]] = {
    "passages": "People who passed (passages)",
    "alerts": "Alerts",
    "alert_updates": "Better shots of an alert",
    "frames": "Frames",
    "fps": "Frames a second",
    "paused_frames": "Of them, passed over in a pause",
    "dropped": "Frames dropped for newer ones",
    "corrupt": "Damaged packets or frames",
    "missing_seconds": "Seconds that cut recordings promise and did not give",
    "reconnects": "Streams opened again",
    "restarts": "Camera processes started again",
    "waiting": "Frames waiting to be looked at",
    "newest_frame_age": "Age of the newest frame, seconds",
    "detections": "Frames in which faces were looked for",
    "faces": "Faces found in them",
    "tracks": "Tracks ended",
    "too_small": "Tracks that stayed too small",
    "out_of_zone": "Tracks that stayed out of the zone",
    "glimpses": "Tracks of fewer than three looks",
    "encodes": "Templates made",
    "second_looks": "Of them, with points found anew",
    "encodes_per_passage": "Templates a passage",
    "searches": "Comparisons with the list",
}
TABLES: Final[Mapping[str, str]] = {
    "not_matched_because": "Tracks without an alert, by chief reason",
    "looks_rejected_because": "Looks not worth a template, by reason",
    "outside_validated": "Passages outside of what was tested, by measure",
    "stages": "Cost of a stage, milliseconds a time",
    "latency_ms": "From first usable frame to alert, milliseconds",
    "evidence_ms": "Of that, until there was evidence enough, milliseconds of the camera's time",
}


def run_pages(console: Console) -> APIRouter:
    """Give the page of figures, and its rows for the script that keeps it current."""
    router = APIRouter()

    def listing(name: str, who: SignedIn) -> HTMLResponse:
        actor = console.actor(who)
        figures = console.gates().run_figures(actor)
        runs = [(run, plain(run), [*gauge(run), *tables(run)]) for run in figures]
        return console.page_for(who, actor, name, runs=runs)

    @router.get("/runs")
    def runs(who: Reader) -> HTMLResponse:
        return listing("runs.html", who)

    @router.get("/runs/rows")
    def rows(who: Reader) -> HTMLResponse:
        return listing("run_rows.html", who)

    return router


def plain(run: RunFigures) -> list[tuple[str, object]]:
    """Give the figures that are one number, each with its words."""
    figures = run.figures or {}
    return [(words, figures[name]) for name, words in PLAIN.items() if name in figures]


def gauge(run: RunFigures) -> list[tuple[str, list[tuple[str, object]]]]:
    """Give the false alerts among the faces seen, with an interval that holds at all times."""
    rate = run.false_alerts
    if rate is None:
        return []
    low, high = rate.interval
    found: list[tuple[str, object]] = [
        ("found false by a person", rate.seen.errors),
        ("faces seen", rate.seen.trials),
        ("true rate, 95 % interval", f"{low:.2g} to {high:.2g}"),
    ]
    if rate.ceiling < 1:
        found.append(("stops by itself above", f"1 in {1 / rate.ceiling:,.0f}"))
        found.append(("test of the ceiling", rate.verdict.value))
    return [("False alerts", found)]


def tables(run: RunFigures) -> list[tuple[str, list[tuple[str, object]]]]:
    """Give the figures that are several numbers, each with its words; empty ones are left out."""
    found = []
    for name, words in TABLES.items():
        table = (run.figures or {}).get(name)
        if isinstance(table, Mapping):
            rows = [(str(key).replace("_", " "), value) for key, value in table.items()]
            rows = [(key, value) for key, value in rows if value is not None]
            if rows:
                found.append((words, rows))
    return found
