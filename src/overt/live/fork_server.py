"""Forks the cameras' processes from one that has loaded what they need (docs/adr/0027).

`overt run` begins it before it loads anything itself, so that both load side by side, and a camera
that died is back at once. It holds nothing of anybody: no key, no record, no network, one thread.
It takes orders (live/camera_processes.py) until its line ends, and ends with it.
"""

import json
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final

from overt.live.hygiene import end_with_the_parent
from overt.loading import loading
from overt.memory import keep_memory_private

BESIDES: Final = ("openvino", "overt.tracks.assignment", "sqlalchemy.dialects.sqlite")
"""What a camera's process loads only when it gets there: each would load it again."""
LARGEST: Final = 1 << 20
"""Bytes of an order."""


@dataclass(frozen=True, slots=True)
class Child:
    pid: int
    ended: int
    """The descriptor (pidfd) that can be read when it has ended."""
    status: int
    """The pipe to whoever ordered it; nothing but its exit status goes through."""


@dataclass(slots=True)
class ForkServer:
    line: socket.socket
    _children: dict[int, Child] = field(default_factory=dict)
    _heard: selectors.BaseSelector = field(default_factory=selectors.PollSelector)

    def serve(self) -> list[str] | None:
        """Fork as ordered; the arguments, in each process that was forked, and None in the end."""
        self._heard.register(self.line, selectors.EVENT_READ)
        while True:
            for key, _ in self._heard.select():
                if isinstance(key.data, int):
                    self._bury(key.data)
                    continue
                order, ends, *_ = socket.recv_fds(self.line, LARGEST, 3)
                if not order:
                    return None
                arguments = self._obey(json.loads(order), ends)
                if arguments is not None:
                    return arguments

    def _obey(self, order: dict[str, object], ends: list[int]) -> list[str] | None:
        number = int(str(order["number"]))
        arguments = order.get("arguments")
        if isinstance(arguments, list):
            return self._fork(number, [str(each) for each in arguments], ends)
        if number in self._children:  # not buried yet: its number is nobody else's
            os.kill(self._children[number].pid, signal.SIGKILL)
        return None

    def _fork(self, number: int, arguments: list[str], ends: list[int]) -> list[str] | None:
        stdin, stdout, status = ends
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            self._become_a_camera(parent, ends)
            return arguments
        os.close(stdin)
        os.close(stdout)
        child = Child(pid, os.pidfd_open(pid), status)
        self._children[number] = child
        self._heard.register(child.ended, selectors.EVENT_READ, number)
        return None

    def _become_a_camera(self, parent: int, ends: list[int]) -> None:
        """Let go of the server's line and of the other cameras' ends."""
        end_with_the_parent()
        if os.getppid() != parent:  # it ended before that was said
            os._exit(1)
        os.setsid()
        os.dup2(ends[0], 0)
        os.dup2(ends[1], 1)
        for each in ends:
            os.close(each)
        for child in self._children.values():
            os.close(child.ended)
            os.close(child.status)
        self._heard.close()
        self.line.close()

    def _bury(self, number: int) -> None:
        child = self._children.pop(number)
        self._heard.unregister(child.ended)
        os.close(child.ended)
        status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
        os.write(child.status, str(status).encode())
        os.close(child.status)


def main() -> None:
    """`python -m overt.live.fork_server LINE MODULE`: each process runs the main of MODULE."""
    line, module = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    end_with_the_parent()
    for each in (signal.SIGINT, signal.SIGTERM):  # the supervisor decides, by its line
        signal.signal(each, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    keep_memory_private()  # whoever could trace it could trace a camera from its first moment
    with loading():
        program = import_module(module)
        for besides in BESIDES:
            import_module(besides)
    arguments = ForkServer(line).serve()
    if arguments is not None:
        sys.argv = [module, *arguments]
        program.main()


if __name__ == "__main__":
    main()
