"""The supervisor's end of the cameras' processes: begin the fork server, order, wait, kill.

It loads next to nothing, so that `overt run` can begin the server before it loads the rest.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import BinaryIO, Self

from overt.allocator import telling


@dataclass(slots=True)
class Forked:
    """One camera's process, with what the supervisor needs of `subprocess.Popen`."""

    number: int
    stdin: BinaryIO
    stdout: BinaryIO
    _told: int
    """The pipe through which the server tells the exit status."""
    _line: socket.socket
    _status: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Give its exit status; a process whose server has gone was killed with it."""
        if self._status is None:
            poll = select.poll()
            poll.register(self._told, select.POLLIN)
            if not poll.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("camera", timeout or 0.0)
            said = os.read(self._told, 16)
            os.close(self._told)
            self._status = int(said) if said else -signal.SIGKILL
        return self._status

    def kill(self) -> None:
        with suppress(OSError):  # the server has gone, and took it along
            self._line.send(json.dumps({"number": self.number}).encode())


@dataclass(slots=True)
class CameraProcesses:
    """Use it in a `with` statement; a process that still lives at its end is killed."""

    module: str = "overt.live.camera"
    """Its `main` is what each process runs."""
    _server: subprocess.Popen[bytes] | None = None
    _line: socket.socket | None = None
    _numbers: "count[int]" = field(default_factory=count)

    def __enter__(self) -> Self:
        self._begun()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.kill()  # it holds nothing; it may still be loading
            self._server.wait()
        if self._line is not None:
            self._line.close()
        self._server = self._line = None

    def start(self, arguments: Sequence[str]) -> Forked:
        """Start a camera's process; where the server has died, a new one is begun."""
        line, number = self._begun(), next(self._numbers)
        (their_in, our_in), (our_out, their_out), (told, tells) = os.pipe(), os.pipe(), os.pipe()
        theirs = [their_in, their_out, tells]
        order = json.dumps({"number": number, "arguments": list(arguments)}).encode()
        with suppress(OSError):  # the server died just now: the ends of its pipes tell
            socket.send_fds(line, [order], theirs)
        for each in theirs:
            os.close(each)
        return Forked(number, os.fdopen(our_in, "wb"), os.fdopen(our_out, "rb"), told, line)

    def _begun(self) -> socket.socket:
        if self._server is not None and self._server.poll() is not None:
            self.__exit__(None, None, None)
        if self._line is None:
            self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._server = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
                    [sys.executable, "-m", "overt.live.fork_server",
                     str(theirs.fileno()), self.module],
                    stdin=subprocess.DEVNULL,
                    stdout=2,  # whatever a library prints goes to standard error
                    env=telling(os.environ),
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C is for the supervisor, which then says stop
                )  # fmt: skip
        return self._line
