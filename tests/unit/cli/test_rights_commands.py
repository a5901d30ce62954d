"""`overt rights`: from a letter that came to the letter that goes out."""

import json
from pathlib import Path
from typing import Final

import pytest
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.installed import BEGAN, installed_home

from overt.units import Clock

TODAY: Final = Clock().now().date().isoformat()


@pytest.fixture
def line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    monkeypatch.setenv("OVERT_HOME", str(installed_home(tmp_path / "home", BEGAN)))
    return CommandLine(monkeypatch, capsys)


def rights(line: CommandLine, *more: object) -> Answer:
    return line.run("rights", *more)


@pytest.mark.requirement("R69")
def test_a_letter_comes_and_a_letter_goes(line: CommandLine, tmp_path: Path) -> None:
    came = ("--name", "Ada Lovelace", "--contact", "12 St James's Square", "--words", "my data")
    told = rights(line, "receive", "--right", "access", *came, "--received-on", TODAY, "--json")
    assert told.status == 0, told.err
    request = json.loads(told.out)["id"]
    assert f"{request}  access" in rights(line, "list").out
    assert rights(line, "identity", request).status == 1
    assert rights(line, "identity", request, "--ask").status == 0
    assert "waits for the person" in rights(line, "list").out
    assert rights(line, "search", request).status == 1
    assert rights(line, "identity", request, "--how", "passport").status == 0
    assert rights(line, "search", request, "--subject", "S1").status == 0
    answer = ("--controller", "A force", "--out", tmp_path / "letter")
    assert rights(line, "answer", request, "--outcome", "granted-ish", *answer).status == 1
    assert rights(line, "answer", request, "--outcome", "refused", *answer).status == 1
    done = rights(line, "answer", request, "--outcome", "nothing-held", *answer)
    assert done.status == 0, done.err
    letter = (tmp_path / "letter" / "answer.txt").read_text()
    assert "To Ada Lovelace, 12 St James's Square" in letter
    assert "Information Commissioner" in (tmp_path / "letter" / "answer.html").read_text()
    assert "answered: nothing-held" in rights(line, "show", request).out
