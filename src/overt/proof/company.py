"""The processes of the canary test: a desk that acts, a camera that watches, both open to the search."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from overt.allocator import telling
from overt.errors import Fault
from overt.proof.moments import Moment
from overt.proof.search import Opened
from overt.proof.watched import LONGEST, PATIENCE, WHERE


@dataclass(slots=True)
class Company:
    """A desk at work, and whatever processes handed over their memory."""

    desk: "subprocess.Popen[bytes]"
    opened: dict[str, Opened] = field(default_factory=dict)
    waiting: dict[Moment, socket.socket] = field(default_factory=dict)
    """The camera's process, where it waits to be searched."""

    def order(self, what: str, watch: Callable[[Mapping[str, Any]], None] | None = None) -> Any:
        """Have the desk do something; every event on the way is shown to `watch`."""
        assert self.desk.stdin is not None
        assert self.desk.stdout is not None
        try:
            self.desk.stdin.write(f"{what}\n".encode())
            self.desk.stdin.flush()
        except BrokenPipeError:
            raise Fault(f"the canary test's desk ended before {what!r}") from None
        for line in self.desk.stdout:
            told = json.loads(line)
            if "failed" in told:
                raise Fault(f"the canary test could not {told['failed']}: {told['because']}")
            if "done" in told:
                return told
            if watch is not None:
                watch(told)
        raise Fault(f"the canary test's desk ended in the middle of {what!r}")

    def memory_of(self, role: str) -> Opened:
        self._wait(lambda: role in self.opened, f"the canary test's {role} never began")
        return self.opened[role]

    @contextlib.contextmanager
    def at(self, moment: Moment) -> Iterator[None]:
        """While the camera's process waits at this moment of its own."""
        camera = self.memory_of("camera")
        self._wait(
            lambda: moment in self.waiting or not camera.lives(),
            f"the canary test's camera never came to its moment: {moment.value}",
        )
        if moment not in self.waiting:
            raise Fault(f"the canary test's camera ended before its moment: {moment.value}")
        with self.waiting.pop(moment) as line:
            yield
            with contextlib.suppress(OSError):  # it waited as long as it may, and went on
                line.send(b".")

    def _wait(self, come: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + PATIENCE
        while not come():
            if time.monotonic() > until or self.desk.poll() is not None:
                raise Fault(otherwise)
            time.sleep(0.01)


@contextlib.contextmanager
def company(folder: Path, desk: str, home: Path, models: str) -> Iterator[Company]:
    """Start the desk, in folders of its own below this one; end it with the block."""
    for name in ("tmp", "work"):
        (folder / name).mkdir()
    with (
        tempfile.TemporaryDirectory(prefix="overt-") as aside,
        socket.socket(socket.AF_UNIX) as door,
        (folder / "err.txt").open("wb") as err,
    ):
        where = Path(aside) / "memory"  # short: a socket's path has no room for a deep folder
        door.bind(str(where))
        door.listen()
        process = subprocess.Popen(  # noqa: S603  our own interpreter and modules
            [sys.executable, "-m", desk, str(folder / "given"), str(home)],
            cwd=folder / "work",
            env={
                **telling(os.environ),  # as every process of overt begins
                WHERE: str(where),
                "OVERT_HOME": str(home),
                "OVERT_MODELS": models,
                "TMPDIR": str(folder / "tmp"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=err,
        )
        made = Company(process)
        threading.Thread(target=_let_in, args=(door, made), daemon=True).start()
        try:
            yield made
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
            for line in made.waiting.values():
                line.close()
            for each in made.opened.values():
                each.close()


def _let_in(door: socket.socket, made: Company) -> None:
    """In a thread of its own, until the door is closed."""
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        told, handles, _, _ = socket.recv_fds(line, LONGEST, 2)
        if not handles:
            made.waiting[Moment(told.decode())] = line
            continue
        with line:
            role, pid = told.decode().split()
            made.opened[role] = Opened(int(pid), *handles)
            line.send(b".")
