"""Figures are shown in words, and what was not counted is left out."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from overt.console.run_pages import gauge, plain, tables
from overt.gate.run_figures import RunFigures
from overt.identifiers import DeploymentId, RunId
from overt.rates.false_alert_rate import false_alert_rate
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


def test_false_alerts_are_told_with_their_interval_and_ceiling() -> None:
    told = replace(run(passages=4_000), false_alerts=false_alert_rate(2, 4_000, 0.001))
    assert gauge(told) == [
        (
            "False alerts",
            [
                ("found false by a person", 2),
                ("faces seen", 4_000),
                ("true rate, 95 % interval", "4.6e-06 to 0.0033"),
                ("stops by itself above", "1 in 1,000"),
                ("test of the ceiling", "go on"),
            ],
        )
    ]
    assert gauge(run()) == []


def test_a_run_without_figures_shows_none() -> None:
    assert (plain(run()), tables(run())) == ([], [])
