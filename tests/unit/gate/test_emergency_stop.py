"""A run whose records cannot be written is stopped all the same, and nothing else is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from overt.errors import Refused
from overt.gate.emergency_stop import stop_without_records
from overt.identifiers import DeploymentId
from overt.records.home import Home, run_lock

RUN = DeploymentId("oxford-circus")
HOLD = """
import sys, time
from pathlib import Path
from overt.records.home import Home, run_lock
lock = run_lock(Home(Path(sys.argv[1])), sys.argv[2])
assert lock.alone_at_once()
lock.note_process()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_the_process_that_holds_the_run_gets_sigterm(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.path), RUN], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert stop_without_records(home.path, RUN) == process.pid
        assert process.wait(10) == -signal.SIGTERM


def test_a_process_that_ended_is_not_stopped_again(home: Home) -> None:
    lock = run_lock(home, RUN)
    assert lock.alone_at_once()
    lock.note_process()
    assert lock.holder() in {os.getpid(), None}
    lock.release()
    with pytest.raises(Refused, match="no run of 'oxford-circus' is going on"):
        stop_without_records(home.path, RUN)


@pytest.mark.parametrize("name", ["never-ran", "../use", "", "a/b"])
def test_what_never_ran_is_refused(home: Home, name: str) -> None:
    with pytest.raises(Refused, match="no run of"):
        stop_without_records(home.path, DeploymentId(name))
