"""Figures are shown in words, and what was not counted is left out."""

from datetime import UTC, datetime
from typing import Any

from overt.console.run_pages import plain, tables
from overt.gate.run_figures import RunFigures
from overt.identifiers import DeploymentId, RunId
from overt.units import UtcTime


def run(**figures: Any) -> RunFigures:
    started = UtcTime(datetime(2026, 11, 30, 10, tzinfo=UTC))
    return RunFigures(RunId("r"), DeploymentId("d"), started, None, figures or None)


def test_each_figure_has_its_words() -> None:
    assert plain(run(passages=12, alerts=0)) == [
        ("People who passed (passages)", 12),
        ("Alerts", 0),
    ]


def test_tables_leave_out_what_never_happened() -> None:
    shown = tables(run(stages={"search_ms": 0.2, "raising_ms": None}, not_matched_because={}))
    assert shown == [("Cost of a stage, milliseconds a time", [("search ms", 0.2)])]


def test_a_run_without_figures_shows_none() -> None:
    assert (plain(run()), tables(run())) == ([], [])
