"""Every way in ends with the right status and without a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.cli.main import COMMANDS, GROUPS


def overt(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "overt", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OVERT_HOME": str(home)},
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["run"],
        ["run", "no-such.toml"],
        ["run", "--unknown-option", "x"],
        ["keys", "new"],
        ["deployment", "check", "/"],
        ["stop", "never-ran"],
        ["watchlist", "show", "no-such-list"],
    ],
)
def test_bad_input_is_one_message_and_status_1(arguments: list[str], tmp_path: Path) -> None:
    ended = overt(tmp_path / "home", *arguments)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert "the program failed" not in ended.stderr


def test_the_list_of_commands_names_every_group_and_command(tmp_path: Path) -> None:
    listed = overt(tmp_path / "home", "--help").stdout
    assert [name for name in (*GROUPS, *COMMANDS) if name not in listed] == []


@pytest.mark.parametrize("command", [*GROUPS, *COMMANDS])
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    ended = overt(tmp_path / "home", command, "--help")
    assert ended.returncode == 0
    assert "Usage" in ended.stdout
    assert not (tmp_path / "home").exists()
