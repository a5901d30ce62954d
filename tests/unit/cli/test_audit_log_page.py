"""The page for outside auditors gives a program of their own, and it is right."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.fakes.authority import Hands

from overt.gate.gate import open_gate

PAGE = ROOT / "docs" / "audit-log.md"

pytestmark = pytest.mark.requirement("R57")


def check(program: Path, log: Path, key: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(program), str(log), key]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def program_of_the_page(folder: Path) -> Path:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    program = folder / "check.py"
    program.write_text(found[1], encoding="utf-8")
    return program


def test_thirty_lines_of_their_own_verify_a_log_and_find_what_was_changed(tmp_path: Path) -> None:
    program, hands = program_of_the_page(tmp_path), Hands()
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        actor = gate.whoami()
        key = gate.audit_key(actor)
        log = gate.export_audit(actor, tmp_path / "log").file
    assert check(program, log, key).stdout == "3 lines hold\n"
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    for tampered in (
        whole.replace(b"bootstrapped", b"bootstrappee"),
        b"".join([*lines[:1], *lines[2:]]),
        b"".join([lines[1], lines[0], *lines[2:]]),
        b"".join([*lines[:2], *lines[-1:]]),
        whole.replace(b'"seq":1', b'"seq": 1'),
    ):
        log.write_bytes(tampered)
        assert check(program, log, key).returncode != 0, tampered


def test_they_verify_a_log_that_begins_at_a_sealed_segment(tmp_path: Path) -> None:
    program, hands = program_of_the_page(tmp_path), Hands()
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        gate.whoami()
        gate.audit_lines(gate.whoami())
    hands.forward(timedelta(days=366 * 7))
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        actor = gate.whoami()
        key = gate.audit_key(actor)
        assert gate.seal_audit(actor) == 3
        log = gate.export_audit(actor, tmp_path / "log").file
    assert log.read_bytes().startswith(b'{"sealed":')
    assert "lines hold" in check(program, log, key).stdout
