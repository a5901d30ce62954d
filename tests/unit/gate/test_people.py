"""The first account becomes the administrator; every other has no roles."""

import os
import pwd
from pathlib import Path

import pytest

from overt.errors import NotPermitted
from overt.gate.gate import open_gate
from overt.gate.people import account
from overt.policy.access import Role
from overt.units import Clock


def test_the_first_command_makes_its_account_the_administrator_and_says_so(tmp_path: Path) -> None:
    with open_gate(tmp_path / "home", Clock()) as gate:
        actor = gate.whoami()
        events = [line.event for line in gate.audit_lines(actor)]
    assert actor.roles == {Role.ADMINISTRATOR}
    assert events == ["installed", "bootstrapped", "audit-read"]


def test_the_account_is_the_systems_and_not_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert account() == pwd.getpwuid(os.geteuid()).pw_name


def test_an_account_without_an_entry_goes_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
    assert account() == "uid-3999999"


@pytest.mark.requirement("R6")
def test_a_second_account_has_no_roles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_gate(tmp_path / "home", Clock()) as gate:
        gate.whoami()
        monkeypatch.setattr(os, "geteuid", lambda: 3_999_999)
        second = gate.whoami()
        assert second.roles == frozenset()
        with pytest.raises(NotPermitted, match="uid-3999999 may not read the audit log"):
            gate.audit_lines(second)
