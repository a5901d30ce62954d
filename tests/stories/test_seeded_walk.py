"""A seeded walk from consent to report: taps on a phone, alerts of a run, TRR and FAR of both."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.fakes.authority import Force, Hands, a_force, models_folder
from tests.fakes.command_line import CommandLine
from tests.fakes.films import film
from tests.fakes.planted_alerts import BOX, an_alert, jpeg
from tests.fakes.still_sets import portrait

from overt.alerts.evidence import Evidence
from overt.assurance.walk_report import walk_page, walk_report
from overt.audit.events import AuditEvent
from overt.console.app import build_app
from overt.console.sign_in import SignIn
from overt.errors import Refused
from overt.gate.open_deployment import OpenDeployment
from overt.gate.walks import ConsentOrder
from overt.identifiers import AlertId, DeploymentId, PassageId, SubjectId
from overt.rates.walk_matching import REACH, Standing
from overt.units import Clock, iso, utc

HOST: Final = "127.0.0.1:8630"
WALK: Final = DeploymentId("walk-1")
SHOT: Final = Evidence(probe=jpeg(50), scene=jpeg(60), box=BOX)
WHOLE: Final = "[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]"
PEOPLE: Final = 12
SEEN_AS_LISTED: Final = {number for number in range(1, PEOPLE + 1) if number % 4}


@dataclass(slots=True)
class Marshal:
    """Somebody with a phone at the walk, and the run that goes on meanwhile."""

    force: Force
    http: TestClient
    deployment: OpenDeployment
    raised: int = 0

    def taps(self, who: str, *, headgear: str = "none", **forged: str) -> int:
        page = self.http.get(f"/walks/{WALK}").text
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token is not None
        fields = {
            "csrf": token[1], "participant": who, "camera": "north", "light": "daylight",
            "distance": "near", "eyewear": "none", "headgear": headgear, "zone": "through",
        }  # fmt: skip
        return self.http.post(f"/walks/{WALK}/passed", data={**fields, **forged}).status_code

    def alerts(self, who: str) -> None:
        """The camera's process raises an alert now."""
        self.raised += 1
        now = self.force.clock.now()
        alert = an_alert(
            id=AlertId(f"a-{self.raised}"), passage=PassageId(f"north-{self.raised}"),
            subject_id=SubjectId(who), captured_at=now, raised_at=now,
        )  # fmt: skip
        self.force.gate.raise_alert(self.deployment.actor, self.deployment, alert, SHOT)

    def waits(self) -> None:
        self.force.hands.forward(timedelta(seconds=60))

    def report(self) -> dict[str, Any]:
        return walk_report(self.force.gate.walk(self.force.actor, WALK), REACH)


def consented(force: Force, who: str) -> None:
    order = ConsentOrder(SubjectId(who), date(2026, 11, 29), "Form 7")
    force.gate.record_consent(force.actor, order)


@pytest.fixture
def marshal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Marshal]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as force:
        force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
        force.import_people(PEOPLE)
        for number in range(1, PEOPLE + 1):
            consented(force, f"S{number}")
        consented(force, "C1")  # walks, and is on no list
        force.sign(use_case='"seeded-walk"')
        sign_in = SignIn(force.clock.now)
        app = build_app(lambda: force.gate, sign_in=sign_in, hosts=frozenset({HOST}))
        with TestClient(app, base_url=f"http://{HOST}") as http:
            http.get(f"/sign-in?token={sign_in.new_link()}")
            yield Marshal(force, http, force.open())


@pytest.mark.requirement("R25")
@pytest.mark.requirement("R63")
def test_a_walk_tells_the_trr_that_is_known_and_enters_no_figure_of_operations(
    marshal: Marshal,
) -> None:
    force = marshal.force
    for number in range(1, PEOPLE + 1):
        marshal.waits()
        assert marshal.taps(f"S{number}") == 200
        if number in SEEN_AS_LISTED:
            marshal.alerts(f"S{number}")
    marshal.waits()
    marshal.alerts("S1")  # nobody was logged
    marshal.waits()
    marshal.taps("C1", headgear="hood")
    marshal.alerts("S2")  # of the control
    force.gate.close_run(
        force.actor, marshal.deployment, {"passages": 400, "alerts": marshal.raised}
    )
    report = marshal.report()
    assert (report["trr"]["count"], report["trr"]["trials"]) == (9, 12)
    assert (report["far"]["errors"], report["far"]["trials"]) == (2, 400)
    assert report["doubts"]["alerts_without_pass"] == 2
    assert report["passes"][Standing.MISSED.value] == 3
    hood = next(row for row in report["by_condition"] if row["value"] == "hood")
    assert (hood["control_far"]["count"], hood["control_far"]["trials"]) == (1, 1)
    assert hood["trr"]["insufficient_data"]
    page = walk_page(json.loads(json.dumps(report)))
    assert "9 of 12, 75 %" in page
    assert "S1" not in page  # nobody is named, not by id either
    assert force.gate.places(force.actor) == ()
    assert force.gate.review_statistics(force.actor) == ()


@pytest.mark.requirement("R63")
def test_a_walk_before_a_recording_is_measured_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The real flow over a film: S1 is listed and passes, then C1, who is on no list."""
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    film(tmp_path / "street.mp4", [(1, 2.0), (None, 1.6), (9, 2.0), (None, 1.6)])
    clock = Clock()
    with a_force(tmp_path, Hands(clock.now().timestamp())) as force:
        force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
        (tmp_path / "list").mkdir()
        (tmp_path / "list" / "s1.png").write_bytes(portrait(1, 0))
        force.import_people(1)
        written = force.write_deployment(use_case='"seeded-walk"', threshold="0.99").read_text()
        written = re.sub('source = ".*"', 'source = "street.mp4"', written)
        force.toml.write_text(re.sub("zone = .*", f"zone = {WHOLE}", written))
        force.gate.sign_deployment(force.actor, force.toml, force.key)
    line, events = CommandLine(monkeypatch, capsys), tmp_path / "events.jsonl"
    run = ("run", force.toml, "--fast", "--json", "--events", events)
    refused = line.run(*run)
    assert (refused.status, "no consent stands for S1" in refused.err) == (1, True)
    said = ("--given-on", clock.now().date().isoformat(), "--explained", "Form 7")
    for who in ("S1", "C1"):
        assert line.run("walk", "consent", who, *said).status == 0
    ran = line.run(*run)
    assert ran.status == 0, ran.err
    told = [json.loads(each) for each in events.read_text().splitlines()]
    (alert,) = (each for each in told if each["event"] == "alert")
    began = datetime.fromisoformat(alert["captured_at"]) - timedelta(seconds=alert["media_time"])
    rows = ["participant,camera,at,light,distance,eyewear,headgear"]
    # Watched faster than it ran, the end of the film lies ahead of the run's own end: whoever is
    # missed there is a miss all the same.
    for who, after in (("S1", 1.0), ("C1", 4.6), ("S1", 7.0)):
        rows.append(f"{who},north,{iso(utc(began + timedelta(seconds=after)))},lamps,near,none,hat")
    (tmp_path / "passes.csv").write_text("\n".join(rows))
    logged = line.run("walk", "log", WALK, tmp_path / "passes.csv")
    assert logged.status == 0, logged.err
    report = json.loads(line.run("walk", "report", WALK, "--out", tmp_path / "out", "--json").out)
    assert (report["trr"]["count"], report["trr"]["trials"]) == (1, 2)
    assert (report["far"]["errors"], report["far"]["trials"]) == (0, 2)
    assert (report["control_far"]["count"], report["control_far"]["trials"]) == (0, 1)
    assert report["passes"][Standing.NOT_RUNNING.value] == 0
    page = (tmp_path / "out" / "walk.html").read_text()
    assert "1 of 2" in page
    assert "S1" not in page


def test_whoever_withdraws_is_sought_no_more_and_in_no_figure(marshal: Marshal) -> None:
    marshal.taps("S1")
    marshal.alerts("S1")
    marshal.waits()
    marshal.taps("S2")
    gone = marshal.force.gate.withdraw_consent(marshal.force.actor, SubjectId("S1"))
    assert (gone.passes, gone.erased.alerts) == (1, 1)
    marshal.waits()
    with pytest.raises(Refused, match="not looked for"):
        marshal.alerts("S1")
    assert marshal.taps("S1") == 409
    report = marshal.report()
    assert (report["trr"]["count"], report["trr"]["trials"]) == (0, 1)
    assert report["data"]["participants_withdrawn"] == 1
    marshal.force.last(AuditEvent.CONSENT_WITHDRAWN.value)


def test_a_form_without_its_token_logs_nothing(marshal: Marshal) -> None:
    assert marshal.taps("S1", csrf="forged") == 403
    assert marshal.taps("", csrf="") == 403
    assert marshal.taps("") == 409
    assert marshal.report()["data"]["passes_logged"] == 0
