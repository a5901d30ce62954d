"""Run a command of `overt` in this process, as its users meet it: status, output, errors."""

import sys
from dataclasses import dataclass

import pytest

from overt.cli.main import main


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    out: str
    err: str


@dataclass(slots=True)
class CommandLine:
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> Answer:
        self.monkeypatch.setattr(sys, "argv", ["overt", *map(str, arguments)])
        self.capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        said = self.capsys.readouterr()
        return Answer(status, said.out, said.err)
