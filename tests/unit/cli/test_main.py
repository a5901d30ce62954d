"""Every way in ends with the right status and without a traceback."""

import os
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.fakes.command_line import CommandLine

from overt.cli.main import COMMANDS, GROUPS
from overt.gate.gate import open_gate
from overt.units import Clock


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
        ["demo", "--headless", "--keep", "/"],
        ["demo", "--headless", "--keep", "/dev/null/demo"],
    ],
)
def test_bad_input_is_one_message_and_status_1(arguments: list[str], tmp_path: Path) -> None:
    ended = overt(tmp_path / "home", *arguments)
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
    assert "the program failed" not in ended.stderr


SELDOM = {"alembic", "joserfc", "matplotlib", "mako", "prometheus_client", "scipy", "skimage"}


def test_a_run_starts_without_what_it_seldom_needs(tmp_path: Path) -> None:
    with open_gate(tmp_path / "home", Clock()):
        pass  # its first opening makes the records, which takes alembic
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "overt", "run", str(tmp_path / "none.toml")],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OVERT_HOME": str(tmp_path / "home")},
    )
    loaded = {
        line.rsplit("|")[-1].strip().split(".")[0]
        for line in ended.stderr.splitlines()
        if line.startswith("import time:")
    }
    assert "none.toml" in ended.stderr
    assert "sqlalchemy" in loaded
    assert not loaded & SELDOM


def test_overt_says_which_version_it_is(tmp_path: Path) -> None:
    ended = overt(tmp_path / "home", "--version")
    assert (ended.returncode, ended.stdout) == (0, f"overt {version('overt')}\n")
    assert "--version" in overt(tmp_path / "home", "--help").stdout


def test_in_a_pipe_too_a_line_is_there_as_soon_as_it_is_printed(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    arguments = ["demo", "--headless", "--keep", str(tmp_path / "demo")]
    with subprocess.Popen(
        [sys.executable, "-m", "overt", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "OVERT_HOME": str(tmp_path / "home")},
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith("Composing")
        time.sleep(1.0)
        assert demo.poll() is None  # what waits in a buffer comes when it ends
        demo.kill()


def test_the_list_of_commands_names_every_group_and_command(tmp_path: Path) -> None:
    listed = overt(tmp_path / "home", "--help").stdout
    assert [name for name in (*GROUPS, *COMMANDS) if name not in listed] == []


@pytest.mark.parametrize("command", [*GROUPS, *COMMANDS])
def test_every_command_explains_itself(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    ended = CommandLine(monkeypatch, capsys).run(command, "--help")
    assert ended.status == 0
    assert "Usage" in ended.out
    assert not (tmp_path / "home").exists()


INTERRUPTED_AT = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Interrupting(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{module}":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv = ["overt", "doctor", "--help"]
from overt.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["overt.cli.main", "overt.errors", "typer", "overt.cli.doctor"])
def test_an_early_interrupt_is_one_line_and_status_130(module: str, tmp_path: Path) -> None:
    # Whoever runs the tests may ignore interrupts, as a shell's background commands do.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    ended = subprocess.run(
        [sys.executable, "-c", heard + INTERRUPTED_AT.format(module=module)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OVERT_HOME": str(tmp_path / "home")},
    )
    assert (ended.returncode, ended.stderr) == (130, "interrupted\n")


def test_an_interrupt_that_was_to_be_ignored_is_ignored(tmp_path: Path) -> None:
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    ended = subprocess.run(
        [sys.executable, "-c", ignoring + INTERRUPTED_AT.format(module="typer")],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "OVERT_HOME": str(tmp_path / "home")},
    )
    assert ended.returncode != 130
    assert "interrupted" not in ended.stderr


def test_what_the_command_frees_is_overwritten_whatever_its_size(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['overt', '--version']; from overt.__main__ import main\n"
        "import atexit, os; atexit.register(lambda: print(os.environ['GLIBC_TUNABLES'])); main()"
    )
    environment = {k: v for k, v in os.environ.items() if k != "GLIBC_TUNABLES"}
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    ).stdout
    assert "glibc.malloc.tcache_count=0" in told
