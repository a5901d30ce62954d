"""The unit files of docs/systemd start a command that exists, often enough, and tell who failed."""

from configparser import ConfigParser
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from overt.cli.main import COMMANDS
from overt.policy.access import Permission, Role, permissions_of
from overt.policy.retention import LATE_AFTER

DOCS: Final = Path(__file__).parents[2] / "docs"
UNITS: Final = DOCS / "systemd"
pytestmark = pytest.mark.requirement("R52")


def unit(name: str) -> ConfigParser:
    read = ConfigParser(interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]  # names of systemd have capitals
    assert read.read(UNITS / name), name
    return read


def test_the_timer_runs_the_purge_more_often_than_it_may_be_late() -> None:
    timer = unit("overt-purge.timer")["Timer"]
    every = timedelta(minutes=int(timer["OnCalendar"].removeprefix("*:0/")))
    assert every * 2 < LATE_AFTER  # one missed start is no alarm yet
    assert timer["Persistent"] == "true"


def test_the_service_runs_a_command_of_this_overt_and_an_alarm_where_it_fails() -> None:
    service = unit("overt-purge.service")
    (program, command) = service["Service"]["ExecStart"].split()
    assert program.endswith("/overt")
    assert command in COMMANDS
    told = service["Unit"]["OnFailure"].replace("@%n.", "@.")
    assert "%i" in unit(told)["Service"]["ExecStart"]


def test_the_page_names_roles_that_may_purge() -> None:
    page = (DOCS / "purge-timer.md").read_text(encoding="utf-8")
    for role in (Role.ENGINEER, Role.OPERATOR, Role.ADMINISTRATOR):
        assert f"`{role.value}`" in page
        assert Permission.EXPIRE in permissions_of(frozenset({role}))
