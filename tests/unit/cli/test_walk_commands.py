"""`overt walk`: consents, passes from a file and the report, as an assessor types them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from tests.fakes.authority import Hands, a_force, models_folder
from tests.fakes.command_line import Answer, CommandLine

from overt.units import Clock, UtcTime, iso

NOW: Final = Clock().now()
HEADER: Final = "participant,camera,at,light,distance,eyewear,headgear"


@pytest.fixture
def line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """In an OVERT_HOME with a signed walk of three people."""
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    with a_force(tmp_path, Hands(NOW.timestamp())) as force:
        force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
        force.import_people()
        force.sign(use_case='"seeded-walk"')
    return CommandLine(monkeypatch, capsys)


def consent(line: CommandLine, who: str) -> Answer:
    given = NOW.date().isoformat()
    return line.run("walk", "consent", who, "--given-on", given, "--explained", "Form 7")


def log(line: CommandLine, folder: Path, *rows: str) -> Answer:
    (folder / "walk.csv").write_text("\n".join([HEADER, *rows]))
    return line.run("walk", "log", "walk-1", folder / "walk.csv")


@pytest.mark.requirement("R63")
def test_from_consent_to_report_on_the_command_line(line: CommandLine, tmp_path: Path) -> None:
    assert consent(line, "S1").status == 0
    assert consent(line, "Ada Lovelace").status == 1
    good = f"S1,north,{iso(UtcTime(NOW - timedelta(minutes=1)))},lamps,middle,none,hat"
    bad = log(line, tmp_path, good, good.replace("lamps", "dim"), good.replace("S1", "S2"))
    assert bad.status == 1
    assert "line 3: light 'dim'" in bad.err
    assert "line 4: no consent of S2" in bad.err
    assert log(line, tmp_path, good).status == 0
    told = line.run("walk", "report", "walk-1", "--out", tmp_path / "out", "--json")
    assert told.status == 0, told.err
    report = json.loads(told.out)
    assert report["data"]["passes_logged"] == 1
    assert report["far"]["insufficient_data"]
    assert json.loads((tmp_path / "out" / "walk.json").read_text()) == report
    assert "Insufficient data" in (tmp_path / "out" / "walk.html").read_text()
    assert "1 pass, 1 image" in line.run("walk", "withdraw", "S1").out
    assert "S1: withdrawn" in line.run("walk", "consents").out
    assert line.run("walk", "report", "nowhere", "--out", tmp_path / "out").status == 1
