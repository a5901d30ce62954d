"""The commands by which somebody outside convinces themselves: proofs, a witness, sealing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import Hands
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.installed import BEGAN, installed_home

from overt.gate.gate import open_gate

pytestmark = pytest.mark.requirement("R57")


class Desk:
    """An operator's home, an auditor's folder and a witness's, on one machine."""

    def __init__(self, folder: Path, line: CommandLine) -> None:
        self.folder = folder
        self.line = line
        self.audit("show")
        self.key = json.loads(self.audit("key", "--json").out)["key"]

    def audit(self, *words: object) -> Answer:
        return self.line.run("audit", *words)

    def file(self, name: str) -> Path:
        return self.folder / name

    def export(self, name: str) -> Path:
        assert self.audit("export", self.file(name)).status == 0
        return self.file(name)

    def witness(self, file: Path, *more: object) -> Answer:
        return self.audit(
            "witness", file, "--state", self.file("state"), "--key", self.file("w.key"), *more
        )

    def with_witness(self) -> "Desk":
        assert self.audit("witness-key", "ico.example/w", "--out", self.file("w.key")).status == 0
        first = self.witness(
            self.export("first"), "--log", self.key, "--out", self.file("cosigned")
        )
        assert first.status == 0, first.err
        return self


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    monkeypatch.setenv("OVERT_HOME", str(installed_home(tmp_path / "home", BEGAN)))
    return Desk(tmp_path, CommandLine(monkeypatch, capsys))


def test_a_line_is_proven_to_somebody_who_sees_no_other(desk: Desk) -> None:
    assert desk.audit("prove", 0, "--out", desk.file("proof")).status == 0
    told = desk.audit("verify", desk.file("proof"), "--key", desk.key, "--json")
    assert told.status == 0, told.err
    assert json.loads(told.out)["line"]["event"] == "installed"
    assert desk.audit("prove", 999).status == 1
    desk.file("proof").write_text(desk.file("proof").read_text().replace("index 0", "index 1"))
    refused = desk.audit("verify", desk.file("proof"), "--key", desk.key)
    assert (refused.status, "does not show line 1" in refused.err) == (1, True)


def test_a_log_is_proven_to_append_without_showing_a_line(desk: Desk) -> None:
    earlier = desk.export("earlier")
    desk.audit("show")
    assert desk.audit("consistency", "--since", earlier, "--out", desk.file("p")).status == 0
    told = desk.audit("verify", desk.file("p"), "--key", desk.key, "--since", earlier)
    assert told.status == 0, told.err
    assert "begin with the" in told.out
    assert "installed" not in desk.file("p").read_text()


def test_a_witness_follows_a_log_and_its_cosignature_is_verified(desk: Desk) -> None:
    desk.with_witness()
    desk.audit("show")
    followed = desk.witness(desk.export("second"), "--json")
    assert followed.status == 0, followed.err
    told = json.loads(followed.out)
    assert told["lines"] > told["since"]
    assert "ico.example/w" in told["checkpoint"]
    verified = desk.audit(
        "verify", desk.file("second"), "--key", desk.key,
        "--since", desk.file("cosigned"), "--witness", desk.file("w.key.pub"),
    )  # fmt: skip
    assert verified.status == 0, verified.err
    assert "cosigned by ico.example/w at" in verified.out


def test_a_log_that_no_witness_cosigned_is_refused_where_one_is_asked(desk: Desk) -> None:
    desk.with_witness()
    refused = desk.audit(
        "verify", desk.file("first"), "--key", desk.key, "--witness", desk.file("w.key.pub")
    )
    assert refused.status == 1
    assert "cosigned neither" in refused.err


def test_a_witness_follows_by_a_proof_alone(desk: Desk) -> None:
    desk.with_witness()
    desk.audit("show")
    desk.audit("consistency", "--since", desk.file("cosigned"), "--out", desk.file("p"))
    followed = desk.witness(desk.file("p"))
    assert followed.status == 0, followed.err


def test_a_witness_refuses_a_roll_back_and_keeps_its_state(desk: Desk) -> None:
    desk.with_witness()
    desk.audit("show")
    desk.witness(desk.export("second"))
    before = desk.file("state").read_bytes()
    refused = desk.witness(desk.file("first"))
    assert refused.status == 1
    assert "rolled back" in refused.err
    assert desk.file("state").read_bytes() == before


@pytest.mark.parametrize(
    ("state", "what"),
    [(None, "name its key with --log"), ("rubbish", "a witness's state is"), ("", "state is")],
)
def test_a_witness_without_its_memory_says_so(desk: Desk, state: str | None, what: str) -> None:
    desk.audit("witness-key", "w", "--out", desk.file("w.key"))
    if state is not None:
        desk.file("state").write_text(state)
    refused = desk.witness(desk.export("first"))
    assert (refused.status, what in refused.err) == (1, True), refused.err


def test_a_witness_s_key_is_private_and_never_overwritten(desk: Desk) -> None:
    desk.audit("witness-key", "w", "--out", desk.file("w.key"))
    assert desk.file("w.key").stat().st_mode & 0o777 == 0o600
    assert desk.audit("witness-key", "w", "--out", desk.file("w.key")).status == 1
    assert desk.audit("witness-key", "a b", "--out", desk.file("other")).status == 1


def test_a_witness_s_key_that_others_may_read_cosigns_nothing(desk: Desk) -> None:
    desk.with_witness().file("w.key").chmod(0o640)
    refused = desk.witness(desk.export("second"))
    assert refused.status == 1
    assert "chmod 600" in refused.err


@pytest.mark.requirement("R56")
def test_an_export_says_to_whom_it_goes_and_why(desk: Desk) -> None:
    to, why = ("--recipient", "the commissioner"), ("--justification", "audit of November")
    assert desk.audit("export", desk.file("log"), *to, *why).status == 0
    told = json.loads(desk.file("log").read_text().splitlines()[-2])["detail"]
    assert (told["recipients"], told["justification"]) == (to[1], why[1])


def test_lines_whose_time_is_over_are_sealed_and_later_ones_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hands = Hands()
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("overt.cli.acting.Clock", hands.clock)
    monkeypatch.setattr("overt.units.Clock", hands.clock)
    desk = Desk(tmp_path, CommandLine(monkeypatch, capsys))
    early = desk.export("early")
    assert "no line's time is over" in desk.audit("seal").out
    hands.forward(timedelta(days=366 * 7))
    assert "lines are sealed" in desk.audit("seal").out
    late = desk.export("late")
    told = desk.audit("verify", late, "--key", desk.key)
    assert (told.status, "are sealed: their content is gone" in told.out) == (0, True)
    assert b'"event":"installed"' not in late.read_bytes()
    assert desk.audit("verify", late, "--key", desk.key, "--since", early).status == 0
    desk.audit("consistency", "--since", early, "--out", desk.file("p"))
    assert desk.audit("verify", desk.file("p"), "--key", desk.key, "--since", early).status == 0
    assert desk.audit("prove", 0).status == 1
    assert desk.audit("check").status == 0
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        assert gate.whoami().roles
