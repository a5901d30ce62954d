"""The camera of the canary test is waited for at its moments, and no longer than it lives."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from overt.errors import Fault
from overt.proof.company import Company
from overt.proof.moments import Moment
from overt.proof.search import Opened, open_memory
from overt.proof.watched import WHERE, wait_for_search


@pytest.fixture
def desk() -> Iterator["subprocess.Popen[bytes]"]:
    """At work until its pipe ends."""
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process


def the_camera(pid: int) -> Opened:
    return Opened(pid, *open_memory("self"))


def test_a_camera_that_ends_before_its_moment_is_a_fault(
    desk: "subprocess.Popen[bytes]",
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    camera = the_camera(ended.pid)
    with (
        pytest.raises(Fault, match="ended before its moment: a face in hand"),
        Company(desk, {"camera": camera}).at(Moment.FACE_IN_HAND),
    ):
        pass
    camera.close()


def test_a_camera_goes_on_once_it_was_searched(desk: "subprocess.Popen[bytes]") -> None:
    camera, (its_end, ours) = the_camera(os.getpid()), socket.socketpair()
    its_end.setblocking(False)
    staff = Company(desk, {"camera": camera}, {Moment.NOBODY_LEFT: ours})
    with its_end:
        with staff.at(Moment.NOBODY_LEFT), pytest.raises(BlockingIOError):
            its_end.recv(1)
        assert its_end.recv(1)
    camera.close()


def test_a_camera_goes_on_where_nobody_searches_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WHERE, str(tmp_path / "gone"))
    wait_for_search(Moment.FACE_IN_HAND)
