"""A program under measurement: a process of its own that is asked, a JSON line at a time, to watch.

Its start and its enrolling of the list are done before the first question, so that what is timed
is the watching. Standard library only: peers run it in environments of their own.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

RATE = 25.0
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""BLAS threads that spin would starve the inference threads."""


@dataclass(frozen=True)
class Order:
    """Watch this clip: as fast as it decodes, or live, where the newest frame wins."""

    video: str
    watchlist: str
    threshold: float
    most_frames: int
    most_seconds: float
    """After which a slow program stops, at the next frame."""
    live: bool
    detections: int = 0
    """For the floor: how many of `most_frames` are looked at, and how many faces encoded."""
    encodes: int = 0
    second_looks: int = 0


@dataclass
class Told:
    """Somebody was named: at this time of the clip, so long after the clip began to play."""

    at: float
    subject_id: str
    after: float


@dataclass
class Watched:
    """What a program tells of one clip."""

    frames: int = 0
    """Handled; dropped ones are not."""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0
    dropped: int = 0
    told: list[Told] = field(default_factory=list)
    encodes: int = 0
    second_looks: int = 0
    """Of the encoded faces, those whose points were looked for once more."""
    detections: int = 0
    note: str = ""


def serve(ready: Mapping[str, str], watch: Callable[[Order], Watched]) -> None:
    """Say what is ready, then answer orders until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # libraries that print do not break the protocol
    answers.write(json.dumps(dict(ready)) + "\n")
    for line in sys.stdin:
        _forget_peak()
        before = time.process_time()
        watched = watch(Order(**json.loads(line)))
        watched.cpu_seconds = watched.cpu_seconds or time.process_time() - before
        watched.peak_mib = _peak_mib()
        answers.write(json.dumps(asdict(watched)) + "\n")


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return  # not on Linux: the peak is that of the whole life


def _peak_mib() -> float:
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Program:
    """The other end of `serve`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, **environment},
            text=True,
        )
        try:
            self.ready: dict[str, str] = self._answer()
        except ProgramDied:
            self._process.communicate()
            raise

    def watch(self, order: Order) -> Watched:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        return Watched(**{**answer, "told": [Told(**told) for told in answer["told"]]})

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        # Libraries may have printed while they were loaded.
        line = next((text for text in self._process.stdout if text.startswith("{")), None)
        if line is None:
            raise ProgramDied(f"it ended with status {self._process.wait(10)}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:  # closes its pipes and waits
            assert self._process.stdin is not None
            self._process.stdin.close()


class ProgramDied(Exception):  # noqa: N818  it is news for the bench, which reports it
    """A program ended without an answer."""
