"""Whoever decides from the log reads it in the one way that proves what it reads."""

import re
from pathlib import Path

import pytest

import overt

GATE = Path(overt.__file__).parent / "gate"
PROVES_ITSELF = {"records_check.py"}
"""Holds every line against the signed tree, and has to read what was altered."""


@pytest.mark.requirement("R57")
def test_no_module_of_the_gate_reads_the_logs_table_by_itself() -> None:
    reading = {
        file.name
        for file in GATE.glob("*.py")
        if re.search(r"\bAuditRow\b|import .*\bLINE\b|FROM audit\b", file.read_text("utf-8"))
    }
    assert reading == PROVES_ITSELF
