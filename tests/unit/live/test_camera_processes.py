"""Cameras' processes are forked from one that loaded everything, and are processes like others."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from overt.live.camera_processes import CameraProcesses, Forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")


@pytest.fixture(scope="module")
def processes() -> Iterator[CameraProcesses]:
    with CameraProcesses("tests.fakes.echoing_camera") as processes:
        yield processes


def told(process: Forked) -> tuple[str, int, int, int]:
    arguments, *numbers = process.stdout.readline().decode().rsplit(" ", 3)
    pid, server, threads = map(int, numbers)
    return arguments, pid, server, threads


def ends(process: Forked, said: bytes = b"") -> int:
    process.stdin.write(said)
    process.stdin.close()
    process.stdout.close()
    return process.wait(10)


def gone(pid: int) -> bool:
    return (
        not Path(f"/proc/{pid}").exists() or "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    )


def soon(so: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not so() and time.monotonic() < until:
        time.sleep(0.01)
    return so()


def test_each_gets_its_arguments_and_tells_its_status(processes: CameraProcesses) -> None:
    north, south = processes.start(["--camera", "north"]), processes.start(["south"])
    assert told(north)[0] == "['--camera', 'north']"
    assert told(south)[0] == "['south']"
    assert ends(south) == 0
    assert ends(north, b"stop\n") == 5
    assert north.wait() == 5


def test_no_thread_runs_where_processes_are_forked(processes: CameraProcesses) -> None:
    process = processes.start([])
    assert told(process)[3] == 1
    ends(process)


def test_the_end_of_a_pipe_is_heard_although_others_live(processes: CameraProcesses) -> None:
    north, south = processes.start([]), processes.start([])
    told(north), told(south)
    assert ends(north) == 0
    ends(south)


def test_one_that_goes_on_can_be_killed_and_no_other_is(processes: CameraProcesses) -> None:
    north, south = processes.start([]), processes.start([])
    with pytest.raises(subprocess.TimeoutExpired):
        north.wait(0.01)
    north.kill()
    assert ends(north) == -signal.SIGKILL
    north.kill()
    assert ends(south) == 0


def test_they_end_with_their_server_and_the_next_has_a_new_one(processes: CameraProcesses) -> None:
    process = processes.start([])
    _, pid, server, _ = told(process)
    os.kill(server, signal.SIGKILL)
    assert ends(process) == -signal.SIGKILL
    assert soon(lambda: gone(pid) and gone(server))
    process = processes.start([])
    assert told(process)[2] != server
    process.kill()
    assert ends(process) == -signal.SIGKILL


def test_nothing_of_them_outlives_a_supervisor_that_is_killed() -> None:
    code = (
        "from overt.live.camera_processes import CameraProcesses as C; p = C("
        "'tests.fakes.echoing_camera').__enter__().start([]);"
        "print(p.stdout.readline().decode(), flush=True); p.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as supervisor:
        assert supervisor.stdout is not None
        _, pid, server, _ = supervisor.stdout.readline().decode().rsplit(" ", 3)
        supervisor.kill()
    assert soon(lambda: gone(int(pid)) and gone(int(server)))


def test_what_the_real_one_loads_starts_no_thread_and_misuse_is_a_status() -> None:
    with CameraProcesses() as processes:
        process = processes.start(["--nonsense"])
        assert ends(process) == 2
        server = processes._server
        assert server is not None
        assert len(list(Path(f"/proc/{server.pid}/task").iterdir())) == 1
