"""The public's record is what the log's lines add up to, and a drill's cannot be taken for another."""

import csv
import io
from datetime import timedelta
from typing import Final

import pytest
from scipy.stats import binomtest
from tests.fakes.deployment_files import NOW, police

from overt.config.deployment import as_json as signed_form
from overt.identifiers import ActorId
from overt.policy.public_record import DRILL, PublicRecord, as_csv, as_json, public_record
from overt.policy.told import Detail, Told
from overt.rates.counts import Rate
from overt.units import UtcTime, iso

pytestmark = [pytest.mark.requirement("R58"), pytest.mark.requirement("R60")]

ID: Final = "oxford-circus-2026-11-30"
HOME_OFFICE: Final = [
    "Deployment", "Date", "Deployment type", "Duration of deployment", "Number of cameras",
    "Watchlist number", "Threshold settings", "Total alerts", "Positive alerts",
    "Positive interventions", "Incorrect alerts", "Incorrect interventions",
    "Arrests or disposals", "Faces seen", "Incorrect alert rate",
]  # fmt: skip


def line(event: str, minutes: int = 0, **detail: str | int | bool) -> Told:
    told: Detail = detail
    at = UtcTime(NOW + timedelta(minutes=minutes))
    return Told(seq=minutes, at=at, by=ActorId("x"), event=event, detail=told)


def run(*, faces: int = 900) -> list[Told]:
    told: Detail = {"deployment": ID, "run": "r"}
    return [
        line("deployment-opened", 0, **told, people=12, model="open@x/f32"),
        line("run-ended", 150, **told, faces=faces, alerts=0),
    ]


def alert(name: str, *moves: str) -> list[Told]:
    raised = line("alert-raised", 1, deployment=ID, alert=name)
    return [raised, *(line("alert-decided", 2, alert=name, move=move) for move in moves)]


def record(*lines: Told) -> PublicRecord:
    return public_record(signed_form(police()), "uk-police-2026/2 x", lines)


def test_a_deployment_without_an_alert_has_a_record_too() -> None:
    found = record(*run())
    row = next(csv.DictReader(io.StringIO(as_csv([found]))))
    assert list(row)[: len(HOME_OFFICE)] == HOME_OFFICE
    assert row["Duration of deployment"] == "2:30"
    assert (row["Total alerts"], row["Faces seen"], row["Drill"]) == ("0", "900", "no")
    assert row["Incorrect alert rate"] == "0.00000%"
    assert as_json(found)["incorrect_alert_rate"] == Rate(0, 900).as_json()


def test_each_alert_is_positive_incorrect_or_unresolved() -> None:
    found = record(
        *run(),
        *alert("a", "judge-possible-match", "judge-possible-match", "dispatch", "find-true"),
        *alert("b", "judge-possible-match", "find-false"),
        *alert("c", "judge-not-the-person"),
        *alert("d", "judge-unsure"),
        *alert("e", "judge-possible-match", "stop"),
        *alert("f"),
    )
    assert (found.alerts, found.positive, found.incorrect, found.unresolved) == (6, 1, 2, 3)
    assert (found.positive_interventions, found.incorrect_interventions) == (1, 1)
    assert found.rate == Rate(2, 900)


@pytest.mark.requirement("R61")
def test_incorrect_alerts_are_told_among_faces_and_among_alerts_each_with_its_interval() -> None:
    # 10 of 2,077 alerts in 3,147,436 faces: 0.0003 % of faces, 0.48 % of alerts (Met, AR 2025).
    wrong = [each for n in range(10) for each in alert(f"w{n}", "judge-not-the-person")]
    others = [each for n in range(2_067) for each in alert(f"r{n}", "find-true")]
    found = record(*run(faces=3_147_436), *wrong, *others)
    row = found.columns(drill=False)
    assert row["Incorrect alert rate"] == "0.00032%"
    assert row["Incorrect alerts among all alerts"] == "0.48146%"
    exact = binomtest(10, 2_077).proportion_ci(method="exact")
    assert row["Incorrect alerts among all alerts, 95 % interval"] == (
        f"{exact.low:.5%} to {exact.high:.5%}"
    )
    assert as_json(found)["incorrect_among_alerts"] == Rate(10, 2_077).as_json()


@pytest.mark.requirement("R61")
def test_without_alerts_or_faces_no_share_is_made_up() -> None:
    row = record(*run(faces=0)).columns(drill=False)
    assert row["Incorrect alerts among all alerts"] == "no alerts"
    assert row["Incorrect alerts among all alerts, 95 % interval"] == "no alerts"
    assert row["Incorrect alert rate, 95 % interval"] == "no faces"


def test_alerts_of_other_deployments_are_not_counted() -> None:
    other = line("alert-raised", 1, deployment="elsewhere", alert="z")
    assert record(*run(), other, line("alert-decided", 2, alert="z", move="find-true")).alerts == 0


def test_the_lead_of_the_notice_is_told() -> None:
    published = iso(UtcTime(NOW - timedelta(hours=49)))
    noticed = line("deployment-noticed", 0, deployment=ID, published_at=published)
    assert record(noticed, *run()).notice_hours == 48.0


def test_a_drills_record_cannot_be_taken_for_a_real_one() -> None:
    (row,) = csv.DictReader(io.StringIO(as_csv([record(*run())], drill=True)))
    assert [row[name].startswith(DRILL) for name in ("Deployment", "Deployment type", "Place")]
    assert row["Drill"].startswith("yes")
    assert as_json(record(*run()), drill=True)["notice"] == DRILL


def test_without_any_there_is_a_header() -> None:
    assert as_csv([]) == "Deployment\r\n"
