"""`overt walk plan`: a table for people, CSV and JSON for spreadsheets, one refusal for nonsense."""

import csv
import io
import json
from pathlib import Path

import pytest
from tests.fakes.command_line import Answer, CommandLine


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def planned(line: CommandLine, *more: object) -> Answer:
    return line.run("walk", "plan", *more)


@pytest.mark.requirement("R63")
def test_a_plan_is_a_table_and_its_files_say_the_same(line: CommandLine, tmp_path: Path) -> None:
    told = planned(line, "--people", 40, "--passes", 5, "--out", tmp_path / "plan", "--json")
    assert told.status == 0, told.err
    facts = json.loads(told.out)
    assert json.loads((tmp_path / "plan" / "plan.json").read_text()) == facts
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan" / "plan.csv").read_text())))
    assert [row["passes"] for row in rows] == ["200"]
    assert float(rows[0]["low"]) == facts["sizes"][0]["low"] < 0.9 < facts["sizes"][0]["high"]
    shown = planned(line, "--people", 40, "--passes", 5)
    assert "40" in shown.out
    assert "1 in 1,000 takes 2,995 faces" in shown.out


@pytest.mark.parametrize("wrong", [("--trr", 1), ("--likeness", 1.2), ("--people", 0)])
def test_nonsense_is_refused_and_nothing_is_written(
    line: CommandLine, tmp_path: Path, wrong: tuple[object, ...]
) -> None:
    told = planned(line, *wrong, "--out", tmp_path / "plan")
    assert told.status == 1
    assert not (tmp_path / "plan").exists()
