"""`overt sign-on` and `overt users link`, as an administrator types them."""

import io
import json
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.openid_provider import CLIENT, SECRET, openid_provider

from overt.units import Clock

KENT: Final = ("--client-id", CLIENT, "--name", "Kent Police")


@pytest.fixture
def line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    return CommandLine(monkeypatch, capsys)


def piped(line: CommandLine, value: str, *arguments: object) -> Answer:
    line.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(value.encode())))
    return line.run(*arguments)


@pytest.mark.requirement("R68")
def test_an_organisation_is_configured_checked_linked_and_removed(line: CommandLine) -> None:
    assert "no organisation is configured" in line.run("sign-on", "show").err
    with openid_provider(lambda: Clock().now().timestamp()) as provider:
        told = piped(line, f"{SECRET}\n", "sign-on", "set", provider.issuer, *KENT, "--json")
        assert told.status == 0, told.err
        assert SECRET not in told.out + told.err
        assert json.loads(told.out)["issuer"] == provider.issuer
        assert f"{provider.issuer} answers" in line.run("sign-on", "check").out
    away = line.run("sign-on", "check")
    assert (away.status, away.err.count("\n")) == (1, 1)
    assert "does not answer" in away.err
    assert "Traceback" not in away.err
    line.run("users", "add", "ana")
    assert line.run("users", "link", "ana", "8f3a").status == 0
    assert "linked: ana" in line.run("sign-on", "show").out
    assert line.run("users", "link", "ana", "two words").status == 1
    assert line.run("users", "unlink", "ana").status == 0
    assert line.run("sign-on", "remove").status == 0
    assert line.run("sign-on", "show").status == 1


@pytest.mark.parametrize("issuer", ["", "http://sign-in.example", "sign-in.example"])
def test_what_cannot_be_asked_safely_is_refused(line: CommandLine, issuer: str) -> None:
    told = piped(line, "secret", "sign-on", "set", issuer, *KENT)
    assert (told.status, "issuer" in told.err) == (1, True)
