"""What the log hands out verifies, and nothing is handed out of a log that was altered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.meddling import without_triggers

from overt.audit.note import read_verifier
from overt.audit.verify import read_since, verify
from overt.errors import Fault, Refused
from overt.gate.gate import Gate, open_gate
from overt.units import Clock


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with open_gate(tmp_path / "home", Clock()) as opened:
        yield opened


@pytest.mark.requirement("R57")
def test_an_export_verifies_with_the_public_key_and_tells_of_itself(
    gate: Gate, tmp_path: Path
) -> None:
    actor = gate.whoami()
    done = gate.export_audit(actor, tmp_path / "log.jsonl")
    verifier = read_verifier(gate.audit_key(actor))
    with done.file.open("rb") as file:
        assert verify(file, verifier).lines == done.lines == 3
    assert b'"event":"audit-exported"' in done.file.read_bytes()


def test_an_earlier_checkpoint_holds_for_a_later_export(gate: Gate, tmp_path: Path) -> None:
    actor = gate.whoami()
    verifier = read_verifier(gate.audit_key(actor))
    since = read_since(gate.audit_checkpoint(actor), verifier)
    done = gate.export_audit(actor, tmp_path / "log.jsonl")
    with done.file.open("rb") as file:
        assert verify(file, verifier, since).since == since


@pytest.mark.requirement("R55")
def test_reading_the_log_is_a_line_of_the_log(gate: Gate) -> None:
    actor = gate.whoami()
    gate.audit_lines(actor)
    assert [line.event for line in gate.audit_lines(actor, last=2)] == ["audit-read"] * 2


@pytest.mark.parametrize("altered", ["X'7b7d'", "'{}'", "replace(line, 'installed', 'expired')"])
def test_a_line_altered_by_somebody_with_the_database_is_never_signed_away(
    gate: Gate, tmp_path: Path, altered: str
) -> None:
    actor = gate.whoami()
    with without_triggers(tmp_path / "home" / "overt.db") as raw:
        raw.execute(f"UPDATE audit SET line = {altered} WHERE seq = 0")
    with pytest.raises(Fault, match="altered outside overt"):
        gate.export_audit(actor, tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()


def test_an_export_to_where_no_file_can_be_is_refused(gate: Gate, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        gate.export_audit(gate.whoami(), tmp_path / "no folder" / "log.jsonl")
